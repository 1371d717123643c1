"""Files to documents: schemes, their versions, packs; forms checked and names resolved.

Every problem has file, line, what was found, what was expected and the nearest valid name. The law is not looked at
here, see `guard.py`; the YAML itself is read by `reading.py`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from jizhi.engine import reading
from jizhi.engine.document import resolution
from jizhi.engine.document.pack import PackDocument
from jizhi.engine.document.problem import DocumentError, Problem
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.document.text import Text
from jizhi.engine.reading import words

__all__ = [
    "DocumentError",
    "Pack",
    "Problem",
    "Version",
    "Versions",
    "load_pack",
    "load_scheme",
    "load_versions",
]

DATED = re.compile(r"\d{4}-\d{2}-\d{2}")


def load_scheme(path_or_text: Path | str) -> Scheme:
    """A scheme from a file, or from text; DocumentError lists every problem."""
    return load_scheme_with_lines(path_or_text)[0]


def load_scheme_with_lines(path_or_text: Path | str) -> tuple[Scheme, dict[str, int]]:
    """A scheme, and the line of each of its items, sections and outcomes."""
    with reading.undisturbed():
        source = reading.read(path_or_text)
        scheme = reading.build(Scheme, source)
        found = list(resolution.findings(scheme))
    for finding in found:
        source.add(
            finding.code,
            Text(zh=finding.zh, en=finding.en),
            source.line(finding.path),
            found=finding.found,
            expected=words.expected(finding.expected),
            nearest=reading.nearest(finding.found, finding.names),
            item=source.item_at(finding.path),
        )
    if source.problems:
        raise DocumentError(reading.sorted_problems(source.problems))
    lines = {
        one.id: source.line((part, place))
        for part in ("sections", "outcomes", "items")
        for place, one in enumerate(getattr(scheme, part))
    }
    return scheme, lines


@dataclass(frozen=True)
class Version:
    """A scheme as it applies from a day (None = from the beginning)."""

    from_date: dt.date | None
    scheme: Scheme
    file: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Versions:
    """All versions of one scheme, the earliest first."""

    entries: tuple[Version, ...]

    @classmethod
    def of(cls, *schemes: Scheme | tuple[dt.date | None, Scheme]) -> Versions:
        """Versions from documents at hand: a scheme alone applies always."""
        pairs = [one if isinstance(one, tuple) else (None, one) for one in schemes]
        entries = sorted(
            (Version(day, scheme) for day, scheme in pairs), key=lambda one: one.from_date or dt.date.min
        )
        return cls(_agreeing(tuple(entries)))

    @property
    def id(self) -> str:
        """The scheme's id."""
        return self.entries[0].scheme.id

    @property
    def latest(self) -> Scheme:
        """The last version."""
        return self.entries[-1].scheme

    def version_on(self, day: dt.date) -> Version | None:
        """The version in force on that day, or None."""
        found = None
        for version in self.entries:
            if version.from_date is None or version.from_date <= day:
                found = version
        return found

    def on(self, day: dt.date) -> Scheme | None:
        """The scheme in force on that day, or None."""
        version = self.version_on(day)
        return version.scheme if version else None

    def knows(self, item_id: str) -> bool:
        """Whether any version has the item."""
        return any(version.scheme.item(item_id) for version in self.entries)


def _agreeing(entries: tuple[Version, ...]) -> tuple[Version, ...]:
    """Versions must agree on what ties one period to the next: id, unit, calendar, and differ in their day."""
    first = entries[0]
    problems = []
    for before, version in pairwise(entries):
        for name, expected, found in (
            ("scheme", first.scheme.id, version.scheme.id),
            ("unit", str(first.scheme.unit.places), str(version.scheme.unit.places)),
            ("year", first.scheme.year.starts, version.scheme.year.starts),
            ("term", str(first.scheme.term), str(version.scheme.term)),
        ):
            if expected != found:
                message = Text(zh=f"各版本的 {name} 必须相同", en=f"all versions must have the same {name}")
                problems.append(
                    Problem("versions", "error", message, version.file, 1, found=found, expected=expected)
                )
        if before.from_date == version.from_date:
            message = Text(zh="两个版本同一天生效", en="two versions apply from the same day")
            problems.append(Problem("versions", "error", message, version.file, 1))
    if problems:
        raise DocumentError(problems)
    return entries


def load_versions(path: Path | str) -> Versions:
    """The versions in a folder, or the one version of a file; a file not named by a day applies always."""
    path = Path(path)
    files = sorted(path.glob("*.yaml")) + sorted(path.glob("*.yml")) if path.is_dir() else [path]
    if not files:
        message = Text(zh="文件夹里没有细则（*.yaml）", en="no versions (*.yaml) in this folder")
        raise DocumentError([Problem("empty", "error", message, str(path), 1)])
    problems: list[Problem] = []
    entries = []
    for file in files:
        try:
            scheme, lines = load_scheme_with_lines(file)
            entries.append(Version(_date_of(file, dated=path.is_dir()), scheme, str(file), lines))
        except DocumentError as error:
            problems += error.problems
    if problems:
        raise DocumentError(problems)
    return Versions(_agreeing(tuple(sorted(entries, key=lambda one: one.from_date or dt.date.min))))


def _date_of(file: Path, *, dated: bool) -> dt.date | None:
    if DATED.fullmatch(file.stem):
        try:
            return dt.date.fromisoformat(file.stem)
        except ValueError:
            dated = True
    if dated and len(list(file.parent.glob("*.y*ml"))) > 1:
        message = Text(
            zh="版本文件要用生效日命名", en="a version's file is named by the day from which it applies"
        )
        problem = Problem(
            "versions", "error", message, str(file), 1, found=file.name, expected="2022-03-01.yaml"
        )
        raise DocumentError([problem])
    return None


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
    schemes: dict[str, Versions] = {}
    try:
        source = reading.read(path / "pack.yaml")
        document = _with_depths(reading.build(PackDocument, source))
        problems += source.problems
    except DocumentError as error:
        problems += error.problems
    for folder in sorted(one for one in (path / "schemes").glob("*") if one.is_dir()):
        try:
            versions = load_versions(folder)
            schemes[versions.id] = versions
        except DocumentError as error:
            problems += error.problems
    problems += _linkage(schemes)
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


def _linkage(schemes: dict[str, Versions]) -> Iterator[Problem]:
    """Outcomes that write facts into another scheme of the pack must name what exists there."""
    for versions in schemes.values():
        for version in versions.entries:
            for outcome in version.scheme.outcomes:
                fact = outcome.then.fact
                if fact is None or (fact.scheme in schemes and schemes[fact.scheme].knows(fact.item)):
                    continue
                names = (
                    list(schemes[fact.scheme].latest.items_by_id) if fact.scheme in schemes else list(schemes)
                )
                word = fact.item if fact.scheme in schemes else fact.scheme
                message = Text(zh="联动所指的细则或条目不存在", en="no such scheme or item for this linkage")
                yield Problem(
                    "unknown-name",
                    "error",
                    message,
                    version.file,
                    1,
                    outcome.id,
                    word,
                    ", ".join(names),
                    reading.nearest(word, names),
                )
