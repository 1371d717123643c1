"""Everything that is wrong with the documents at a path: packs, schemes, assessments, stars and pay tables.

The loaders and the law guard find it; here it is only gathered, and the names that lead from one document to another
are looked up. Nothing is settled, no case is run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from jizhi.engine import assessment_cases, assessments, cases, guard, guard_assessment, loader, reading, stars
from jizhi.engine.document.pay import PayDocument
from jizhi.engine.document.problem import DocumentError, Problem
from jizhi.engine.document.text import Text
from jizhi.engine.reading import version_files

Found = tuple[Any, list[Problem]]


def problems(path: Path, on: dt.date | None = None) -> list[Problem]:
    """What the loaders and the guard have against a pack, a document, or a folder of versions of one."""
    if (path / "pack.yaml").exists():
        return _of_pack(path, on)
    return _READERS[kind(path) or "scheme"](path, on)[1]


def kind(path: Path) -> str:
    """What the document at a path, or the first version in a folder, is: scheme, assessment, stars or pay.

    Nothing when it does not say so, or cannot be read.
    """
    try:
        plain = reading.read(version_files.of(path)[0]).plain
    except (DocumentError, IndexError):
        return ""
    return next((one for one in _READERS if isinstance(plain, dict) and one in plain), "")


def _scheme(path: Path, on: dt.date | None) -> Found:
    try:
        versions = loader.load_versions(path)
    except DocumentError as error:
        return None, error.problems
    return versions, _of_schemes(versions, on)


def _of_schemes(versions: loader.Versions, on: dt.date | None) -> list[Problem]:
    return [
        problem for one in versions.entries for problem in guard.check(one.scheme, on, one.file, one.lines)
    ]


def _assessment(path: Path, on: dt.date | None) -> Found:
    try:
        versions = assessments.load_versions(path)
    except DocumentError as error:
        return None, error.problems
    return versions, [
        problem
        for one in versions.entries
        for problem in guard_assessment.check(one.assessment, on, one.file, one.lines)
    ]


def _stars(path: Path, on: dt.date | None) -> Found:
    try:
        versions = stars.load_versions(path)
    except DocumentError as error:
        return None, error.problems
    return versions, stars.problems(versions, on)


def _pay(path: Path, on: dt.date | None) -> Found:
    del on
    try:
        return reading.build(PayDocument, reading.read(version_files.of(path)[0])), []
    except DocumentError as error:
        return None, error.problems


_READERS: dict[str, Callable[[Path, dt.date | None], Found]] = {
    "scheme": _scheme,
    "assessment": _assessment,
    "stars": _stars,
    "pay": _pay,
}


def _of_pack(path: Path, on: dt.date | None) -> list[Problem]:
    """The pack's own problems, those of all its documents, and those between them."""
    found: list[Problem] = []
    known: dict[str, assessments.Versions] = {}
    whole = True
    for name, read in (("assessments", _assessment), ("stars", _stars)):
        for folder in sorted(one for one in (path / name).glob("*") if one.is_dir()):
            versions, against = read(folder, on)
            found += against
            if isinstance(versions, assessments.Versions):
                known[versions.id] = versions
            elif name == "assessments":
                whole = False
    if whole:
        found += _cases(path)
    try:
        pack = loader.load_pack(path)
        cases.of_pack(pack)
    except DocumentError as error:
        return reading.sorted_problems([*error.problems, *found])
    for versions in pack.schemes.values():
        found += _of_schemes(versions, on)
        found += _sources(versions, known, _registers(path))
    found += _consequences(known, pack.schemes)
    return found


def _cases(path: Path) -> list[Problem]:
    """What cases for assessments have against them."""
    try:
        assessment_cases.of_pack(path)
    except DocumentError as error:
        return error.problems
    return []


def _registers(path: Path) -> list[str] | None:
    """The registers a pack defines; None when it leaves them to the installation."""
    folder = path / "registers"
    return sorted(one.stem for one in folder.glob("*.y*ml")) if folder.is_dir() else None


def _sources(
    versions: loader.Versions, known: Mapping[str, assessments.Versions], registers: list[str] | None
) -> Iterator[Problem]:
    """Items that come from an assessment or a register must name one, and a grade it has."""
    for version in versions.entries:
        for item in version.scheme.items:
            source = item.from_
            names: list[str] = []
            found = ""
            if source and source.kind == "register" and registers is not None:
                found, names = source.name, registers
            elif source and source.kind == "assessment" and source.name not in known:
                found, names = source.name, list(known)
            elif source and source.kind == "assessment" and "grade" in source.conditions:
                found, names = source.conditions["grade"], _grades(known[source.name])
            if found and found not in names:
                yield _unknown(version.file, version.lines.get(item.id, 1), item.id, found, names)


def _grades(versions: assessments.Versions) -> list[str]:
    steps = [step.grade for one in versions.entries for rule in one.assessment.grades for step in rule.steps]
    return list(dict.fromkeys(steps))


def _consequences(
    known: Mapping[str, assessments.Versions], schemes: Mapping[str, loader.Versions]
) -> Iterator[Problem]:
    """What follows from an assessment may be a fact under a scheme of the pack, and must name what exists there."""
    for versions in known.values():
        for version in versions.entries:
            for outcome in version.assessment.outcomes:
                fact = outcome.then.fact
                if fact is None:
                    continue
                target = schemes.get(fact.scheme)
                names = list(target.latest.items_by_id) if target else list(schemes)
                if target is None or not target.knows(fact.item):
                    found = fact.item if target else fact.scheme
                    line = version.lines.get(outcome.id, 1)
                    yield _unknown(version.file, line, outcome.id, found, names)


def _unknown(file: str, line: int, owner: str, found: str, names: list[str]) -> Problem:
    message = Text(zh="联动所指的名称不存在", en="this linkage names nothing that exists")
    return Problem(
        "unknown-name",
        "error",
        message,
        file,
        line,
        owner,
        found,
        ", ".join(names),
        reading.nearest(found, names),
    )
