"""The steps of a matter from dispatching to closing: each one checked, logged, with its own deadline."""

import datetime as dt
from collections.abc import Sequence
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.core import clock
from jizhi.matters import models, selectors
from jizhi.matters.rules import ToldHow, Verb
from jizhi.matters.services import steps
from jizhi.matters.services.steps import UnusableMatter
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action

Photos = Sequence[IO[bytes]]


@transaction.atomic
def dispatch_matter(
    *,
    matter_id: int,
    assignee: User | None = None,
    organisation: str = "",
    words: str = "",
    version: int | None = None,
    request_key: str = "",
    by: Any,
    at: dt.datetime,
) -> models.Matter:
    """Accept a matter and give it to somebody: a member of staff, an organisation named in words, or both."""
    matter, repeated = _opened_to_dispatch(matter_id, assignee, by, at, version, request_key)
    if repeated:
        return matter
    if assignee is None and not organisation.strip():
        raise UnusableMatter(_("请选择由谁办理，或者写明办理单位。"), place="assignee")
    if assignee is not None and not posts.can(assignee, Action.HANDLE_MATTER, matter.area, clock.day_of(at)):
        raise UnusableMatter(_("这位工作人员在当地没有办理事件的权限。"), place="assignee")
    matter.assignee, matter.assignee_words = assignee, organisation.strip()
    steps.take(matter, Verb.DISPATCH, by=by, at=at, words=words, request_key=request_key)
    return matter


def _opened_to_dispatch(
    matter_id: int, assignee: User | None, by: Any, at: dt.datetime, version: int | None, request_key: str
) -> tuple[models.Matter, bool]:
    """As `steps.opened`, but whoever may handle may take on for themselves what nobody has."""
    today = clock.day_of(at)
    if assignee is not None and by is not None and assignee.pk == by.pk:
        matter = steps.locked(matter_id)
        done_before = request_key and matter.steps.filter(request_key=request_key).exists()
        if not done_before and selectors.may_take_on(by, matter, today):
            if version is not None and version != matter.version:
                raise steps.conflict(matter, Verb.DISPATCH, by, at)
            return matter, False
    return steps.opened(
        matter_id=matter_id, verb=Verb.DISPATCH, by=by, at=at, version=version, request_key=request_key
    )


@transaction.atomic
def dispatch_matters(
    *,
    matter_ids: Sequence[int],
    assignee: User | None = None,
    organisation: str = "",
    words: str = "",
    by: Any,
    at: dt.datetime,
) -> list[models.Matter]:
    """Give several matters to the same hands, all or none."""
    return [
        dispatch_matter(
            matter_id=matter_id, assignee=assignee, organisation=organisation, words=words, by=by, at=at
        )
        for matter_id in sorted(set(matter_ids))
    ]


@transaction.atomic
def start_matter(
    *,
    matter_id: int,
    words: str = "",
    version: int | None = None,
    request_key: str = "",
    by: Any,
    at: dt.datetime,
) -> models.Matter:
    """Whoever has it sets to work."""
    return _plain(matter_id, Verb.START, words, (), version, request_key, by, at)


@transaction.atomic
def note_progress(
    *,
    matter_id: int,
    words: str,
    photos: Photos = (),
    version: int | None = None,
    request_key: str = "",
    by: Any,
    at: dt.datetime,
) -> models.Matter:
    """Put on file what has been done so far."""
    text = steps.needed(words, _("请写明进展。"))
    return _plain(matter_id, Verb.NOTE, text, photos, version, request_key, by, at)


@transaction.atomic
def handle_matter(
    *,
    matter_id: int,
    words: str,
    photos: Photos = (),
    version: int | None = None,
    request_key: str = "",
    by: Any,
    at: dt.datetime,
) -> models.Matter:
    """The handler has dealt with it and says how; the grid worker of the place looks again."""
    text = steps.needed(words, _("请写明怎样办理的。"))
    matter, repeated = steps.opened(
        matter_id=matter_id, verb=Verb.HANDLE, by=by, at=at, version=version, request_key=request_key
    )
    if not repeated:
        matter.handled_by, matter.handled_at = by, at
        steps.take(matter, Verb.HANDLE, by=by, at=at, words=text, photos=photos, request_key=request_key)
    return matter


@transaction.atomic
def recheck_matter(
    *,
    matter_id: int,
    solved: bool,
    words: str = "",
    photos: Photos = (),
    version: int | None = None,
    request_key: str = "",
    by: Any,
    at: dt.datetime,
) -> models.Matter:
    """The grid worker of the place has looked: solved, or back to whoever handled it, with words."""
    if not solved:
        words = steps.needed(words, _("请写明哪里还没有解决。"))
    verb = Verb.CONFIRM if solved else Verb.NOT_SOLVED
    return _plain(matter_id, verb, words, photos, version, request_key, by, at)


@transaction.atomic
def close_matter(
    *,
    matter_id: int,
    feedback: str,
    told_how: ToldHow,
    version: int | None = None,
    request_key: str = "",
    by: Any,
    at: dt.datetime,
) -> models.Matter:
    """Answer whoever reported and close; only after the re-check, and never without an answer."""
    text = steps.needed(feedback, _("请写明给报告人的答复。"), "feedback")
    matter, repeated = steps.opened(
        matter_id=matter_id, verb=Verb.CLOSE, by=by, at=at, version=version, request_key=request_key
    )
    if not repeated:
        matter.feedback, matter.told_how, matter.closed_at = text, told_how, at
        steps.take(matter, Verb.CLOSE, by=by, at=at, words=text, request_key=request_key)
    return matter


@transaction.atomic
def ask_back(
    *, matter_id: int, words: str, version: int | None = None, request_key: str = "", by: Any, at: dt.datetime
) -> models.Matter:
    """Return the matter to whoever reported it for more information; the clock stands still meanwhile."""
    text = steps.needed(words, _("请写明要补充什么。"))
    return _plain(matter_id, Verb.ASK_BACK, text, (), version, request_key, by, at)


@transaction.atomic
def supplement_matter(
    *,
    matter_id: int,
    words: str,
    photos: Photos = (),
    version: int | None = None,
    request_key: str = "",
    by: Any,
    at: dt.datetime,
) -> models.Matter:
    """The reporter adds what was asked for; the clock goes on where it stopped."""
    text = steps.needed(words, _("请写明补充的内容。"))
    return _plain(matter_id, Verb.SUPPLEMENT, text, photos, version, request_key, by, at)


@transaction.atomic
def refuse_matter(
    *, matter_id: int, words: str, version: int | None = None, request_key: str = "", by: Any, at: dt.datetime
) -> models.Matter:
    """Not a matter for this place: with the reason and where to turn instead."""
    text = steps.needed(words, _("请写明不予受理的理由。"))
    return _plain(matter_id, Verb.REFUSE, text, (), version, request_key, by, at)


@transaction.atomic
def withdraw_matter(
    *,
    matter_id: int,
    words: str = "",
    version: int | None = None,
    request_key: str = "",
    by: Any,
    at: dt.datetime,
) -> models.Matter:
    """The reporter takes it back before anybody works on it; the record stays."""
    return _plain(matter_id, Verb.WITHDRAW, words, (), version, request_key, by, at)


@transaction.atomic
def rate_matter(
    *, matter_id: int, satisfied: bool, words: str = "", request_key: str = "", by: Any, at: dt.datetime
) -> models.Matter:
    """The reporter says whether it is content. Not content reopens the matter, once and within the pack's days."""
    if not satisfied:
        words = steps.needed(words, _("请写明哪里不满意。"))
    matter, repeated = steps.opened(
        matter_id=matter_id, verb=Verb.RATE, by=by, at=at, version=None, request_key=request_key
    )
    if repeated:
        return matter
    matter.satisfied = satisfied
    steps.take(matter, Verb.RATE, by=by, at=at, words=words, request_key=request_key)
    if not satisfied and selectors.may_reopen(matter, clock.day_of(at)):
        _reopen(matter, words, by, at, "")
    return matter


@transaction.atomic
def reopen_matter(
    *, matter_id: int, words: str, version: int | None = None, request_key: str = "", by: Any, at: dt.datetime
) -> models.Matter:
    """It has come back: handled once more by the same hands."""
    text = steps.needed(words, _("请写明为什么重新办理。"))
    matter, repeated = steps.opened(
        matter_id=matter_id, verb=Verb.REOPEN, by=by, at=at, version=version, request_key=request_key
    )
    if not repeated:
        _reopen(matter, text, by, at, request_key)
    return matter


def _reopen(matter: models.Matter, words: str, by: Any, at: dt.datetime, request_key: str) -> None:
    matter.reopened += 1
    matter.satisfied = None
    matter.closed_at = None
    steps.take(matter, Verb.REOPEN, by=by, at=at, words=words, request_key=request_key)


def _plain(
    matter_id: int, verb: Verb, words: str, photos: Photos, version: int | None, request_key: str, by: Any,
    at: dt.datetime,
) -> models.Matter:  # fmt: skip
    """A step that changes nothing beyond state and clock."""
    matter, repeated = steps.opened(
        matter_id=matter_id, verb=verb, by=by, at=at, version=version, request_key=request_key
    )
    if not repeated:
        steps.take(matter, verb, by=by, at=at, words=words, photos=photos, request_key=request_key)
    return matter
