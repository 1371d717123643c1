"""What the notices of a quarter, a year and of honours say: sums, levels and lists of names, stored and read back.

Nobody is listed for having little: sums stand by household number, only the highest level and what is done for
somebody name households. A list stands whole or not at all; see `names_may_stand`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jizhi.areas.models import Area
from jizhi.notices import rules
from jizhi.schemes import selectors as schemes
from jizhi.settlement import rules as periods
from jizhi.settlement import selectors as settlement


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A household's quarter or year by its published acts; points in hundredths."""

    no: str
    head: str
    merits: int
    faults: int
    awarded: int
    total: int


@dataclass(frozen=True, slots=True)
class LevelLine:
    """How many households stand on a level."""

    title: str
    title_en: str
    count: int


@dataclass(frozen=True, slots=True)
class NameList:
    """Households that are named for something. `names` is None where the list is not posted."""

    title: str
    title_en: str
    action: str
    reward: str
    reward_en: str
    names: list[tuple[str, str]] | None


Names = Mapping[str, tuple[str, str]]


def summary_content(*, village: Area, scheme: str, period: periods.Period, names: Names) -> dict[str, Any]:
    """What the notice of a quarter or a year says."""
    document = schemes.scheme_on(village, scheme, period.end)
    year = periods.period_of(periods.PeriodKind.YEAR, period.end)
    found = settlement.published_figures(
        village=village, scheme=scheme, period=period, since=min(year.start, period.start)
    )
    versions = schemes.versions_in_village(village, scheme)
    rows: dict[str, dict[str, Any]] = {
        subject: {
            "no": names[subject][0], "head": names[subject][1], "merits": 0, "faults": 0,
            "awarded": line.awarded, "total": line.running,
        }
        for subject, line in found.sums.items()
    }  # fmt: skip
    for worth in found.worth:
        if worth.subject in rows and worth.act_date >= period.start:
            side = "merits" if schemes.item_of(versions, worth.item, worth.act_date).sign > 0 else "faults"
            rows[worth.subject][side] += worth.points
    levels = settlement.levels(village=village, scheme=scheme, period=period)
    agreed = all(one.agreed for one in levels)
    top = levels[:1]
    told = names_may_stand([one.subjects for one in top], agreed=agreed, secrets=_has_secrets(document))
    return {
        "title": document.title.zh,
        "title_en": document.title.say("en"),
        "rows": sorted(rows.values(), key=lambda row: str(row["no"])),
        "levels": [{"title": one.title, "title_en": one.title_en, "count": one.count} for one in levels]
        if agreed
        else [],
        "levels_withheld": bool(levels) and not agreed,
        "lists": [
            _list(one.title, one.title_en, "honour", "", "", one.subjects if told else None, names)
            for one in top
            if one.count or not told
        ],
    }


def honours_content(*, village: Area, scheme: str, period: periods.Period, names: Names) -> dict[str, Any]:
    """What the notice of a period's honours says: who is honoured with what."""
    document = schemes.scheme_on(village, scheme, period.end)
    found = settlement.consequences(village=village, scheme=scheme, period=period)
    told = names_may_stand(
        [one.subjects for one in found],
        agreed=all(one.agreed for one in found),
        secrets=_has_secrets(document),
    )
    return {
        "title": document.title.zh,
        "title_en": document.title.say("en"),
        "lists": [
            _list(
                one.title, one.title_en, one.action, one.reward, one.reward_en,
                one.subjects if told else None, names,
            )
            for one in found
            if one.subjects or not told
        ],
    }  # fmt: skip


def names_may_stand(lists: Sequence[Sequence[str]], *, agreed: bool, secrets: bool) -> bool:
    """Whether lists of names tell nothing of unpublished acts, under a scheme that has such items (`secrets`).

    They must be what the published acts alone would give. Where they are not, nothing is posted; that must not
    point at a few either, so that very short lists are never posted under such a scheme. Nobody at all may be said.
    """
    if not secrets:
        return True
    named = {subject for one in lists for subject in one}
    return agreed and (not named or len(named) >= rules.SMALL_GROUP)


def _has_secrets(document: Any) -> bool:
    return any(not item.published for item in document.items)


def _list(
    title: str,
    title_en: str,
    action: str,
    reward: str,
    reward_en: str,
    subjects: Sequence[str] | None,
    names: Names,
) -> dict[str, Any]:
    return {
        "title": title,
        "title_en": title_en,
        "action": action,
        "reward": reward,
        "reward_en": reward_en,
        "names": None if subjects is None else sorted(list(names[one]) for one in subjects),
    }


def summary_rows_of(content: dict[str, Any]) -> list[SummaryRow]:
    """The stored content of a quarter or year as rows."""
    return [SummaryRow(**row) for row in content["rows"]]


def levels_of(content: dict[str, Any]) -> list[LevelLine]:
    """The stored counts by level."""
    return [LevelLine(**level) for level in content.get("levels", [])]


def lists_of(content: dict[str, Any]) -> list[NameList]:
    """The stored lists of names."""
    return [
        NameList(**{**one, "names": None if one["names"] is None else [tuple(name) for name in one["names"]]})
        for one in content.get("lists", [])
    ]
