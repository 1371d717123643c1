"""What may still be done with a posted notice: give it more time, or take it down with a reason."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.notices import models, rules
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action

REASON_LENGTH = 200


class CannotExtend(DomainError):
    """The window cannot be made longer so: it is over, the day is no later, or the reason is missing."""


class CannotWithdraw(DomainError):
    """The notice cannot be taken down: it is final or down already, or the reason is missing."""


@transaction.atomic
def extend_window(
    *, notice: models.Notice, to_date: dt.date, reason: str, by: User, at: dt.datetime
) -> models.NoticeExtension:
    """Give an open window more days, as often as needed; never fewer. Raises CannotExtend."""
    today = clock.day_of(at)
    notice = _locked(notice)
    posts.check_can(by, Action.POST_NOTICE, notice.village, today)
    if notice.state != rules.NoticeState.POSTED or rules.window_is_over(today, notice.window_to_date):
        raise CannotExtend(_("公示期已过，不能再延长。"))
    if to_date <= notice.window_to_date:
        raise CannotExtend(
            _("只能延长，须晚于%(day)s。") % {"day": notice.window_to_date.isoformat()}, place="to_date"
        )
    if to_date > notice.window_to_date + dt.timedelta(days=rules.EXTENSION_DAYS_MAX):
        raise CannotExtend(
            _("一次最多延长%(days)s天。") % {"days": rules.EXTENSION_DAYS_MAX}, place="to_date"
        )
    extension = models.NoticeExtension.objects.create(
        notice=notice,
        from_date=notice.window_to_date,
        to_date=to_date,
        reason=_reason(reason, CannotExtend),
        extended_at=at,
        extended_by=by,
    )
    notice.window_to_date = to_date
    notice.public_to_date = max(notice.public_to_date, to_date)
    notice.save(update_fields=["window_to_date", "public_to_date"])
    audit.record_event(
        by=by,
        at=at,
        verb="notice.extend",
        target=notice,
        area_path=notice.village.path,
        detail={"from": extension.from_date, "to": to_date, "reason": extension.reason},
    )
    return extension


@transaction.atomic
def withdraw_notice(*, notice: models.Notice, reason: str, by: User, at: dt.datetime) -> models.Notice:
    """Take a notice down that is not final. Raises CannotWithdraw.

    The entries on it wait for a notice again. Objections to it stay open, with their clocks; the notice that is
    posted in its place is not final before they are answered.
    """
    notice = _locked(notice)
    posts.check_can(by, Action.WITHDRAW_NOTICE, notice.village, clock.day_of(at))
    if notice.state == rules.NoticeState.WITHDRAWN:
        raise CannotWithdraw(_("这期公示已经撤下。"))
    if notice.state != rules.NoticeState.POSTED:
        raise CannotWithdraw(_("这期公示已经定案，不能撤下；有错的条目请走异议或撤销。"))
    notice.state, notice.withdrawn_at, notice.withdrawn_by = rules.NoticeState.WITHDRAWN, at, by
    notice.withdrawn_reason = _reason(reason, CannotWithdraw)
    notice.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    freed = notice.noticed_entries.filter(lapsed=False).update(lapsed=True)
    audit.record_event(
        by=by,
        at=at,
        verb="notice.withdraw",
        target=notice,
        area_path=notice.village.path,
        detail={"period": notice.period, "reason": notice.withdrawn_reason, "entries": freed},
    )
    return notice


def _locked(notice: models.Notice) -> models.Notice:
    rows = models.Notice.objects.select_for_update(of=("self",)).select_related("village")
    return rows.defer("content").get(pk=notice.pk)


def _reason(reason: str, refusal: type[DomainError]) -> str:
    words = reason.strip().rstrip("。")  # pages put it into sentences of their own
    if not words:
        raise refusal(_("请写明原因，村民会看到。"), place="reason")
    if len(words) > REASON_LENGTH:
        raise refusal(_("原因最多%(count)s个字。") % {"count": REASON_LENGTH}, place="reason")
    return words
