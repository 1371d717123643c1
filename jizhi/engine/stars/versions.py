"""Stars documents from files: form and names checked, each version with the day from which it applies.

The names inside a stars document are those of its scheme, so that scheme's own checks find most of what is wrong; here
their places are put back to where the author wrote them. The law is looked at by `problems`, when somebody asks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from jizhi.engine import guard, loader, reading
from jizhi.engine.document import resolution
from jizhi.engine.document.pay import level_key
from jizhi.engine.document.problem import DocumentError, Problem
from jizhi.engine.document.star import PARTS, Stars
from jizhi.engine.document.text import Text
from jizhi.engine.pay.lines import written
from jizhi.engine.reading import version_files, words


@dataclass(frozen=True)
class Version:
    """Stars as they apply from a day (None = from the beginning); `lines` by the id of the item."""

    from_date: dt.date | None
    stars: Stars
    file: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Versions:
    """All versions of one stars document, the earliest first."""

    entries: tuple[Version, ...]

    @classmethod
    def of(cls, *documents: Stars | tuple[dt.date | None, Stars]) -> Versions:
        """Versions from documents at hand: one alone applies always."""
        pairs = [one if isinstance(one, tuple) else (None, one) for one in documents]
        return _agreeing([Version(day, stars) for day, stars in pairs])

    @cached_property
    def pricing(self) -> loader.Versions:
        """The versions of the scheme that prices the items."""
        return loader.Versions(
            tuple(
                loader.Version(one.from_date, one.stars.scheme, one.file, one.lines) for one in self.entries
            )
        )

    def on(self, day: dt.date) -> Stars | None:
        """The stars in force on that day, or None."""
        found = None
        for one in self.entries:
            if one.from_date is None or one.from_date <= day:
                found = one.stars
        return found


def _agreeing(entries: list[Version]) -> Versions:
    """Versions in order, after the scheme's own check that they agree on id, places, year and term."""
    ordered = tuple(sorted(entries, key=lambda one: one.from_date or dt.date.min))
    try:
        loader.Versions.of(*((one.from_date, one.stars.scheme) for one in ordered))
    except DocumentError as error:
        raise DocumentError(replace(one, file=ordered[-1].file) for one in error.problems) from error
    return Versions(ordered)


def load(path_or_text: Path | str) -> Stars:
    """A stars document from a file, or from text; DocumentError lists every problem."""
    return _load(path_or_text)[0]


def load_versions(path: Path | str) -> Versions:
    """The versions in a folder, or the one version of a file; a file not named by a day applies always."""
    path = Path(path)
    files = version_files.of(path)
    if not files:
        message = Text(zh="文件夹里没有文件（*.yaml）", en="no versions (*.yaml) in this folder")
        raise DocumentError([Problem("empty", "error", message, str(path), 1)])
    problems: list[Problem] = []
    entries = []
    for file in files:
        try:
            stars, lines = _load(file)
            day = version_files.day_of(file, alone=len(files) == 1)
            entries.append(Version(day, stars, str(file), lines))
        except DocumentError as error:
            problems += error.problems
    if problems:
        raise DocumentError(problems)
    return _agreeing(entries)


def _load(path_or_text: Path | str) -> tuple[Stars, dict[str, int]]:
    """The document, and the line of each item."""
    source = reading.read(path_or_text)
    stars = reading.build(Stars, source)
    for one in [*_of_scheme(stars), *_of_levels(stars)]:
        source.add(
            one.code,
            Text(zh=one.zh, en=one.en),
            source.line(one.path),
            found=one.found,
            expected=words.expected(one.expected),
            nearest=reading.nearest(one.found, one.names),
        )
    if source.problems:
        raise DocumentError(reading.sorted_problems(source.problems))
    lines = {
        one.id: source.line((part, place)) for part in PARTS for place, one in enumerate(stars.part(part))
    }
    return stars, lines


def _of_scheme(stars: Stars) -> Iterator[resolution.Finding]:
    """What the scheme's checks find, at the places of the stars document."""
    places = [(part, place) for part in PARTS for place, _ in enumerate(stars.part(part))]
    for one in resolution.findings(stars.scheme):
        path = one.path
        if path[0] == "items" and isinstance(path[1], int):
            path = (*places[path[1]], *path[2:])
        elif path[0] == "sections" and isinstance(path[1], int):
            path = ("limits", PARTS[path[1]], *path[3:])
        elif path[:2] == ("levels", "steps") and isinstance(path[2], int):
            ordered = sorted(range(len(stars.levels)), key=lambda place: -stars.levels[place].from_)
            path = ("levels", ordered[path[2]], *path[3:])
        elif path[0] == "range":
            path = ("ceiling",)
        yield replace(one, path=path)


def _of_levels(stars: Stars) -> Iterator[resolution.Finding]:
    """Levels of the pay table that nobody can have, and levels that start above the ceiling."""
    names = stars.level_names
    rule = stars.pay.performance if stars.pay else None
    for level in rule.by_level if rule else ():
        if level not in [level_key(name) for name in names]:
            path = ("pay", "performance", "by_level", level)
            expected = ", ".join(names)
            yield resolution.Finding(
                path, "unknown-name", "没有这个等级", "no such level", level, expected, names
            )
    for place, one in enumerate(stars.levels):
        if one.from_ > stars.ceiling:
            zh, en = (
                "这个等级高于星级上限，谁也达不到",
                "this level lies above the ceiling, nobody can reach it",
            )
            found, most = written(one.from_), written(stars.ceiling)
            yield resolution.Finding(("levels", place, "from"), "idle-level", zh, en, found, most)


def problems(versions: Versions, on: dt.date | None = None) -> list[Problem]:
    """What the law guard has against each version, and levels that the pay table says nothing about."""
    found = []
    for one in versions.entries:
        found += guard.check(one.stars.scheme, on, one.file, one.lines)
        rule = one.stars.pay.performance if one.stars.pay else None
        unpaid = [name for name in one.stars.level_names if rule and level_key(name) not in rule.by_level]
        if unpaid:
            zh, en = "绩效表没有写这些等级", "the pay table says nothing about these levels"
            message, names = Text(zh=zh, en=en), ", ".join(unpaid)
            found.append(Problem("unpaid-level", "warning", message, one.file, 1, found=names))
    return found
