"""Posting notices and making a month's final: content is locked at posting, points count when it is final."""

import datetime as dt
import hashlib
import json
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.changes import services as changes
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.ledger import services as ledger_services
from jizhi.notices import models, rules, selectors
from jizhi.notices.services import withholding
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.seals import services as seals
from jizhi.settlement import rules as periods
from jizhi.settlement import services as settlement


class CannotPost(DomainError):
    """The notice cannot be posted: the period is not over, it is posted already, or something comes first."""


class CannotFinalise(DomainError):
    """The notice cannot be made final: its window is open, or an objection waits for its answer."""


@transaction.atomic
def post_notice(
    *,
    village: Area,
    scheme: str,
    period: str,
    kind: rules.NoticeKind = rules.NoticeKind.MONTH,
    by: User,
    at: dt.datetime,
) -> models.Notice:
    """Post a period's notice: what the preview shows is stored, and its window opens. Raises CannotPost.

    A month's covers every entry for acts up to its end that no notice covers yet, so that late and reversing entries
    are shown too; all of them are sealed first, and the notice bears that seal. A quarter's, a year's and the honours
    of a period come after its last month is final.
    """
    span = _check_can_post(village, scheme, kind, period, by, at)
    if kind is rules.NoticeKind.MONTH:
        _check_earlier_month(village, scheme, span)
    else:
        _check_months_final(village, scheme, span)
    content = selectors.build(village=village, scheme=scheme, kind=kind, period=span, on=clock.day_of(at))
    if kind is rules.NoticeKind.HONOURS and not content["lists"]:
        raise CannotPost(_("%(period)s没有要公示的表彰。") % {"period": period})
    entries: list[int] = []
    if kind is rules.NoticeKind.MONTH:
        entries = selectors.entries_for(village=village, scheme=scheme, month=span)
    notice = _store(village, scheme, kind, span, content, by, at, covers=len(entries))
    if kind is rules.NoticeKind.MONTH:
        _cover(notice, entries)
    return notice


@transaction.atomic
def post_content(
    *,
    village: Area,
    scheme: str,
    period: str,
    kind: rules.NoticeKind,
    content: dict[str, Any],
    by: User,
    at: dt.datetime,
) -> models.Notice:
    """Post a notice whose content another app has made, under the same checks. Raises CannotPost."""
    span = _check_can_post(village, scheme, kind, period, by, at)
    return _store(village, scheme, kind, span, content, by, at)


def _check_can_post(
    village: Area, scheme: str, kind: rules.NoticeKind, period: str, by: User, at: dt.datetime
) -> periods.Period:
    """Permission, an ended period of the kind, no notice of it yet; the village is locked and its ledger sealed."""
    today = clock.day_of(at)
    posts.check_can(by, Action.POST_NOTICE, village, today)
    span = selectors.period_for(kind, period)
    if today <= span.end:
        raise CannotPost(_("%(period)s还没有结束，不能公示。") % {"period": period})
    ledger_services.lock_villages([village.pk])
    same = models.Notice.objects.filter(village=village, scheme=scheme, kind=kind, period=period)
    if same.exclude(state=rules.NoticeState.WITHDRAWN).exists():
        raise CannotPost(_("%(period)s的公示已经张贴过了。") % {"period": period})
    seals.seal_village(village=village, by=by, at=at)
    return span


def _check_earlier_month(village: Area, scheme: str, month: periods.Period) -> None:
    """A month that was taken down goes first: its entries would stand on the later notice otherwise."""
    earlier = models.Notice.objects.filter(
        village=village,
        scheme=scheme,
        kind=rules.NoticeKind.MONTH,
        period__lt=month.key,
        state=rules.NoticeState.WITHDRAWN,
        replaced_by=None,
    ).first()
    if earlier is not None:
        raise CannotPost(_("%(period)s的公示撤下之后还没有重新张贴，请先张贴。") % {"period": earlier.period})


def _check_months_final(village: Area, scheme: str, span: periods.Period) -> None:
    """Sums of a period are posted when each of its months in which the scheme was in force is final."""
    for month in selectors.unfinal_months(village, scheme, span):
        raise CannotPost(_("%(period)s的公示还没有定案，定案之后才能公示。") % {"period": month})


def _store(
    village: Area,
    scheme: str,
    kind: rules.NoticeKind,
    span: periods.Period,
    content: dict[str, Any],
    by: User,
    at: dt.datetime,
    *,
    covers: int = 0,
) -> models.Notice:
    """The notice with the clocks of today; one that was taken down before is what it replaces."""
    today, clocks = clock.day_of(at), schemes.clocks(village)
    window_to = rules.window_end(today, clocks.window_days)
    replaces = (
        models.Notice.objects.filter(
            village=village, scheme=scheme, kind=kind, period=span.key, state=rules.NoticeState.WITHDRAWN
        )
        .filter(replaced_by=None)
        .first()
    )
    notice = models.Notice.objects.create(
        village=village,
        scheme=scheme,
        kind=kind,
        period=span.key,
        content=content,
        digest=_digest(content),
        window_to_date=window_to,
        answer_days=clocks.answer_days,
        public_to_date=rules.public_to(today, window_to, clocks.public_days),
        replaces=replaces,
        posted_at=at,
        posted_by=by,
    )
    audit.record_event(
        by=by,
        at=at,
        verb="notice.post",
        target=notice,
        area_path=village.path,
        detail={
            "kind": kind,
            "period": span.key,
            "entries": covers,
            "digest": notice.digest,
            "replaces": replaces.pk if replaces else None,
        },
    )
    return notice


def _cover(notice: models.Notice, entries: list[int]) -> None:
    """Which entries the notice covers, and what it shows of which act."""
    models.NoticedEntry.objects.bulk_create(
        [models.NoticedEntry(notice=notice, entry_id=number) for number in entries], batch_size=5000
    )
    models.NoticedFact.objects.bulk_create(
        [
            models.NoticedFact(notice=notice, fact_id=fact, points=points, held_back=held_back)
            for fact, points, held_back in selectors.shown_in(notice.content)
        ],
        batch_size=5000,
    )


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
    ledger_services.lock_villages([notice.village_id])
    notice = models.Notice.objects.select_for_update(of=("self",)).select_related("village").get(pk=notice.pk)
    village = notice.village
    posts.check_can(by, Action.FINALISE_NOTICE, village, today)
    _check_can_finalise(notice, today)
    subjects = withholding.lock_for_credits(notice)
    notice.state, notice.finalised_at, notice.finalised_by = rules.NoticeState.FINALISED, at, by
    notice.save(update_fields=["state", "finalised_at", "finalised_by"])
    month = periods.parse_period(notice.period)
    for period in _ended_with(notice, month, today):
        settlement.settle_period(village=village, scheme=notice.scheme, period=period, by=by, at=at)
    _carry_over(notice, month, by, at)
    credited = ledger_services.credit_wallets(
        village=village,
        period=f"{notice.scheme}:{notice.period}",
        points=withholding.credits_of(notice, at),
        expires_date=selectors.expiry_of(notice),
        by=by,
        at=at,
    )
    key = f"{notice.scheme}:{notice.period}"
    subjects += changes.forward_credits(village=village, key=key, by=by, at=at)
    withholding.hold_owed(subjects, by, at)
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
    if not rules.KINDS[rules.NoticeKind(notice.kind)].settles:
        raise CannotFinalise(_("只有月度公示需要定案，这类公示期满即止。"))
    if notice.state == rules.NoticeState.WITHDRAWN:
        raise CannotFinalise(_("这期公示已经撤下，请定案重新张贴的那一期。"))
    if notice.state != rules.NoticeState.POSTED:
        raise CannotFinalise(_("这期公示已经定案。"))
    if not rules.window_is_over(today, notice.window_to_date):
        raise CannotFinalise(
            _("公示期到%(day)s为止，期满之后才能定案。") % {"day": notice.window_to_date.isoformat()}
        )
    waiting = models.Objection.objects.filter(
        notice_id__in=selectors.chain_of(notice), state=rules.ObjectionState.FILED
    ).count()
    if waiting:
        raise CannotFinalise(_("还有%(count)s件异议没有答复，答复之后才能定案。") % {"count": waiting})
    earlier = models.Notice.objects.filter(
        Q(state=rules.NoticeState.POSTED) | Q(state=rules.NoticeState.WITHDRAWN, replaced_by=None),
        village=notice.village,
        scheme=notice.scheme,
        kind=rules.NoticeKind.MONTH,
        period__lt=notice.period,
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
