"""Objecting on a printed form: forms with codes for a notice, each keyed in once.

The sheets and their codes are those of `channels`; which notice they are for stands here.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.channels import services as channels
from jizhi.channels.models import PaperBatch
from jizhi.channels.rules import SheetKind
from jizhi.core import clock
from jizhi.notices import models, rules
from jizhi.notices.services import objections
from jizhi.people.models import Subject


@transaction.atomic
def print_objection_forms(
    *,
    notice: models.Notice,
    count: int = 0,
    subjects: Sequence[Subject] = (),
    title: str = "",
    request_key: str,
    by: User,
    at: dt.datetime,
) -> PaperBatch:
    """Forms for a notice whose window is open: one for each of the households, and so many without a name.

    The same `request_key` again gives the batch that is there. Raises ObjectionClosed and BadBatch.
    """
    today = clock.day_of(at)
    is_open = rules.standing(notice.kind, notice.state, notice.window_to_date, today)
    if is_open is not rules.NoticeStanding.OPEN or not rules.KINDS[notice.kind].settles:
        raise objections.ObjectionClosed(_("公示期已过，不能再提出异议；可以向乡镇反映。"))
    batch = channels.print_sheets(
        village=notice.village,
        scheme=notice.scheme,
        kind=SheetKind.OBJECTION,
        count=count,
        subjects=subjects,
        title=title,
        request_key=request_key,
        by=by,
        at=at,
    )
    models.ObjectionBatch.objects.get_or_create(batch=batch, defaults={"notice": notice})
    return batch


@transaction.atomic
def key_in_objection(
    *,
    code: str,
    subject: Subject,
    fact_id: int,
    grounds: str,
    received_date: dt.date,
    by: User,
    at: dt.datetime,
) -> models.Objection:
    """File what stands on a form and use its code up, both or neither; it counts from the day it was handed in.

    Raises SheetSettled for a form that was keyed in before, and what file_objection raises.
    """
    today = clock.day_of(at)
    with channels.using_sheet(code=code, kind=SheetKind.OBJECTION, subject=subject, by=by, at=at) as sheet:
        notice = models.Notice.objects.select_related("village").get(objection_batches__batch=sheet.batch_id)
        if not clock.day_of(notice.posted_at) <= received_date <= today:
            raise objections.ObjectionClosed(_("收到日期应在公示张贴之后、今天之前。"), place="received_date")
        return objections.file_objection(
            notice=notice,
            fact_id=fact_id,
            subject=subject,
            grounds=grounds,
            channel=rules.ObjectionChannel.PAPER,
            request_key=rules.form_key(sheet.code),
            received_date=received_date,
            by=by,
            at=at,
        )
