"""What the pack derives from records, and what came of it, for pages."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.channels.models import DerivedClaim
from jizhi.channels.rules import RECORD_BACK_DAYS, Record
from jizhi.claims import selectors as claims
from jizhi.claims.rules import ClaimState
from jizhi.matters import selectors as matters
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.schemes.models import SchemeVersion


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A line of the pack's table, and what it made in the last two months. Titles are in both languages.

    The kinds of matters are the pack's own and stand under their titles, all others under their keys.
    `covered` are the records whose act somebody had claimed by hand. `item` is empty where no version of the scheme is
    in force in the village: nothing follows then.
    """

    record: Record
    kinds: tuple[str, ...]
    scheme_title: Any
    item: Any
    quantity: str
    made: int
    covered: int
    counted: int
    taken_back: int


@dataclass(frozen=True, slots=True)
class DerivedLine:
    """A claim that followed from a record."""

    record: Record
    number: int | None
    claim: claims.ClaimLine


def rule_lines(village: Area, *, on: dt.date) -> list[RuleLine]:
    """The table of the village's pack, in its order, with counts of the last two months."""
    since = on - dt.timedelta(days=RECORD_BACK_DAYS)
    made = DerivedClaim.objects.filter(claim__village=village, claim__act_date__gte=since)
    gone = Q(claim__state__in=[ClaimState.WITHDRAWN, ClaimState.REVERSED])
    rows = made.order_by().values_list("record", "scheme", "item")
    counts = {
        (record, scheme, item): (every, counted, back)
        for record, scheme, item, every, counted, back in rows.annotate(
            every=Count("pk"),
            counted=Count("pk", filter=Q(claim__state=ClaimState.POSTED)),
            back=Count("pk", filter=gone),
        )
    }
    covered = claims.covered_counts(village, since=since)
    found, matter_kinds = [], dict(matters.kinds_of(village))
    for rule in schemes.claiming_in(village).derived:
        document = schemes.public_scheme(village, rule.scheme, on=on)
        of_matter = rule.record.value == Record.MATTER_SOLVED.value
        every, counted, back = counts.get((rule.record.value, rule.scheme, rule.item), (0, 0, 0))
        found.append(
            RuleLine(
                record=Record(rule.record.value),
                kinds=tuple(matter_kinds.get(kind, kind) for kind in rule.kinds) if of_matter else rule.kinds,
                scheme_title=document.document.title if document else rule.scheme,
                item=document.document.item(rule.item) if document else None,
                quantity=rule.quantity,
                made=every,
                covered=covered.get((rule.record.value, rule.scheme, rule.item), 0),
                counted=counted,
                taken_back=back,
            )
        )
    return found


def derived_rows(
    user: User, *, on: dt.date, village_code: str = "", record: str = "", state: str = "", words: str = ""
) -> QuerySet[DerivedClaim]:
    """What followed from records where the user reads the ledger, down to the grid, the newest first."""
    paths = posts.scope_paths(user, Action.VIEW_LEDGER, on)
    rows = DerivedClaim.objects.filter(claim__area__path__within=paths)
    exact = {"claim__village__code": village_code, "record": record, "claim__state": state}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if words:
        rows = rows.filter(
            Q(claim__subject__label__icontains=words)
            | Q(claim__subject__key__icontains=words)
            | Q(claim__words__icontains=words)
            | _of_items(words)
        )
    return rows.order_by("-id")


def _of_items(words: str) -> Q:
    """Claims of the items whose title holds the words, in the latest version of each scheme and county."""
    rows = SchemeVersion.objects.order_by("area_id", "scheme", "-applies_from_date", "-id")
    latest = rows.distinct("area_id", "scheme").defer("source", "cases")
    wanted, found = words.lower(), Q(pk__in=[])
    for document in (schemes.document(version) for version in latest):
        items = [
            item.id
            for item in document.items
            if wanted in item.title.zh.lower() or wanted in item.title.en.lower()
        ]
        if items:
            found |= Q(scheme=document.id, item__in=items)
    return found


def derived_lines(rows: QuerySet[DerivedClaim]) -> list[DerivedLine]:
    """Rows as lines, in their order."""
    found = list(rows)
    known = {line.id: line for line in claims.lines(claims.claims_numbered([row.claim_id for row in found]))}
    return [DerivedLine(Record(row.record), row.number, known[row.claim_id]) for row in found]
