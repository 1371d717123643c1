"""One matter with everything a page, a phone or a sheet shows of it: facts, handling, photos, and the steps allowed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.core import masking
from jizhi.matters import models, rules
from jizhi.matters.rules import MatterState, Storey, Verb
from jizhi.matters.selectors import lists, scope
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action

# What the reporting household reads in full; of the other steps it reads that and when they happened.
OPEN_WORDS = frozenset(
    {Verb.REPORT, Verb.ASK_BACK, Verb.SUPPLEMENT, Verb.CLOSE, Verb.REFUSE, Verb.RATE, Verb.WITHDRAW}
)
OWN_PHOTOS = frozenset({Verb.REPORT, Verb.SUPPLEMENT})


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the handling as the file shows it."""

    no: int
    verb: Verb
    at: dt.datetime
    by: str
    words: str
    from_state: MatterState | None
    to_state: MatterState
    storey: Storey
    assigned: str
    due_date: dt.date | None
    photos: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MatterPage:
    """A matter as its page shows it. What the reader may not know is left out here, not in the template."""

    matter: models.Matter
    line: lists.MatterLine
    steps: tuple[StepLine, ...]
    reporter: str
    reporter_phone: str
    may_see_phone: bool
    confidential: bool
    household_id: int | None
    household: str
    allowed: frozenset[Verb]
    may_take_on: bool
    escalates_on: dt.date | None
    feedback: str
    told_how: rules.ToldHow | None
    merged_into: lists.MatterLine | None
    merged: tuple[lists.MatterLine, ...]
    may_reopen: bool

    @property
    def photos(self) -> tuple[int, ...]:
        """All photos of the file, in order."""
        return tuple(photo for step in self.steps for photo in step.photos)


def matter_page(user: Any, matter_id: int, *, on: dt.date) -> MatterPage:
    """One matter with its whole handling as far as the user may know it. Raises NoSuchMatter."""
    matter = scope.matter_for(user, matter_id, on=on)
    (line,) = lists.lines(models.Matter.objects.filter(pk=matter.pk))
    is_household = people.subject_of_user(user, on=on) is not None
    known = is_household or scope.may_know_reporter(user, matter, on)
    merged = [] if is_household else lists.lines(matter.merged.order_by("id"))
    into = None
    if matter.merged_into_id and not is_household:
        (into,) = lists.lines(models.Matter.objects.filter(pk=matter.merged_into_id))
    return MatterPage(
        matter=matter,
        line=line,
        steps=_steps(matter, is_household=is_household, known=known),
        reporter=_reporter(matter) if known else _("保密"),
        reporter_phone=masking.mask_phone(matter.reporter_phone or "") if known else "",
        may_see_phone=known and scope.may_see_phone(user, matter, on),
        confidential=matter.confidential,
        household_id=matter.household_id if _sees_household(user, matter, on, known) else None,
        household=str(matter.household) if matter.household and known else "",
        allowed=scope.allowed_steps(user, matter, on),
        may_take_on=scope.may_take_on(user, matter, on),
        escalates_on=None if is_household else _still_to_come(lists.escalates_on(matter), on),
        feedback=matter.feedback if matter.state == MatterState.CLOSED else "",
        told_how=rules.ToldHow(matter.told_how) if matter.told_how else None,
        merged_into=into,
        merged=tuple(merged),
        may_reopen=scope.may_reopen(matter, on),
    )


def _still_to_come(day: dt.date | None, on: dt.date) -> dt.date | None:
    """A day that passed while the daily run did not take place would promise what is not so."""
    return day if day is not None and day >= on else None


def _sees_household(user: Any, matter: models.Matter, on: dt.date, known: bool) -> bool:
    """A confidential reporter's own household would give the reporter away."""
    if matter.household is None or not known:
        return False
    return posts.can(user, Action.VIEW_HOUSEHOLDS, matter.household.area, on)


def _reporter(matter: models.Matter) -> str:
    if matter.reporter is not None:
        return matter.reporter.label
    if matter.reporter_name:
        return matter.reporter_name
    return matter.reported_by.display_name if matter.reported_by else ""


def _steps(matter: models.Matter, *, is_household: bool, known: bool) -> tuple[StepLine, ...]:
    rows = matter.steps.select_related("by").order_by("no")
    photos: dict[int, list[int]] = {}
    for photo, step in matter.photos.values_list("pk", "step_id"):
        photos.setdefault(step, []).append(photo)
    return tuple(_step(matter, row, photos.get(row.pk, []), is_household, known) for row in rows)


def _step(
    matter: models.Matter, row: models.Step, photos: list[int], is_household: bool, known: bool
) -> StepLine:
    verb = Verb(row.verb)
    if row.by is None:
        who = _("系统自动")
    elif matter.reporter is not None and row.verb in (*scope.BY_REPORTER, Verb.REPORT):
        who = matter.reporter.label if known else _("报告人（保密）")
    else:
        who = row.by.display_name
    return StepLine(
        no=row.no,
        verb=verb,
        at=row.at,
        by=who,
        words="" if is_household and verb not in OPEN_WORDS else row.words,
        from_state=MatterState(row.from_state) if row.from_state else None,
        to_state=MatterState(row.to_state),
        storey=Storey(row.storey),
        assigned=row.assigned if verb in (Verb.DISPATCH, Verb.HAND_OVER) else "",
        due_date=row.due_date if verb in rules.CLOCK_STEPS else None,
        photos=() if is_household and verb not in OWN_PHOTOS else tuple(photos),
    )


def version_after_own(user: Any, matter_id: int, version: int) -> int:
    """The matter's present version if since that one only this user has taken steps, else that one."""
    since = models.Step.objects.filter(matter=matter_id, no__gt=version).values_list("no", "by")
    steps = sorted(since)
    own = all(by == user.pk for _no, by in steps)
    whole = [no for no, _by in steps] == list(range(version + 1, version + 1 + len(steps)))
    return steps[-1][0] if steps and own and whole else version


def photo_of(user: Any, photo_id: int, *, on: dt.date) -> models.MatterPhoto:
    """A photo whose matter the user may see; a household only its own photos. Raises NoSuchMatter."""
    rows = models.MatterPhoto.objects.filter(pk=photo_id, matter__in=scope.visible_matters(user, on))
    if people.subject_of_user(user, on=on) is not None:
        rows = rows.filter(step__verb__in=OWN_PHOTOS)
    photo = rows.first()
    if photo is None:
        raise scope.NoSuchMatter(_("没有这张照片，或者您无权查看。"))
    return photo


@dataclass(frozen=True, slots=True)
class Handler:
    """Somebody who may be given a matter."""

    user_id: int
    name: str
    post: Any
    area: str


def handlers(matter: models.Matter, on: dt.date) -> list[Handler]:
    """Whoever may handle matters at the place, nearest first, each person once."""
    whole_village = matter.area_id == matter.village_id
    found: dict[int, Handler] = {}
    serving = posts.serving(Action.HANDLE_MATTER, matter.area, on, below=whole_village)
    for post in sorted(serving, key=lambda one: -len(one.area_code)):
        found.setdefault(post.user_id, Handler(post.user_id, post.name, post.kind, post.area_name))
    return list(found.values())


def handler_of(user_id: int) -> User | None:
    """The member of staff of that number, whom a matter may be given to; the service checks the permission."""
    return User.objects.filter(pk=user_id, is_active=True).first()
