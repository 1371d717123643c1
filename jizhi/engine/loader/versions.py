"""A scheme from a file or a text, and all versions of one scheme from a folder; forms checked and names resolved.

Every problem has file, line, what was found, what was expected and the nearest valid name. The law is not looked at
here, see `guard`; the YAML itself is read by `reading`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from jizhi.engine import reading
from jizhi.engine.document import resolution
from jizhi.engine.document.problem import DocumentError, Problem
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.document.text import Text
from jizhi.engine.reading import version_files, words


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
    lines = {scheme.id: source.line(("scheme",))}
    lines |= {f"({part})": source.line((part,)) for part in ("limits", "levels")}
    for part in ("sections", "outcomes", "items"):
        for place, one in enumerate(getattr(scheme, part)):
            lines[one.id] = source.line((part, place))
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

    def levels(self) -> list[str]:
        """The levels of any version."""
        steps = [step for one in self.entries if one.scheme.levels for step in one.scheme.levels.steps]
        return list(dict.fromkeys(step.level.zh for step in steps))

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
    files = version_files.of(path)
    if not files:
        message = Text(zh="文件夹里没有细则（*.yaml）", en="no versions (*.yaml) in this folder")
        raise DocumentError([Problem("empty", "error", message, str(path), 1)])
    problems: list[Problem] = []
    entries = []
    for file in files:
        try:
            day = version_files.day_of(file, alone=len(files) == 1)
            scheme, lines = load_scheme_with_lines(file)
            entries.append(Version(day, scheme, str(file), lines))
        except DocumentError as error:
            problems += error.problems
    if problems:
        raise DocumentError(problems)
    return Versions(_agreeing(tuple(sorted(entries, key=lambda one: one.from_date or dt.date.min))))
