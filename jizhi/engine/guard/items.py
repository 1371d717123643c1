"""What the guard has against an item or a section: its words, its effect, its missing limit, notice or reference.

Pairs of a code of `rules.py` and the word that gave it away. Outcomes and levels are looked at in `outcomes.py`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from jizhi.engine.document.item import Channel, Item, Kind
from jizhi.engine.document.points import Bands, Each, Grades
from jizhi.engine.document.reference import Reference
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.document.section import Section
from jizhi.engine.document.text import Text
from jizhi.engine.guard import plain, words

Found = Iterator[tuple[str, str]]
AGAINST = (Kind.FAULT, Kind.VETO, Kind.RULING)


def against(scheme: Scheme, item: Item, on: dt.date | None) -> Found:
    """Everything against one item."""
    said = plain.spoken(item.id, *_texts(item))
    if item.effect or scheme.subject == "person" or words.concerned(plain.tight(said)):
        said = words.SAFE.sub("", said)
        yield from _words(scheme, item, said, plain.tight(said))
    if item.kind in (Kind.FAULT, Kind.VETO) and not item.notify:
        yield "silent-fault", "notify: false"
    section = scheme.section(item.section)
    limits = (*item.limits, *(section.limits if section else ()), *scheme.limits)
    if (
        item.kind == Kind.MERIT
        and Channel.SELF in item.claim
        and not any(one.kind == "merit" for one in limits)
    ):
        yield "unbounded", "claim: self"
    if item.reference is None:
        yield "no-reference", item.id
    else:
        yield from against_reference(item.reference, on)


def against_reference(reference: Reference | None, on: dt.date | None) -> Found:
    """A reference that has expired by that day."""
    if reference is not None and on is not None and reference.expired(on):
        yield "stale", str(reference.expires)


def against_section(scheme: Scheme, section: Section) -> Found:
    """A section whose title says what its items do not."""
    said = plain.tight(words.SAFE.sub("", plain.spoken(section.id, section.title.zh, section.title.en)))
    if not words.concerned(said):
        return
    kinds = {item.kind for item in scheme.items if item.section == section.id}
    if kinds.intersection(AGAINST) and (word := _petition(said)):
        yield "petition", word
    for code, pattern in (("app-use", words.APP), ("fine", words.FINE)):
        if kinds and (found := pattern.search(said)):
            yield code, found[0]


def withheld(bars: tuple[str, ...], said: str) -> str:
    """The lawful right that a bar names, or that the words say is withheld."""
    found = words.RIGHTS.search(plain.tight(plain.spoken(*bars))) or words.WITHHELD.search(said)
    return found[0] if found else ""


def _texts(item: Item) -> Iterator[str]:
    """All words of an item that people read."""
    for text in (item.title, item.description, _unit(item)):
        yield from _both(text)
    yield from item.aliases
    if isinstance(item.points, Grades):
        for key, grade in item.points.grades.items():
            yield key
            yield from _both(grade.title)


def _unit(item: Item) -> Text | None:
    return item.points.per if isinstance(item.points, Each | Bands) else None


def _both(text: Text | None) -> Iterator[str]:
    if text is not None:
        yield text.zh
        yield text.en


def _words(scheme: Scheme, item: Item, said: str, tight: str) -> Found:
    if item.kind in AGAINST:
        if word := _petition(tight):
            yield "petition", word
        family = words.FAMILY.search(said) if scheme.subject == "person" else None
        if family and not words.NOT_FAMILY.search(said):
            yield "family-liability", family[0]
        if found := words.CUSTOM.search(tight):
            yield "custom", found[0]
    elif scheme.subject in ("person", "household") and (found := words.SILENCE.search(tight)):
        yield "petition", found[0]
    if found := words.APP.search(tight):
        yield "app-use", found[0]
    if found := words.FINE.search(tight):
        yield "fine", found[0]
    if item.published and (found := words.SENSITIVE.search(tight)):
        yield "sensitive", found[0]
    if item.effect and (word := withheld(item.effect.bar, tight)):
        yield "lawful-rights", word


def _petition(tight: str) -> str:
    """The petition, complaint or criticism that costs points; not how somebody met another's complaint."""
    found = words.PETITION.search(words.ANSWERED.sub("", tight))
    return found[0] if found else ""
