"""Deductions that households have not been told of, by age, and those that may still be mended; how each was told."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, DateTimeField, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.claims import models, rules
from jizhi.claims.rules import ClaimState
from jizhi.claims.selectors import pages
from jizhi.core import check_digits, clock
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews.rules import Outcome
from jizhi.schemes import selectors as schemes

SLIP_DIGITS = 6


@dataclass(frozen=True, slots=True)
class UntoldLine:
    """A deduction of the register: since when it was decided, how often somebody tried, until when it may be mended."""

    claim: pages.ClaimLine
    decided_at: dt.datetime
    days: int
    attempts: int
    told_at: dt.datetime | None
    correct_until_date: dt.date | None

    @property
    def age(self) -> rules.Age:
        return rules.age_of(self.days)


@dataclass(frozen=True, slots=True)
class TellingLine:
    """One telling, or one attempt."""

    id: int
    how: rules.ToldHow
    reached: bool
    told_at: dt.datetime
    person: str
    number: str
    answer: str
    witness: str
    has_photo: bool
    by: str


def _decided() -> Subquery:
    decision = models.Claim.objects.filter(pk=OuterRef("pk"), case__decisions__outcome=Outcome.APPROVE)
    return Subquery(decision.values("case__decisions__decided_at")[:1], output_field=DateTimeField())


def untold(
    user: User,
    *,
    on: dt.date,
    state: str = ClaimState.APPROVED,
    age: str = "",
    village_code: str = "",
    words: str = "",
) -> QuerySet[models.Claim]:
    """Faults that wait to be told (or, in state `grace`, to be mended), the longest wait first."""
    rows = pages.queue(user, on=on, state=state, village_code=village_code, words=words)
    rows = rows.exclude(item_kind="merit").annotate(decided_at=_decided())
    if age:
        youngest, oldest = rules.AGE_DAYS[rules.Age(age)]
        rows = rows.filter(decided_at__lt=clock.start_of(on - dt.timedelta(days=youngest - 1)))
        if oldest is not None:
            rows = rows.filter(decided_at__gte=clock.start_of(on - dt.timedelta(days=oldest)))
    return rows.order_by("correct_until_date" if state == ClaimState.GRACE else "decided_at", "id")


def to_mend(user: User, *, on: dt.date, until: dt.date) -> QuerySet[models.Claim]:
    """Faults whose time to mend ends by a day, where the user may say whether they were mended."""
    paths = posts.scope_paths(user, Action.TELL_FAULT, on)
    rows = untold(user, on=on, state=ClaimState.GRACE)
    return rows.filter(area__path__within=paths, correct_until_date__range=(on, until))


def untold_lines(rows: QuerySet[models.Claim], on: dt.date) -> list[UntoldLine]:
    """The register's rows as lines; claims, their words and attempts in three queries."""
    found = list(rows.annotate(attempts=Count("tellings", filter=Q(tellings__reached=False))))
    lines = {
        line.id: line for line in pages.lines(models.Claim.objects.filter(pk__in=[row.pk for row in found]))
    }
    return [
        UntoldLine(
            claim=lines[row.pk],
            decided_at=decided,
            days=(on - clock.day_of(decided)).days,
            attempts=row.attempts,
            told_at=row.told_at,
            correct_until_date=row.correct_until_date,
        )
        for row in found
        for decided in [getattr(row, "decided_at", None) or row.filed_at]
    ]


def ages(rows: QuerySet[Any], on: dt.date) -> dict[rules.Age, int]:
    """How many have waited how long."""
    found: dict[rules.Age, int] = {}
    for decided in rows.values_list("decided_at", flat=True):
        if decided is not None:
            age = rules.age_of((on - clock.day_of(decided)).days)
            found[age] = found.get(age, 0) + 1
    return found


def tellings_of(claim_id: int) -> list[TellingLine]:
    """How the household was told, and attempts, in order; for whoever may see the claim."""
    rows = models.Telling.objects.filter(claim_id=claim_id).select_related("recorded_by").order_by("id")
    return [
        TellingLine(
            id=row.pk, how=row.how, reached=row.reached, told_at=row.told_at, person=row.person,
            number=row.number, answer=row.answer, witness=row.witness, has_photo=bool(row.digest),
            by=row.recorded_by.display_name,
        )
        for row in rows
    ]  # fmt: skip


def signed_slip(user: User, telling_id: int, *, on: dt.date) -> models.Telling:
    """The photo of a signed slip whose claim the user may see. Raises NoSuchClaim."""
    row = models.Telling.objects.filter(pk=telling_id, claim__in=pages.visible_claims(user, on)).first()
    if row is None or not row.digest:
        raise pages.NoSuchClaim(_("没有这张照片，或者您无权查看。"))
    return row


def slip_code(claim_id: int) -> str:
    """What is printed on the slip of a deduction: its number with a check digit."""
    number = f"{claim_id:0{SLIP_DIGITS}d}"
    return f"GZ-{check_digits.grouped(check_digits.with_check(number), len(number))}"


def claim_of_slip(user: User, text: str, *, on: dt.date) -> int:
    """The claim of a slip by its typed or scanned code. Raises NoSuchClaim where a digit is wrong."""
    number = check_digits.number_of(text, digits_min=SLIP_DIGITS)
    if number is None:
        raise pages.NoSuchClaim(_("编码不对：请核对每一位数字，或重新扫码。"), place="code")
    claim = pages.visible_claims(user, on).filter(pk=number).first()
    if claim is None:
        raise pages.NoSuchClaim(_("没有这条申报，或者您无权查看。"), place="code")
    return claim.pk


def days_to_mend(claim: models.Claim) -> int:
    """How many days the household has to mend this fault after it was told; 0 where it cannot."""
    stated = schemes.claiming_in(claim.village).correctable
    return next((one.days for one in stated if one.item == claim.item), 0)


def may_tell(user: User, claim: models.Claim, on: dt.date) -> bool:
    """Whether the user's post lets them tell the household, or confirm that it mended."""
    return posts.can(user, Action.TELL_FAULT, claim.area, on)
