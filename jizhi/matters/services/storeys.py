"""Handing a matter up and down between village, township and county: by hand, or because a deadline has passed."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jizhi.core import clock, nights
from jizhi.matters import models, rules, selectors
from jizhi.matters.rules import Storey, Verb
from jizhi.matters.services import steps


@transaction.atomic
def escalate_matter(
    *, matter_id: int, words: str, version: int | None = None, request_key: str = "", by: Any, at: dt.datetime
) -> models.Matter:
    """Hand it to the next storey up, with the reason; it waits there to be accepted."""
    text = steps.needed(words, _("请写明为什么上报上级。"))
    return _hand(matter_id, Verb.ESCALATE, text, version, request_key, by, at)


@transaction.atomic
def send_down(
    *, matter_id: int, words: str, version: int | None = None, request_key: str = "", by: Any, at: dt.datetime
) -> models.Matter:
    """Hand it to the storey below, with the reason."""
    text = steps.needed(words, _("请写明为什么转回下级。"))
    return _hand(matter_id, Verb.SEND_DOWN, text, version, request_key, by, at)


def _hand(
    matter_id: int, verb: Verb, words: str, version: int | None, request_key: str, by: Any, at: dt.datetime
) -> models.Matter:
    matter, repeated = steps.opened(
        matter_id=matter_id, verb=verb, by=by, at=at, version=version, request_key=request_key
    )
    if not repeated:
        _move(matter, verb, words, by, at, request_key)
    return matter


def _move(matter: models.Matter, verb: Verb, words: str, by: Any, at: dt.datetime, request_key: str) -> None:
    storey = Storey(matter.storey)
    matter.storey = rules.above(storey) if verb is Verb.ESCALATE else rules.below(storey)
    matter.assignee, matter.assignee_words = None, ""
    steps.take(matter, verb, by=by, at=at, words=words, request_key=request_key)


def escalate_overdue(*, at: dt.datetime) -> int:
    """Hand up every matter whose deadline passed so long ago that its pack asks for it. Returns how many.

    Run every night; one transaction a matter, one that fails leaves the others alone; a second run finds nothing.
    """
    today = clock.day_of(at)
    late = models.Matter.objects.filter(state__in=rules.UNDER_HANDS, due_date__lt=today)
    count = 0
    for matter_id in late.exclude(storey=Storey.COUNTY).order_by("id").values_list("pk", flat=True):
        with nights.alone("matter", matter_id):
            count += _escalate_if_due(matter_id, today, at)
    return count


@transaction.atomic
def _escalate_if_due(matter_id: int, today: dt.date, at: dt.datetime) -> bool:
    matter = steps.locked(matter_id)
    when = selectors.escalates_on(matter)
    if when is None or when > today:
        return False
    with translation.override("zh-hans"):
        words = gettext("超过期限，自动上报上级。")
    _move(matter, Verb.ESCALATE, words, None, at, f"overdue-{matter.pk}-{matter.version}")
    return True
