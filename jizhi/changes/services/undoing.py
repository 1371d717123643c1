"""Taking a change back on the day it was made, while nothing has happened since; else the opposite change is needed.

The steps of the change are undone in the opposite order. What was appended (transfers, entries) stays and gets its
opposite; a household that the change opened is kept as void: it never took part, and its number is free again.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.changes import models, rules, selectors
from jizhi.changes.services import running
from jizhi.changes.services.stands import Stands, changed_since
from jizhi.changes.services.work import Bench
from jizhi.claims import services as claims
from jizhi.core import clock, scope
from jizhi.core.errors import DomainError
from jizhi.ledger import selectors as ledger
from jizhi.ledger import services as ledger_services
from jizhi.people import services as people
from jizhi.people.models import ClassSpell, Household, Membership, PartySpell, Person, Subject
from jizhi.people.services import memberships


class CannotUndo(DomainError):
    """Too late, or something has happened since; the message says what."""


def why_not(change: models.Change, *, on: dt.date) -> str:
    """Why this change cannot be taken back today; empty where it can."""
    if change.kind not in rules.UNDOABLE:
        return _("撤销本身不能再撤销，请重新办理。")
    if models.Change.objects.filter(undoes=change).exists():
        return _("这项变动已经撤销过了。")
    if clock.day_of(change.made_at) != on:
        return _("只能在办理当天撤销；过后请办理相反的变动。")
    if any(step[0] == "refiled" for step in change.steps):
        return _("有申报已改由另一户申报，不能撤销；请办理相反的变动。")
    households = list(change.households.values_list("household_id", flat=True))
    later = models.ChangedHousehold.objects.filter(household_id__in=households, change_id__gt=change.pk)
    if later.exists():
        return _("之后又办理过别的变动，请先撤销后来的那一项。")
    subjects = list(Household.objects.filter(pk__in=households).values_list("subject_id", flat=True))
    key = f"change:{change.request_key}"
    if ledger.anything_since(subjects, change.made_at, key) or claims.claims_filed_since(
        subject_ids=subjects, since=change.made_at
    ):
        return _("办理之后已有新的申报、积分或兑换，不能撤销；请办理相反的变动。")
    if any(step[0] == "stands" and changed_since(step[1]) for step in change.steps):
        return _("办理之后又改过这户或其成员的资料，不能撤销；请办理相反的变动。")
    return ""


@transaction.atomic
def undo_change(
    *, change: models.Change, reason: str = "", request_key: str, by: User, at: dt.datetime
) -> models.Change:
    """Take a change back. The same `request_key` again gives the undoing that is there; raises CannotUndo."""
    present = models.Change.objects.filter(request_key=request_key).first()
    if present is not None:
        return present
    today = clock.day_of(at)
    households = list(change.households.order_by("household_id").values_list("household_id", flat=True))
    try:
        bench = running.set_up(
            kind=rules.ChangeKind.UNDOING, household_ids=households, places=[], day=today,
            key=request_key, by=by, at=at,
        )  # fmt: skip
    except running.Repeated as repeat:
        return repeat.change
    refusal = why_not(change, on=today)
    if refusal:
        raise CannotUndo(refusal)
    bench.village, bench.reason = change.village, reason.strip()
    before = selectors.states(households, today=today)
    for name, *values in reversed(change.steps):
        _STEPS[name](bench, *values)
    _load_again(bench)
    bench.reprice()
    bench.persons = [
        (part.person_id, part.target_id, part.source_id, part.relation) for part in change.persons.all()
    ]
    return running.record(bench, running.effects_of(bench, before), undoes=change)


def _load_again(bench: Bench) -> None:
    """The households as the steps left them, so that sizes are reckoned from what is in the database."""
    for household in Household.objects.filter(pk__in=bench.households).select_related(
        "village", "area", "subject"
    ):
        bench.households[household.pk] = household
        if household.to_date is None:
            bench.resized.add(household.pk)
            bench.sides.setdefault(household.pk, rules.Side.CHANGED)


def _ended(bench: Bench, membership_id: int) -> None:
    Membership.objects.filter(pk=membership_id).update(to_date=None)


def _started(bench: Bench, membership_id: int) -> None:
    Membership.objects.filter(pk=membership_id).delete()


def _head(bench: Bench, household_id: int, head_id: int | None, head_name: str) -> None:
    household = Household.objects.select_related("subject").get(pk=household_id)
    household.head_name = head_name
    memberships.set_head(household, Person.objects.filter(pk=head_id).first() if head_id else None)


def _relation(bench: Bench, membership_id: int, relation: str) -> None:
    Membership.objects.filter(pk=membership_id).update(relation=relation)


def _person(bench: Bench, person_id: int, values: dict[str, Any]) -> None:
    Person.objects.filter(pk=person_id).update(**values, version=F("version") + 1)


def _created(bench: Bench, person_id: int) -> None:
    """The person stays on record without a household: somebody may have noted the number already."""


def _opened(bench: Bench, household_id: int) -> None:
    household = Household.objects.select_related("subject").get(pk=household_id)
    people.void_household(household=household, at=bench.at)
    bench.sides[household_id] = rules.Side.CLOSED


def _closed(bench: Bench, household_id: int) -> None:
    household = Household.objects.select_related("subject").get(pk=household_id)
    household.to_date = household.subject.to_date = None
    household.version += 1
    household.save(update_fields=["to_date", "version"])
    household.subject.save(update_fields=["to_date"])


def _card(bench: Bench, card_id: int) -> None:
    people.unblock_card(card_id=card_id)


def _place(bench: Bench, household_id: int, area_id: int, address: str) -> None:
    area = Area.objects.get(pk=area_id)
    if area.to_date is not None:
        raise CannotUndo(_("“%(area)s”已撤销，不能再迁回去。") % {"area": area.name})
    Household.objects.filter(pk=household_id).update(
        area_id=area_id, address=address, version=F("version") + 1
    )


def _points(bench: Bench, source_id: int, target_id: int, points: int, key: str) -> None:
    """The very lots that came go back; those of them that have expired meanwhile stay expired."""
    subjects = {
        one.pk: one for one in Subject.objects.filter(pk__in=[source_id, target_id]).select_related("village")
    }
    ledger_services.lock_wallets(subjects=list(subjects.values()), by=bench.by, at=bench.at)
    lots = ledger.lots_credited(target_id, key)
    bench.points += ledger_services.move_points(
        source=subjects[target_id],
        target=subjects[source_id],
        points=sum(lots.values()),
        lots=lots,
        request_key=f"change:{bench.key}",
        by=bench.by,
        at=bench.at,
    )


def _expiry(bench: Bench, lots: list[tuple[int, str]]) -> None:
    ledger_services.restore_expiry(lots=lots)


def _declared(bench: Bench, household_id: int, size: int) -> None:
    Household.objects.filter(pk=household_id).update(declared_size=size)


def _size(bench: Bench, subject_id: int, size: int) -> None:
    """Reckoned anew from the members, with everything that depends on it."""


def _stands(bench: Bench, before: Stands) -> None:
    """Looked at before anything is undone."""


def _party_spell(bench: Bench, spell_id: int) -> None:
    with scope.beyond("a spell may have been recorded in a village that the person left"):
        PartySpell.objects.filter(pk=spell_id).update(to_date=None)


def _class_spell(bench: Bench, spell_id: int) -> None:
    with scope.beyond("a spell may have been recorded in a village that the person left"):
        ClassSpell.objects.filter(pk=spell_id).update(to_date=None)


_STEPS: dict[str, Callable[..., None]] = {
    "ended": _ended,
    "started": _started,
    "head": _head,
    "relation": _relation,
    "person": _person,
    "created": _created,
    "opened": _opened,
    "closed": _closed,
    "card": _card,
    "place": _place,
    "points": _points,
    "expiry": _expiry,
    "declared": _declared,
    "size": _size,
    "stands": _stands,
    "party_spell": _party_spell,
    "class_spell": _class_spell,
}
