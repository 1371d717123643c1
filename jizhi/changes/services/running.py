"""Making a change and previewing it: locks in a fixed order, the work itself, states before and after, the record.

A preview is the change itself, made inside a savepoint and taken back: what it shows is what confirming does. The
digest over it travels with the form; where the register has moved on meanwhile, confirming raises Conflict.
"""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.areas.services import hold_tree
from jizhi.changes import models, rules, selectors
from jizhi.changes.services.orders import Order
from jizhi.changes.services.stands import stands
from jizhi.changes.services.work import BadChange, Bench
from jizhi.claims import services as claims
from jizhi.core import audit, clock
from jizhi.core.errors import Conflict
from jizhi.ledger import services as ledger_services
from jizhi.people import services as people_services
from jizhi.people.models import Household, Membership
from jizhi.people.services import memberships
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class Blocked(BadChange):
    """Something open must be settled before the household may end."""


class Repeated(Exception):
    """While the locks were waited for, the change of this request was made."""

    def __init__(self, change: models.Change) -> None:
        super().__init__(change.pk)
        self.change = change


@dataclass(frozen=True)
class Recipe:
    """How a kind of change is made; `touches` are the households to lock, `places` villages beyond theirs."""

    kind: Callable[[Any], rules.ChangeKind]
    perform: Callable[[Any, Bench], None]
    touches: Callable[[Any], list[int]]
    ending: Callable[[Any], list[int]]
    places: Callable[[Any], list[Area]] = lambda order: []


@dataclass(frozen=True)
class Made:
    """A change as made inside the transaction."""

    bench: Bench
    effects: tuple[selectors.HouseholdEffect, ...]
    claims: tuple[selectors.ClaimState, ...]
    concerns: tuple[rules.Concern, ...]

    @property
    def preview(self) -> selectors.Preview:
        """What the page shows, with its digest."""
        shown = selectors.Preview(
            kind=self.bench.kind,
            day=self.bench.day,
            households=self.effects,
            moved=self.bench.points,
            claims=self.claims,
            concerns=self.concerns,
            digest="",
        )
        return selectors.Preview(
            shown.kind, shown.day, shown.households, shown.moved, shown.claims, shown.concerns, _digest(shown)
        )


def _digest(preview: selectors.Preview) -> str:
    """Over figures only; a household opened by the change has another number each time it is tried."""
    figures = {
        "kind": preview.kind,
        "day": preview.day,
        "moved": preview.moved,
        "households": [
            [effect.side, effect.before and effect.before.as_json(), effect.after.as_json()]
            for effect in preview.households
        ],
        "lots": [[lot.expires_date, lot.remaining] for e in preview.households for lot in e.after.lots],
        "claims": [[one.line.id, one.fate] for one in preview.claims],
        "concerns": [[one.subject_id, str(one.text)] for one in preview.concerns],
    }
    return hashlib.sha256(json.dumps(figures, cls=DjangoJSONEncoder).encode()).hexdigest()


class _TakenBack(Exception):
    """Ends the savepoint of a preview."""


def preview(
    order: Order, recipe: Recipe, *, concerns: rules.Concerns, by: User, at: dt.datetime
) -> selectors.Preview:
    """Make the change, look at it, take it back. Raises what making it would raise, except Blocked."""
    shown: list[selectors.Preview] = []
    try:
        with transaction.atomic():
            shown.append(_make(order, recipe, concerns, str(uuid.uuid4()), by, at).preview)
            raise _TakenBack
    except _TakenBack:
        return shown[0]


@transaction.atomic
def apply(
    order: Order,
    recipe: Recipe,
    *,
    concerns: rules.Concerns,
    received: rules.Received,
    request_key: str,
    expected: str,
    by: User,
    at: dt.datetime,
) -> models.Change:
    """Make the change and record it. The same `request_key` again gives the change that is there.

    `expected` is the digest of the preview that was confirmed; raises Conflict where it no longer fits, and Blocked.
    `received` is told last whose wallets the change may have filled.
    """
    present = models.Change.objects.filter(request_key=request_key).first()
    if present is not None:
        return present
    try:
        made = _make(order, recipe, concerns, request_key, by, at)
    except Repeated as repeat:
        return repeat.change
    shown = made.preview
    if shown.blocked:
        raise Blocked("\n".join(str(concern.text) for concern in shown.concerns if concern.blocks))
    if expected and expected != shown.digest:
        raise Conflict(_("预览之后数据有了变化，请核对新的预览后再确认。"))
    change = record(made.bench, made.effects)
    received([household.subject_id for household in made.bench.households.values()], by, at)
    return change


def _make(
    order: Order, recipe: Recipe, concerns: rules.Concerns, key: str, by: User, at: dt.datetime
) -> Made:
    today = clock.day_of(at)
    if order.day > today:
        raise BadChange(_("日期不能晚于今天。"), place="day")
    touched = sorted(set(recipe.touches(order)))
    bench = set_up(
        kind=recipe.kind(order), household_ids=touched, places=recipe.places(order), day=order.day,
        key=key, by=by, at=at,
    )  # fmt: skip
    bench.village, bench.reason = bench.households[order.household_id].village, order.reason.strip()
    subjects = [household.subject_id for household in bench.households.values()]
    ending = [bench.households[number].subject_id for number in recipe.ending(order)]
    open_now = tuple(concerns(subjects, ending, order.day)) + _untold(bench, ending)
    lines = selectors.claims_waiting(subjects) if subjects else []
    before = selectors.states(touched, today=today)
    recipe.perform(order, bench)
    bench.reprice()
    return Made(
        bench=bench,
        effects=effects_of(bench, before),
        claims=tuple(
            selectors.ClaimState(
                line, rules.ClaimFate.REFILED if line.id in order.refile else rules.ClaimFate.STAYS
            )
            for line in lines
        ),
        concerns=open_now,
    )


def _untold(bench: Bench, ending: list[int]) -> tuple[rules.Concern, ...]:
    """Deductions decided but not told: a household that ends must have been told of them first."""
    counts: dict[int, int] = {}
    for claim in bench.claims:
        if claim.state == "approved":
            counts[claim.subject_id] = counts.get(claim.subject_id, 0) + 1
    return tuple(
        rules.Concern(
            subject,
            _("有%(count)s条扣分还没有告知；整户变动前请先告知。") % {"count": count}
            if subject in ending
            else _("有%(count)s条扣分还没有告知，仍由原户承担。") % {"count": count},
            subject in ending,
        )
        for subject, count in sorted(counts.items())
    )


def set_up(
    *,
    kind: rules.ChangeKind,
    household_ids: list[int],
    places: list[Area],
    day: dt.date,
    key: str,
    by: User,
    at: dt.datetime,
) -> Bench:
    """Check permission and take all locks: the tree, villages, households, waiting claims, subjects; wallets come last.

    Raises Repeated where a change of this key was made meanwhile.
    """
    hold_tree()
    found = Household.objects.filter(pk__in=household_ids).select_related("village", "area")
    villages = {row.village_id: row.village for row in found} | {place.pk: place for place in places}
    for area in [*(row.area for row in found), *places]:
        posts.check_can(by, Action.CHANGE_HOUSEHOLDS, area, clock.day_of(at))
    list(Area.objects.select_for_update(no_key=True).filter(pk__in=villages).order_by("pk").values_list("pk"))
    households = memberships.lock_households(household_ids)
    if made := models.Change.objects.filter(request_key=key).first():
        raise Repeated(made)
    if len(households) != len(household_ids) or not households:
        raise BadChange(_("没有这户，或不在您的工作范围内。"), place="household")
    subjects = [household.subject_id for household in households.values()]
    waiting = claims.lock_waiting(subject_ids=subjects)
    ledger_services.lock_subjects(subjects)
    first = next(iter(households.values())).village
    return Bench(
        kind=kind, village=first, day=day, key=key, by=by, at=at, households=households, claims=waiting
    )


def effects_of(
    bench: Bench, before: Mapping[int, selectors.HouseholdState]
) -> tuple[selectors.HouseholdEffect, ...]:
    """Every household of the change before and after."""
    after = selectors.states(list(bench.households), today=bench.today)
    return tuple(
        selectors.HouseholdEffect(
            side=bench.sides.get(number, rules.Side.CHANGED), before=before.get(number), after=state
        )
        for number, state in sorted(after.items())
    )


def record(
    bench: Bench, effects: tuple[selectors.HouseholdEffect, ...], undoes: models.Change | None = None
) -> models.Change:
    """Append the change with its parts, tell the households, leave the audit event."""
    if undoes is None:
        bench.step("stands", stands(bench.households, bench.person_ids))
    change = models.Change.objects.create(
        kind=bench.kind,
        day=bench.day,
        village=bench.village,
        reason=bench.reason[:200],
        points=bench.points,
        until_date=bench.until,
        steps=bench.steps,
        undoes=undoes,
        request_key=bench.key,
        made_at=bench.at,
        made_by=bench.by,
    )
    models.ChangedHousehold.objects.bulk_create(
        [
            models.ChangedHousehold(
                change=change,
                household_id=effect.after.household_id,
                village_id=effect.after.village_id,
                side=effect.side,
                successor_id=bench.successors.get(effect.after.household_id),
                before=effect.before.as_json() if effect.before else {},
                after=effect.after.as_json(),
            )
            for effect in effects
        ]
    )
    models.ChangedPerson.objects.bulk_create(
        [
            models.ChangedPerson(
                change=change,
                person_id=person,
                village=bench.village,
                source_id=source,
                target_id=target,
                relation=relation[:20],
            )
            for person, source, target, relation in bench.persons
        ]
    )
    models.ChangedClaim.objects.bulk_create(
        [
            models.ChangedClaim(change=change, village_id=new.village_id, claim=old, refiled=new)
            for old, new in bench.refiled
        ]
    )
    _tell(bench, change)
    audit.record_event(
        by=bench.by,
        at=bench.at,
        verb=f"household.{bench.kind}",
        target=change,
        area_path=bench.village.path,
        detail={"day": bench.day, "households": [e.after.as_json() for e in effects], "points": bench.points},
    )
    return change


def _tell(bench: Bench, change: models.Change) -> None:
    """Every household that goes on reads in its inbox what was changed."""
    people_services.tell_subjects(
        messages=[
            people_services.new_message(
                subject=household.subject,
                kind="household.change",
                title=_TITLES[bench.kind],
                body=bench.reason,
                link="",
                at=bench.at,
            )
            for household in bench.households.values()
            if household.to_date is None and not household.subject.void
        ]
    )


class _Title:
    """The kind's word in whichever language is active when it is asked for."""

    def __init__(self, kind: rules.ChangeKind) -> None:
        self.kind = kind

    def __str__(self) -> str:
        return _("户籍变动：%(kind)s") % {"kind": _(self.kind.label)}


_TITLES = {kind: _Title(kind) for kind in rules.ChangeKind}


def current_members(household: Household) -> list[Membership]:
    """Members without a last day."""
    rows = Membership.objects.filter(household=household, to_date=None).select_related("person")
    return list(rows.order_by("id"))
