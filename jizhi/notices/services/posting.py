"""Posting the month's notice and making it final: content is locked at posting, points count when it is final."""

import datetime as dt
import hashlib
import json

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.ledger import services as ledger_services
from jizhi.notices import models, rules, selectors
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.settlement import rules as periods
from jizhi.settlement import services as settlement


class CannotPost(DomainError):
    """The notice cannot be posted: the month is not over, or it is posted already."""


class CannotFinalise(DomainError):
    """The notice cannot be made final: its window is open, or an objection waits for its answer."""


@transaction.atomic
def post_notice(*, village: Area, scheme: str, period: str, by: User, at: dt.datetime) -> models.Notice:
    """Post a month's notice: what the preview shows is stored, and its window opens. Raises CannotPost.

    Every entry for acts up to the month's end that stands on no earlier notice is on it, so that late and
    reversing entries are shown too.
    """
    today = clock.day_of(at)
    posts.check_can(by, Action.POST_NOTICE, village, today)
    month = periods.parse_period(period)
    if month.kind is not periods.PeriodKind.MONTH or today <= month.end:
        raise CannotPost(_("%(period)s还没有结束，不能公示。") % {"period": period})
    Area.objects.select_for_update().get(pk=village.pk)
    if models.Notice.objects.filter(village=village, scheme=scheme, period=period).exists():
        raise CannotPost(_("%(period)s的公示已经张贴过了。") % {"period": period})
    content = selectors.content_for(village=village, scheme=scheme, month=month)
    entries = selectors.entries_for(village=village, scheme=scheme, month=month)
    notice = models.Notice.objects.create(
        village=village,
        scheme=scheme,
        period=period,
        content=content,
        digest=_digest(content),
        window_to_date=rules.window_end(today, schemes.clocks(village).window_days),
        posted_at=at,
        posted_by=by,
    )
    models.NoticedEntry.objects.bulk_create(
        [models.NoticedEntry(notice=notice, entry_id=number) for number in entries], batch_size=5000
    )
    audit.record_event(
        by=by,
        at=at,
        verb="notice.post",
        target=notice,
        area_path=village.path,
        detail={"period": period, "entries": len(entries), "digest": notice.digest},
    )
    return notice


def _digest(content: dict[str, object]) -> str:
    return hashlib.sha256(
        json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


@transaction.atomic
def finalise_notice(*, notice: models.Notice, by: User, at: dt.datetime) -> models.Notice:
    """Make a notice final after its window: settle the month, and what ends with it; credit the wallets.

    Raises CannotFinalise while the window is open or an objection is unanswered.
    """
    today = clock.day_of(at)
    notice = models.Notice.objects.select_for_update(of=("self",)).select_related("village").get(pk=notice.pk)
    village = notice.village
    posts.check_can(by, Action.FINALISE_NOTICE, village, today)
    _check_can_finalise(notice, today)
    notice.state, notice.finalised_at, notice.finalised_by = rules.NoticeState.FINALISED, at, by
    notice.save(update_fields=["state", "finalised_at", "finalised_by"])
    month = periods.parse_period(notice.period)
    for period in _ended_with(notice, month, today):
        settlement.settle_period(village=village, scheme=notice.scheme, period=period, by=by, at=at)
    _carry_over(notice, month, by, at)
    credited = ledger_services.credit_wallets(
        village=village,
        period=f"{notice.scheme}:{notice.period}",
        points=selectors.spendable_of(notice),
        expires_date=selectors.expiry_of(notice),
        by=by,
        at=at,
    )
    audit.record_event(
        by=by,
        at=at,
        verb="notice.finalise",
        target=notice,
        area_path=village.path,
        detail={"period": notice.period, "credited": credited},
    )
    return notice


def _carry_over(notice: models.Notice, month: periods.Period, by: User, at: dt.datetime) -> None:
    """With the first month of a redemption period, what is left of the one before is cut to `carry: {at_most: …}`."""
    redeem = schemes.scheme_on(notice.village, notice.scheme, month.end).redeem
    if redeem is None or redeem.at_most is None:
        return
    if periods.period_of(periods.settled_kind(redeem.every), month.start).start == month.start:
        key = f"{notice.scheme}:{notice.period}:{notice.village_id}"
        ledger_services.cap_wallets(village=notice.village, keep=redeem.at_most, key=key, by=by, at=at)


def _check_can_finalise(notice: models.Notice, today: dt.date) -> None:
    if notice.state != rules.NoticeState.POSTED:
        raise CannotFinalise(_("这期公示已经定案。"))
    if not rules.window_is_over(today, notice.window_to_date):
        raise CannotFinalise(
            _("公示期到%(day)s为止，期满之后才能定案。") % {"day": notice.window_to_date.isoformat()}
        )
    waiting = notice.objections.filter(state=rules.ObjectionState.FILED).count()
    if waiting:
        raise CannotFinalise(_("还有%(count)s件异议没有答复，答复之后才能定案。") % {"count": waiting})
    earlier = models.Notice.objects.filter(
        village=notice.village,
        scheme=notice.scheme,
        period__lt=notice.period,
        state=rules.NoticeState.POSTED,
    ).first()
    if earlier is not None:
        raise CannotFinalise(_("请先将%(period)s的公示定案。") % {"period": earlier.period})


def _ended_with(notice: models.Notice, month: periods.Period, today: dt.date) -> list[periods.Period]:
    """The month itself, the quarter and year that end with it, and earlier months that late entries changed."""
    found = {month}
    for kind in (periods.PeriodKind.QUARTER, periods.PeriodKind.YEAR):
        period = periods.period_of(kind, month.end)
        if period.end == month.end:
            found.add(period)
    for day in selectors.act_days_of(notice):
        for kind in (periods.PeriodKind.MONTH, periods.PeriodKind.QUARTER, periods.PeriodKind.YEAR):
            period = periods.period_of(kind, day)
            if period.end < month.end:
                found.add(period)
    return sorted(found)
