"""Claims that may be about one act: the same photo twice, the same household and item on near days, one address twice.

Found by the database, inside one village. What somebody compared and called different is left out of the flags.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q

from jizhi.accounts.models import User
from jizhi.claims import models, rules
from jizhi.claims.rules import ClaimState, Likeness
from jizhi.claims.selectors import pages

# A photo sent once for several lines of one paper sheet is no repetition.
_PHOTOS = """
SELECT mine.id, mine.claim_id, other.id, other.claim_id,
       CASE WHEN mine.digest = other.digest THEN 0 ELSE bit_count((mine.fingerprint # other.fingerprint)::bit(64)) END
FROM claims_evidence mine
JOIN claims_claim c ON c.id = mine.claim_id
JOIN claims_evidence other ON other.claim_id <> mine.claim_id AND other.kind = 'photo'
     AND (other.digest = mine.digest OR other.bands && mine.bands)
JOIN claims_claim o ON o.id = other.claim_id AND o.village_id = c.village_id
WHERE mine.claim_id = ANY(%(claims)s) AND mine.kind = 'photo' AND o.state <> 'withdrawn'
  AND (mine.digest = other.digest
       OR bit_count((mine.fingerprint # other.fingerprint)::bit(64)) <= %(near)s)
  AND NOT (o.subject_id = c.subject_id AND o.filed_at = c.filed_at AND o.filed_by_id = c.filed_by_id)
ORDER BY mine.id, 5, other.id
"""
_ACTS = """
SELECT c.id, o.id, o.subject_id = c.subject_id
FROM claims_claim c
JOIN claims_claim o ON o.village_id = c.village_id AND o.item = c.item AND o.scheme = c.scheme AND o.id <> c.id
     AND o.act_date BETWEEN c.act_date - %(days)s AND c.act_date + %(days)s AND o.state <> ALL(%(ended)s)
LEFT JOIN people_household mine ON mine.subject_id = c.subject_id
LEFT JOIN people_household theirs ON theirs.subject_id = o.subject_id
WHERE c.id = ANY(%(claims)s) AND NOT (o.channel = c.channel AND c.channel = ANY(%(records)s)) AND (
  o.subject_id = c.subject_id
  OR (o.act_date = c.act_date AND o.act = c.act AND mine.address <> '' AND mine.address = theirs.address
      AND (SELECT count(*) FROM people_household door
           WHERE door.village_id = mine.village_id AND door.address = mine.address) <= %(shared)s))
ORDER BY c.id, o.id
"""
_ENDED = [
    state.value
    for state in (ClaimState.RETURNED, ClaimState.REJECTED, ClaimState.WITHDRAWN, ClaimState.REVERSED)
]


@dataclass(frozen=True, slots=True)
class SamePhoto:
    """A photo of a claim and the same one at another claim; `distance` of 64 bits, 0 for the very same picture."""

    photo_id: int
    claim_id: int
    other_photo_id: int
    other_claim_id: int
    distance: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What somebody said of two claims."""

    verdict: rules.Verdict
    reason: str
    at: dt.datetime
    by: str


@dataclass(slots=True)
class Alike:
    """Another claim that may be about the same act; no line where it lies outside the reader's grids."""

    other_id: int
    line: pages.ClaimLine | None = None
    why: list[Likeness] = field(default_factory=list)
    photos: list[SamePhoto] = field(default_factory=list)
    other_photos: list[int] = field(default_factory=list)
    comparison: Comparison | None = None

    @property
    def marked(self) -> set[int]:
        """The photos, of either claim, that look the same."""
        return {one for pair in self.photos for one in (pair.photo_id, pair.other_photo_id)}


def same_photos(claim_ids: Collection[int]) -> list[SamePhoto]:
    """Photos of these claims that also hang, the same or nearly, on other claims of their village; one query."""
    if not claim_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_PHOTOS, {"claims": list(claim_ids), "near": rules.NEAR_BITS})
        return [SamePhoto(*row) for row in cursor.fetchall()]


def flagged(claim_ids: Collection[int]) -> set[int]:
    """Those of the claims that look like another one and that nobody has compared with it yet; three queries."""
    pairs = [(row.claim_id, row.other_claim_id) for row in same_photos(claim_ids)]
    pairs += [(one, other) for one, other, _same in _acts(claim_ids)]
    said = {(row.one_id, row.other_id) for row in _compared(claim_ids)} if pairs else set()
    return {one for one, other in pairs if (min(one, other), max(one, other)) not in said}


def alike(user: User, claim_id: int, *, on: dt.date) -> list[Alike]:
    """The claims that may be about the same act as this one, with what to compare, those to look at first."""
    found: dict[int, Alike] = {}

    def note(other_id: int, why: Likeness) -> Alike:
        one = found.setdefault(other_id, Alike(other_id))
        if why not in one.why:
            one.why.append(why)
        return one

    for photo in same_photos([claim_id]):
        note(photo.other_claim_id, Likeness.PHOTO).photos.append(photo)
    for _one, other_id, same_subject in _acts([claim_id]):
        note(other_id, Likeness.SUBJECT if same_subject else Likeness.ADDRESS)
    for row in _compared([claim_id]):
        other_id = row.other_id if row.one_id == claim_id else row.one_id
        said = Comparison(row.verdict, row.reason, row.compared_at, row.compared_by.display_name)
        found.setdefault(other_id, Alike(other_id)).comparison = said
    _fill(user, found, on)
    return sorted(
        found.values(), key=lambda one: (one.comparison is not None, one.line is None, one.other_id)
    )


def _fill(user: User, found: dict[int, Alike], on: dt.date) -> None:
    """The lines and photos of those claims that the reader may see."""
    if not found:
        return
    seen = pages.visible_claims(user, on).filter(pk__in=found)
    for line in pages.lines(seen):
        found[line.id].line = line
    rows = models.Evidence.objects.filter(claim__in=seen, kind=rules.EvidenceKind.PHOTO).order_by("id")
    for claim_id, number in rows.values_list("claim_id", "id"):
        found[claim_id].other_photos.append(number)


def _acts(claim_ids: Collection[int]) -> list[tuple[int, int, bool]]:
    """Claim, other claim, and whether the subject is the same."""
    if not claim_ids:
        return []
    values: dict[str, Any] = {
        "claims": list(claim_ids),
        "ended": _ENDED,
        "days": rules.NEAR_DAYS,
        "shared": rules.ADDRESS_SHARED_MAX,
        "records": [channel.value for channel in rules.OF_RECORD],
    }
    with connection.cursor() as cursor:
        cursor.execute(_ACTS, values)
        return [(one, other, same) for one, other, same in cursor.fetchall()]


def _compared(claim_ids: Iterable[int]) -> list[models.ComparedPair]:
    numbers = list(claim_ids)
    rows = models.ComparedPair.objects.filter(Q(one__in=numbers) | Q(other__in=numbers))
    return list(rows.select_related("compared_by"))
