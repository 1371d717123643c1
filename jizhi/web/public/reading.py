"""Arranges what selectors return for reading: chapters of a scheme, rows and sums of a notice. No queries, no rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

# Items outside any section stand under their kind.
KINDS = {
    "merit": gettext_noop("加分条目"),
    "fault": gettext_noop("扣分条目"),
    "veto": gettext_noop("一票否决"),
    "ruling": gettext_noop("直接定级"),
}


@dataclass(frozen=True)
class Chapter:
    """Items that stand together; `title` is an engine text or a marked Chinese text."""

    anchor: str
    title: Any
    kind: str
    items: tuple[Any, ...]
    limits: tuple[Any, ...]

    @property
    def kind_title(self) -> str:
        return KINDS[self.kind]


@dataclass(frozen=True)
class Sums:
    """A notice's totals over all households, in hundredths."""

    households: int
    with_entries: int
    entries: int
    merits: int
    faults: int


def chapters(document: Any, words: str) -> list[Chapter]:
    """The items by kind (merits, faults, vetoes), inside a kind by section; narrowed to those that hold the words."""
    wanted = words.strip().lower()
    found = []
    for kind in KINDS:
        items = [item for item in document.items if str(item.kind) == kind and _holds(item, wanted)]
        known = {section.id for section in document.sections}
        for section in document.sections:
            mine = tuple(item for item in items if item.section == section.id)
            if mine:
                limits = section.limits if kind == "merit" else ()
                found.append(Chapter(f"{kind}-{section.id}", section.title, kind, mine, limits))
        rest = tuple(item for item in items if item.section not in known)
        if rest:
            found.append(Chapter(kind, KINDS[kind], kind, rest, ()))
    return found


def _holds(item: Any, wanted: str) -> bool:
    if not wanted:
        return True
    texts = [item.id, item.title.zh, item.title.en, *getattr(item, "aliases", ())]
    if item.description is not None:
        texts += [item.description.zh, item.description.en]
    return any(wanted in text.lower() for text in texts)


def notice_rows(rows: Sequence[Any], words: str, shown: str) -> list[Any]:
    """The households of a notice whose number or masked name starts so, or all that have entries."""
    wanted = words.strip()
    return [
        row
        for row in rows
        if (not wanted or wanted in row.no or row.head.startswith(wanted))
        and (shown != "entries" or row.listed)
    ]


def sums(rows: Sequence[Any]) -> Sums:
    """What the notice adds up to."""
    return Sums(
        households=len(rows),
        with_entries=sum(1 for row in rows if row.listed),
        entries=sum(len(row.listed) for row in rows),
        merits=sum(row.merits for row in rows),
        faults=sum(row.faults for row in rows),
    )
