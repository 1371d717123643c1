"""What notices and objections hold open about households that are to be changed. It asks; the change decides.

An objection keeps a household that would end until it is answered; a posted month stays as it was posted.
"""

import datetime as dt
from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext as _

from jizhi.changes.rules import Concern
from jizhi.notices import models, rules
from jizhi.people.models import Subject
from jizhi.settlement import rules as periods


def open_concerns(subject_ids: Collection[int], ending: Collection[int], day: dt.date) -> tuple[Concern, ...]:
    """Objections by or about these subjects that wait, and posted months that the change would reach back into."""
    return (*_objections(subject_ids, ending), *_posted_months(ending, day))


def _objections(subject_ids: Collection[int], ending: Collection[int]) -> list[Concern]:
    about = Q(subject_id__in=subject_ids) | Q(fact__subject_id__in=subject_ids)
    waits = Q(state__in=rules.OPEN_OBJECTION) | Q(appeals__state=rules.AppealState.FILED)
    rows = models.Objection.objects.filter(about & waits)
    concerns = []
    for filed_by, owner, due in rows.order_by("id").values_list("subject_id", "fact__subject_id", "due_date"):
        for subject in sorted({filed_by, owner} & set(subject_ids)):
            text = _("有一件异议还没有答复（%(day)s前答复）") % {"day": due}
            concerns.append(Concern(subject, text, subject in ending))
    return concerns


def _posted_months(ending: Collection[int], day: dt.date) -> list[Concern]:
    """A household may not end inside a month that was posted: who took part in it stands on the notice."""
    subjects = {one.pk: one.village_id for one in Subject.objects.filter(pk__in=ending)}
    latest: dict[int, str] = {}
    posted = models.Notice.objects.filter(village__in=subjects.values(), kind=rules.NoticeKind.MONTH)
    for village, period in posted.exclude(state=rules.NoticeState.WITHDRAWN).values_list(
        "village_id", "period"
    ):
        latest[village] = max(latest.get(village, ""), period)
    concerns = []
    for subject, village in sorted(subjects.items()):
        if village in latest and day <= periods.parse_period(latest[village]).end:
            text = _("%(period)s已经公示，变动日期要在这个月之后") % {"period": latest[village]}
            concerns.append(Concern(subject, text, True))
    return concerns
