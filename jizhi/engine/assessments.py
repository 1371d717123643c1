"""Files to assessments: one version, or a folder of versions named by their day; forms checked and names resolved.

Every problem has file, line, what was found, what was expected and the nearest valid name. The law is not looked at
here, see `guard_assessment.py`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from jizhi.engine import reading
from jizhi.engine.assessment.versions import Version, Versions
from jizhi.engine.document.assessment import resolution, walk
from jizhi.engine.document.assessment.assessment import Assessment
from jizhi.engine.document.problem import DocumentError, Problem
from jizhi.engine.document.resolution import Path as Place
from jizhi.engine.document.text import Text
from jizhi.engine.reading import version_files, words

__all__ = [
    "DocumentError",
    "Version",
    "Versions",
    "is_assessment",
    "load_assessment",
    "load_folder",
    "load_versions",
]


def is_assessment(path: Path) -> bool:
    """Whether a file, or the first version in a folder, says `assessment:` at its top; False when it cannot be read."""
    files = version_files.of(path)
    try:
        plain = reading.read(files[0]).plain if files else None
    except DocumentError:
        return False
    return isinstance(plain, dict) and "assessment" in plain


def load_assessment(path_or_text: Path | str) -> Assessment:
    """An assessment from a file, or from text; DocumentError lists every problem."""
    return load_with_lines(path_or_text)[0]


def load_with_lines(path_or_text: Path | str) -> tuple[Assessment, dict[str, int]]:
    """An assessment, and the line of each of its indicators, outcomes and lists."""
    source = reading.read(path_or_text)
    document = reading.build(Assessment, source)
    for finding in resolution.findings(document):
        source.add(
            finding.code,
            Text(zh=finding.zh, en=finding.en),
            source.line(finding.path),
            found=finding.found,
            expected=words.expected(finding.expected),
            nearest=reading.nearest(finding.found, finding.names),
            item=_owner(document, finding.path),
        )
    if source.problems:
        raise DocumentError(reading.sorted_problems(source.problems))
    return document, {name: source.line(path) for path, name in _named(document)}


def _named(document: Assessment) -> Iterator[tuple[Place, str]]:
    for path, one in walk.indicators(document):
        yield path, one.id
    for place, outcome in enumerate(document.outcomes):
        yield ("outcomes", place), outcome.id
    for name in ("bonus", "penalty"):
        yield (name,), name


def _owner(document: Assessment, path: Place) -> str:
    """The id of the indicator or outcome that a path lies in."""
    return next((name for known, name in _named(document) if path[: len(known)] == known), "")


def load_versions(path: Path | str) -> Versions:
    """The versions in a folder, or the one version of a file; a file not named by a day applies always."""
    path = Path(path)
    files = version_files.of(path)
    if not files:
        message = Text(zh="文件夹里没有考核办法（*.yaml）", en="no versions (*.yaml) in this folder")
        raise DocumentError([Problem("empty", "error", message, str(path), 1)])
    problems: list[Problem] = []
    entries: list[Version] = []
    for file in files:
        try:
            document, lines = load_with_lines(file)
            entries.append(
                Version(version_files.day_of(file, alone=len(files) == 1), document, str(file), lines)
            )
        except DocumentError as error:
            problems += error.problems
    entries.sort(key=lambda one: one.from_date or dt.date.min)
    problems += _disagreements(entries)
    if problems:
        raise DocumentError(reading.sorted_problems(problems))
    return Versions(tuple(entries))


def _disagreements(entries: list[Version]) -> Iterator[Problem]:
    """Versions must agree on what ties one round to the next: id, unit, round, year, and differ in their day."""
    for before, version in pairwise(entries):
        old, new = before.assessment, version.assessment
        for name, expected, found in (
            ("assessment", old.id, new.id),
            ("unit", str(old.unit.places), str(new.unit.places)),
            ("round", old.round, new.round),
            ("year", old.year.starts, new.year.starts),
        ):
            if expected != found:
                message = Text(zh=f"各版本的 {name} 必须相同", en=f"all versions must have the same {name}")
                yield Problem("versions", "error", message, version.file, 1, found=found, expected=expected)
        if before.from_date == version.from_date:
            message = Text(zh="两个版本同一天生效", en="two versions apply from the same day")
            yield Problem("versions", "error", message, version.file, 1)


def load_folder(folder: Path | str) -> dict[str, Versions]:
    """Every assessment of a pack's `assessments` folder, one folder of versions each; empty when there is none."""
    found: dict[str, Versions] = {}
    problems: list[Problem] = []
    for inner in sorted(one for one in Path(folder).glob("*") if one.is_dir()):
        try:
            versions = load_versions(inner)
            found[versions.id] = versions
        except DocumentError as error:
            problems += error.problems
    if problems:
        raise DocumentError(reading.sorted_problems(problems))
    return found
