"""The rhythm of a panel's work as the county's pack sets it: circulation, monthly review, re-check, weekly report."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.claims import models, rules
from jizhi.claims.selectors import pages
from jizhi.claims.selectors.choosing import price_of
from jizhi.engine.document.pack import Calendar, Circulation, Panels
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews import selectors as reviews
from jizhi.schemes import selectors as schemes
from jizhi.schemes.models import Pack

REVIEW_DAYS_BEFORE = 7


def panels_in(area: Area) -> Panels:
    """What the pack of the area says of panels; no circulation where none is loaded."""
    pack = schemes.pack_of(area)
    return Panels.model_validate(pack.panels) if pack else Panels()


def report_weekdays(villages: Sequence[Area]) -> dict[int, int]:
    """Village number → weekday of its weekly report; one query for any number of villages."""
    return {village.pk: panels.report_weekday for village, panels in _panels_of(villages)}


def villages_circulating(villages: Sequence[Area]) -> list[Area]:
    """The villages whose pack lets small merits go round in writing; one query."""
    return [village for village, panels in _panels_of(villages) if panels.circulation]


def _panels_of(villages: Sequence[Area]) -> list[tuple[Area, Panels]]:
    packs = list(Pack.objects.select_related("area").order_by("-area__level__depth"))
    found = []
    for village in villages:
        own = next((one for one in packs if f"{village.path}.".startswith(f"{one.area.path}.")), None)
        found.append((village, Panels.model_validate(own.panels if own else {})))
    return found


def meeting_day_in(area: Area) -> int:
    """The day of the month by which the monthly review is held."""
    pack = schemes.pack_of(area)
    return pack.meeting_day if pack else Calendar().meeting_day


def recheck_until(area: Area, decided: dt.date) -> dt.date:
    """The last day on which the township may return what was decided on that day."""
    following = (decided.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return following.replace(day=panels_in(area).recheck_by_day)


def cases_to_circulate(village: Area) -> list[int]:
    """Waiting cases that the village's pack allows to be decided by circulation."""
    waiting = pages.cases_waiting(village) if panels_in(village).circulation else []
    sent_back = reviews.cases_wanting_a_meeting(waiting)
    return still_circulated(village, [case for case in waiting if case not in sent_back])


def still_circulated(village: Area, case_ids: Sequence[int]) -> list[int]:
    """Those of the cases that the village's pack allows to be decided by circulation, as they stand now."""
    policy = panels_in(village).circulation
    if policy is None:
        return []
    rows = models.Claim.objects.filter(case_id__in=case_ids, state=rules.ClaimState.VERIFIED)
    allowed = {row.case_id for row in rows.select_related("subject", "village") if _allowed(row, policy)}
    return [case for case in case_ids if case in allowed]


def unchanged_since(case_ids: Sequence[int], moment: dt.datetime) -> list[int]:
    """Those of the cases whose claim is verified and was so at that moment: nobody sent it back since."""
    rows = models.Claim.objects.filter(
        case_id__in=case_ids, state=rules.ClaimState.VERIFIED, verified_at__lte=moment
    )
    kept = set(rows.values_list("case_id", flat=True))
    return [case for case in case_ids if case in kept]


def _allowed(claim: models.Claim, policy: Circulation) -> bool:
    """A kind that may be circulated, an amount that nobody has to set, and not more points than the pack says."""
    versions = schemes.versions_in_village(claim.village, claim.scheme)
    item = schemes.item_of(versions, claim.item, claim.act_date)
    if item.kind not in policy.kinds or item.needs == "given" or (item.needs == "grade" and not claim.grade):
        return False
    if policy.points_max is None:
        return True
    return abs(price_of(claim, item)) <= policy.points_max * 100


@dataclass(frozen=True, slots=True)
class BeyondLine:
    """A claim that waits for the township, and why the village's panel cannot decide it."""

    claim: pages.ClaimLine
    why: reviews.BeyondPanel


def beyond_panel(
    user: User, *, on: dt.date, village_code: str = "", claim_id: int | None = None
) -> list[BeyondLine]:
    """Waiting claims of the user's villages on which recusal leaves too few members, the oldest act first."""
    rows = models.Claim.objects.filter(
        state=rules.ClaimState.VERIFIED, case__isnull=False,
        village__path__within=posts.scope_paths(user, Action.RULE_CASE, on),
    )  # fmt: skip
    if village_code:
        rows = rows.filter(village__code=village_code)
    if claim_id is not None:
        rows = rows.filter(pk=claim_id)
    concerns: dict[int, list[reviews.Concern]] = {}
    waiting = list(rows.only("case_id", "village_id", "subject_id", "filed_by_id", "verified_by_id"))
    for row, concern in zip(waiting, pages.concerns_of(waiting, on), strict=True):
        concerns.setdefault(row.village_id, []).append(concern)
    why = {one.case_id: one for one in reviews.beyond_panels(concerns, on)}
    if not why:
        return []
    found = pages.lines(models.Claim.objects.filter(case_id__in=why).order_by("act_date", "id"))
    return [BeyondLine(line, why[line.case_id]) for line in found if line.case_id]


def villages_without_review(villages: Iterable[Area], today: dt.date) -> list[tuple[Area, dt.date]]:
    """Villages whose monthly review is near or overdue, with its day; one where the panel met in time is done."""
    found = []
    for village in villages:
        due = today.replace(day=meeting_day_in(village))
        opens = due - dt.timedelta(days=REVIEW_DAYS_BEFORE)
        if today >= opens and not reviews.met_between(village, opens, today):
            found.append((village, due))
    return found


def circulations_to_answer(user: User, *, on: dt.date) -> list[reviews.ToAnswer]:
    """Open circulations in which the user still has something to answer; cases to step aside from do not count."""
    found = []
    for one in reviews.circulations_of_member(user):
        cases = cases_to_answer(one, user, on=on)
        if cases:
            found.append(replace(one, case_ids=tuple(cases)))
    return found


def cases_to_answer(one: reviews.ToAnswer, user: User, *, on: dt.date) -> list[int]:
    """The cases of a circulation that this member has to answer."""
    cases, held_on = unchanged_since(one.case_ids, one.meeting.opened_at), one.meeting.held_on_date
    concerned = pages.concerns(cases, held_on, on)
    aside = reviews.grounds({one.seat_id: user.pk}, concerned, held_on, on)
    return [case for case in cases if case not in aside]
