"""A pack from its folder: pack.yaml and all versions of its schemes, and whether they know each other.

Assessments, stars, registers and cases lie in the same folder; they are read by those who know them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jizhi.engine import reading
from jizhi.engine.document.claiming import Derived
from jizhi.engine.document.item import Item
from jizhi.engine.document.pack import PackDocument
from jizhi.engine.document.problem import DocumentError, Problem, nearest
from jizhi.engine.document.text import Text
from jizhi.engine.loader.versions import Version, Versions, load_versions

FOLDERS = ("schemes", "assessments", "stars", "registers", "tests")


@dataclass(frozen=True)
class Pack:
    """A county's documents as loaded from a folder."""

    document: PackDocument
    path: Path
    schemes: dict[str, Versions]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "document":
            raise AttributeError(name)
        return getattr(self.document, name)


def load_pack(path: Path | str) -> Pack:
    """A pack with all its schemes; DocumentError lists every problem of every file."""
    path = Path(path)
    problems: list[Problem] = []
    document: PackDocument | None = None
    try:
        source = reading.read(path / "pack.yaml")
        document = _with_depths(reading.build(PackDocument, source))
        problems += source.problems
    except DocumentError as error:
        problems += error.problems
    problems += _strays(path)
    schemes: dict[str, Versions] = {}
    for folder in sorted(one for one in (path / "schemes").glob("*") if one.is_dir()):
        try:
            versions = load_versions(folder)
        except DocumentError as error:
            problems += error.problems
            continue
        if versions.id in schemes:
            problems.append(_twice(versions, schemes[versions.id]))
        schemes.setdefault(versions.id, versions)
    problems += _outcome_facts(schemes)
    problems += _sources(schemes)
    problems += _claims(document, schemes, path) if document else ()
    if problems or document is None:
        raise DocumentError(reading.sorted_problems(problems))
    return Pack(document, path, schemes)


def _with_depths(document: PackDocument) -> PackDocument:
    def deep(levels: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(level.model_copy(update={"depth": place}) for place, level in enumerate(levels, 1))

    return document.model_copy(
        update={
            "area_levels": deep(document.area_levels),
            "organisation_levels": deep(document.organisation_levels),
        }
    )


def _strays(path: Path) -> Iterator[Problem]:
    """Files and folders where nobody would read them."""
    for one in sorted((path / "schemes").glob("*.y*ml")):
        message = Text(
            zh="细则的版本放在自己的文件夹里", en="the versions of a scheme lie in a folder of their own"
        )
        expected = f"schemes/{one.stem}/2022-03-01.yaml"
        yield Problem("stray", "error", message, str(one), 1, found=one.name, expected=expected)
    for one in sorted(path.iterdir()) if path.is_dir() else ():
        meant = nearest(one.name, FOLDERS) if one.is_dir() and one.name not in FOLDERS else ""
        if meant:
            message = Text(zh="方案包里没有这个文件夹", en="a pack has no such folder")
            yield Problem("stray", "error", message, str(one), 1, "", one.name, ", ".join(FOLDERS), meant)


def _twice(versions: Versions, others: Versions) -> Problem:
    message = Text(zh="两个文件夹里是同一个细则", en="two folders hold the same scheme")
    file, other = versions.entries[0].file, others.entries[0].file
    return Problem("duplicate-id", "error", message, file, 1, found=versions.id, expected=f"≠ {other}")


def _outcome_facts(schemes: Mapping[str, Versions]) -> Iterator[Problem]:
    """Outcomes that write facts into another scheme of the pack must name what exists there and can be written so."""
    for version in _versions(schemes):
        for outcome in version.scheme.outcomes:
            fact = outcome.then.fact
            if fact is None:
                continue
            target = schemes.get(fact.scheme)
            if target is None:
                yield _unknown(version, outcome.id, fact.scheme, schemes)
            elif not target.knows(fact.item):
                yield _unknown(version, outcome.id, fact.item, target.latest.items_by_id)
            elif item := target.latest.item(fact.item):
                yield from _fact_of(version, outcome.id, item, fact.grade)


def _fact_of(version: Version, outcome: str, item: Item, grade: str | None) -> Iterator[Problem]:
    """An outcome knows no quantity; a grade it must name."""
    if item.needs == "grade" and grade not in item.grades:
        yield _unknown(version, outcome, grade or "-", item.grades)
    elif item.needs in ("quantity", "given"):
        message = Text(zh="结果运用写不出这个条目所需的数量", en="an outcome has no quantity for this item")
        line = version.lines.get(outcome, 1)
        yield Problem("linkage", "error", message, version.file, line, outcome, item.id)


def _sources(schemes: Mapping[str, Versions]) -> Iterator[Problem]:
    """Items that come from another scheme must name one of the pack, and a level it has."""
    for version in _versions(schemes):
        for item in version.scheme.items:
            if item.from_ is None or item.from_.kind != "scheme":
                continue
            source, level = schemes.get(item.from_.name), item.from_.conditions.get("level")
            if source is None:
                yield _unknown(version, item.id, item.from_.name, schemes)
            elif level is not None and level not in source.levels():
                yield _unknown(version, item.id, level, source.levels())


def _claims(document: PackDocument, schemes: Mapping[str, Versions], path: Path) -> Iterator[Problem]:
    """What the pack says of claims names items of its schemes; only a fault can be mended.

    A derived item is a merit of the scheme that it names, and is given a quantity exactly where it counts one.
    """
    items = {item.id: item for version in _versions(schemes) for item in version.scheme.items}
    faults = [name for name, item in items.items() if item.kind == "fault"]
    named: list[tuple[str, list[str]]] = [(one.item, faults) for one in document.claims.correctable]
    for derived in document.claims.derived:
        if derived.scheme not in schemes:
            named.append((derived.scheme, list(schemes)))
            continue
        named.append((derived.item, _fitting(derived, schemes[derived.scheme])))
    for found, known in named if items else ():
        if found not in known:
            message = Text(zh="申报一栏所指的条目不存在", en="`claims` names no such item")
            expected, meant = ", ".join(known), nearest(found, known)
            file = str(path / "pack.yaml") if path.is_dir() else str(path)
            yield Problem("unknown-name", "error", message, file, 1, "claims", found, expected, meant)


def _fitting(derived: Derived, versions: Versions) -> list[str]:
    """The merits of a scheme that a record can give: those that count get a quantity, all others none."""
    wanted = "quantity" if derived.quantity != "none" else "none"
    return [item.id for item in versions.latest.items if item.kind == "merit" and item.needs == wanted]


def _versions(schemes: Mapping[str, Versions]) -> Iterator[Version]:
    for versions in schemes.values():
        yield from versions.entries


def _unknown(version: Version, owner: str, found: str, names: Iterable[str]) -> Problem:
    message = Text(zh="联动所指的名称不存在", en="this linkage names nothing that exists")
    known = list(names)
    line = version.lines.get(owner, 1)
    return Problem(
        "unknown-name",
        "error",
        message,
        version.file,
        line,
        owner,
        found,
        ", ".join(known),
        nearest(found, known),
    )
