"""The workbench of one change: locked households, the steps written so far, and the writes that several kinds share.

Every write is remembered as a step, so that `undoing` can take it back. Nothing here decides what a change is.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.changes import rules
from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.claims.selectors import HOUSEHOLD_SCHEME
from jizhi.core import clock
from jizhi.core.errors import DomainError
from jizhi.ledger import selectors as ledger
from jizhi.ledger import services as ledger_services
from jizhi.people import rules as people_rules
from jizhi.people import services as people
from jizhi.people.models import Household, Membership, Person
from jizhi.people.services import memberships
from jizhi.schemes import selectors as schemes


class BadChange(DomainError):
    """The change cannot be made as ordered; `place` names the field."""


@dataclass
class Bench:
    """What a change has at hand while it runs; `key` makes a repeat harmless."""

    kind: rules.ChangeKind
    village: Area
    day: dt.date
    key: str
    by: User
    at: dt.datetime
    households: dict[int, Household]
    claims: list[Claim]
    steps: list[list[Any]] = field(default_factory=list)
    sides: dict[int, rules.Side] = field(default_factory=dict)
    successors: dict[int, int] = field(default_factory=dict)
    persons: list[tuple[int, int | None, int | None, str]] = field(default_factory=list)
    refiled: list[tuple[Claim, Claim]] = field(default_factory=list)
    resized: set[int] = field(default_factory=set)
    points: int = 0
    until: dt.date | None = None
    reason: str = ""

    @property
    def today(self) -> dt.date:
        """The day on which the change is made."""
        return clock.day_of(self.at)

    @property
    def last_day(self) -> dt.date:
        """The last day of how things were before."""
        return self.day - dt.timedelta(days=1)

    @property
    def person_ids(self) -> set[int]:
        """Everybody whom the change names or wrote."""
        return {part[0] for part in self.persons} | {step[1] for step in self.steps if step[0] == "person"}

    def step(self, name: str, *values: Any) -> None:
        """Remember a write."""
        self.steps.append([name, *values])

    def open_household(self, household_id: int, place: str = "household") -> Household:
        """A locked household that is on the register; raises BadChange."""
        household = self.households[household_id]
        if household.to_date is not None or household.subject.void:
            raise BadChange(_("%(no)s户已经销户。") % {"no": household.no}, place=place)
        if household.from_date > self.day:
            raise BadChange(
                _("日期不能早于%(no)s户的立户日期%(day)s。")
                % {"no": household.no, "day": household.from_date},
                place="day",
            )
        self.sides.setdefault(household_id, rules.Side.CHANGED)
        return household

    # Members

    def leave(
        self, household: Household, person_ids: Sequence[int], last_day: dt.date | None = None
    ) -> list[Membership]:
        """Members leave with the day before the change, or with `last_day`."""
        ended = memberships.end_members(household, person_ids, last_day or self.last_day)
        for membership in ended:
            self.step("ended", membership.pk)
        self._declare(household, -len(ended))
        return ended

    def join(self, household: Household, person: Person, relation: str) -> Membership:
        """A person becomes a member on the day of the change."""
        started = memberships.start_member(household, person, relation, self.day)
        self.step("started", started.pk)
        self._declare(household, 1)
        return started

    def _declare(self, household: Household, by: int) -> None:
        """A size that the household declared follows its members; where none is declared they are counted."""
        self.resized.add(household.pk)
        if household.declared_size is not None:
            self.step("declared", household.pk, household.declared_size)
            household.declared_size = max(1, household.declared_size + by)
            household.save(update_fields=["declared_size"])

    def carry_members(
        self, source: Household, target: Household, person_ids: Sequence[int], relations: Mapping[int, str]
    ) -> None:
        """Members go from one household to the other on the day of the change."""
        for membership in self.leave(source, person_ids):
            relation = relations.get(membership.person_id, membership.relation)
            self.join(target, membership.person, relation)
            self.persons.append((membership.person_id, source.pk, target.pk, relation))

    def make_head(self, household: Household, person_id: int | None) -> None:
        """Make a member the head; the old head's and the new one's relations follow."""
        self.step("head", household.pk, household.head_id, household.head_name)
        members = Membership.objects.filter(household=household, to_date=None).select_related("person")
        head = None
        for membership in members:
            relation = membership.relation
            if membership.person_id == person_id:
                head, relation = membership.person, people_rules.HEAD
            elif relation == people_rules.HEAD:
                relation = ""
            if relation != membership.relation:
                self.step("relation", membership.pk, membership.relation)
                membership.relation = relation
                membership.save(update_fields=["relation"])
        if person_id is not None and head is None:
            raise BadChange(_("户主须是这户的成员。"), place="head")
        memberships.set_head(household, head)

    def set_person(self, person: Person, **values: Any) -> None:
        """Write plain facts of a person: residence and dates."""
        before = {name: _plain(getattr(person, name)) for name in values}
        self.step("person", person.pk, before)
        for name, value in values.items():
            setattr(person, name, value)
        person.version += 1
        person.save(update_fields=[*values, "version"])

    # Households

    def open_new(
        self, *, village: Area, grid: Area | None, no: str, head: Person, address: str, phone: str = ""
    ) -> Household:
        """Register a household of the change; its members come by `carry_members`."""
        household = people.create_household(
            no=no,
            head_name=head.name,
            village=village,
            area=grid,
            address=address,
            phone=phone,
            from_date=self.day,
            by=self.by,
            at=self.at,
        )
        self.step("opened", household.pk)
        self.households[household.pk] = household
        self.sides[household.pk] = rules.Side.OPENED
        return household

    def close(self, household: Household, *, successor: Household | None, keep_card: bool = False) -> None:
        """End a household with the day before the change. Acts of the day itself still count for its subject."""
        self._check_can_close(household)
        card = (
            None
            if keep_card
            else people.block_card_of(household=household, reason=self.kind.label, at=self.at)
        )
        if card is not None:
            self.step("card", card)
        household.to_date, household.subject.to_date = self.last_day, self.day
        household.version += 1
        household.save(update_fields=["to_date", "version"])
        household.subject.save(update_fields=["to_date"])
        self.step("closed", household.pk)
        self.sides[household.pk] = rules.Side.CLOSED
        self.resized.discard(household.pk)
        if successor is not None:
            self.successors[household.pk] = successor.pk

    def _check_can_close(self, household: Household) -> None:
        if household.from_date > self.last_day:
            raise BadChange(
                _("%(no)s户在%(day)s才立户，日期要更晚一些。")
                % {"no": household.no, "day": household.from_date},
                place="day",
            )
        last = ledger.last_act_days([household.subject_id]).get(household.subject_id)
        late = [claim.act_date for claim in self.claims if claim.subject_id == household.subject_id]
        moved = {claim.pk for claim, _new in self.refiled}
        staying = [
            c.act_date for c in self.claims if c.pk not in moved and c.subject_id == household.subject_id
        ]
        latest = max([day for day in (last, *(staying if late else ())) if day], default=None)
        if latest is not None and latest > self.day:
            raise BadChange(
                _("%(no)s户在%(day)s还有积分事项，变动日期不能早于这一天。")
                % {"no": household.no, "day": latest},
                place="day",
            )

    # Points and claims

    def wallet(self, household: Household) -> int:
        """What the household's wallet holds, locked, without what has expired."""
        held = ledger_services.lock_wallets(subjects=[household.subject], by=self.by, at=self.at)
        return held[household.subject_id].balance

    def move_points(self, source: Household, target: Household, points: int | None = None) -> int:
        """Move spendable points, all where no number is given; lots keep their expiry."""
        held = ledger_services.lock_wallets(subjects=[source.subject, target.subject], by=self.by, at=self.at)
        wanted = held[source.subject_id].balance if points is None else points
        key = f"change:{self.key}"
        moved = ledger_services.move_points(
            source=source.subject,
            target=target.subject,
            points=wanted,
            request_key=key,
            by=self.by,
            at=self.at,
        )
        if moved:
            self.step("points", source.subject_id, target.subject_id, moved, key)
        self.points += moved
        return moved

    def leave_points(self, household: Household, until: dt.date | None) -> None:
        """What stays behind can be spent until that day at the latest."""
        if until is None:
            return
        if until < self.today:
            raise BadChange(_("兑换期限不能早于今天。"), place="until")
        lots = ledger_services.bring_forward_expiry(
            subject=household.subject, until=until, by=self.by, at=self.at
        )
        self.step("expiry", lots)
        self.until = until

    def refile(self, claim_ids: Collection[int], target: Household) -> None:
        """The claims chosen are filed anew for the other household; the others stay where they are."""
        chosen = [claim for claim in self.claims if claim.pk in claim_ids]
        if len(chosen) != len(set(claim_ids)):
            raise BadChange(_("有申报已经办完或撤回，请重新选择。"), place="refile")
        self.refiled += claims.hand_over_claims(
            claims=chosen, target=target.subject, key=f"change:{self.key}", by=self.by, at=self.at
        )
        if chosen:
            self.step("refiled", [claim.pk for claim in chosen])

    def reprice(self) -> None:
        """Sizes follow the members; where a size changed, what depends on it is priced anew in the same transaction."""
        changed = []
        for number in sorted(self.resized):
            household = self.households[number]
            before = household.subject.size
            if household.to_date is None and memberships.refresh_size(household, self.today):
                self.step("size", household.subject_id, before)
                changed.append(household)
        ended = [self.households[n] for n, side in self.sides.items() if side is rules.Side.CLOSED]
        for village in {row.village_id: row.village for row in [*changed, *ended]}.values():
            if schemes.first_days_in_force([village], HOUSEHOLD_SCHEME):
                subjects = [row.subject_id for row in [*changed, *ended] if row.village_id == village.pk]
                claims.reprice_subjects(
                    subject_ids=subjects,
                    scheme=HOUSEHOLD_SCHEME,
                    reason=self.kind.label,
                    by=self.by,
                    at=self.at,
                )


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    return value.isoformat() if isinstance(value, dt.date) else str(value)
