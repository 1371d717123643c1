"""A month of the members' and the branches' schemes in the main village: claims, deductions told, notice, settlement.

Meetings, deductions told by the grid workers and answers to objections are those of the households (`month`), which
take up whatever waits in the village; what is particular to these two schemes is here.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from jizhi.accounts.selectors import user_by_username
from jizhi.channels import services as channels
from jizhi.claims import selectors as claims
from jizhi.claims import services as claim_services
from jizhi.claims.rules import Channel, ClaimState, ToldHow
from jizhi.demo import posting
from jizhi.demo.month import Event, moment, next_month
from jizhi.notices import services as notices
from jizhi.notices.rules import ObjectionChannel
from jizhi.participants import selectors as participants
from jizhi.schemes import selectors as schemes

if TYPE_CHECKING:
    from jizhi.accounts.models import User
    from jizhi.demo.setup import VillageParts
    from jizhi.people.models import Subject

MEMBERS, BRANCHES = "member", "branch"
# Days of the month on which claims come in: the household meetings follow in the middle and at the end.
DAYS = (13, 27)
# Item, who files it (worker: in the grids, paper: the recorder), and how many there may be of what is counted.
DEEDS = (
    ("volunteering", Channel.WORKER, (2, 3, 4)),
    ("post-duty", Channel.WORKER, ()),
    ("one-helps-one", Channel.PAPER, ()),
    ("mediation", Channel.WORKER, ()),
    ("policy-talk", Channel.PAPER, ()),
    ("job-help", Channel.PAPER, (1, 2)),
)
WORK = (
    ("service-day", (4, 6, 9)),
    ("three-meetings", ()),
    ("dispute-settled", (1, 2)),
    ("training-held", (1,)),
)
DEEDS_EACH, AT_MEETING = 8, 18


def claim_today(part: VillageParts, at: dt.datetime) -> None:
    """The visitor's household has claimed something this morning that the grid worker has not looked at."""
    home = part.all_subjects[0]
    user = part.household_users[home.pk]
    for subject in _family(part, at.date()):
        draft = _draft(subject, "volunteering", at.date(), "today", Decimal(2), "河岸捡垃圾")
        _file(part, MEMBERS, [draft], Channel.SELF, user, at)


def _user(part: VillageParts, name: str) -> User | None:
    return user_by_username(f"{part.cast.prefix}-{name}")


def _family(part: VillageParts, day: dt.date) -> list[Subject]:
    """Who of the visitor's household takes part as a person."""
    user = part.household_users[part.all_subjects[0].pk]
    own = participants.own_subject_ids(user, on=day)
    return [one for one in _members_on(part, day) if one.pk in own]


def _no(subject: Subject) -> str:
    """The number on the list and on notices."""
    return subject.key.rpartition("-")[2]


def _members_on(part: VillageParts, day: dt.date) -> list[Subject]:
    return _on(participants.subjects_by_no(part.area, MEMBERS), day)


def _on(subjects: dict[str, Subject], day: dt.date) -> list[Subject]:
    return [
        one
        for _no, one in sorted(subjects.items())
        if one.from_date <= day and (one.to_date is None or day <= one.to_date)
    ]


def _draft(
    subject: Subject, item: str, day: dt.date, key: str, quantity: Decimal | None = None, words: str = ""
) -> claim_services.Draft:
    return claim_services.Draft(
        subject, item, day, f"demo:{item}:{subject.key}:{day}:{key}", quantity=quantity, words=words
    )


def _file(
    part: VillageParts,
    scheme: str,
    drafts: Sequence[claim_services.Draft],
    channel: Channel,
    by: User,
    at: dt.datetime,
) -> None:
    if drafts:
        claim_services.file_claims(
            village=part.area, scheme=scheme, drafts=drafts, channel=channel, by=by, at=at
        )


@dataclass
class ScoredMonth:
    """One month of both schemes; `first` is the month from which they are in force."""

    part: VillageParts
    month: dt.date
    now: dt.datetime
    first: bool
    rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.rng = random.Random(f"{self.part.cast.code}-participants-{self.month}")

    @property
    def last(self) -> bool:
        """Whether it is the month whose notice is the latest due."""
        return next_month(self.month) == self.now.date().replace(day=1)

    def events(self) -> Iterator[Event]:
        """Claims in both halves, deductions told, the notice, an objection, the settlement."""
        for day in DAYS:
            yield moment(self.month.replace(day=day), 19), self._members
            yield moment(self.month.replace(day=day), 20), self._organisations
            yield moment(self.month.replace(day=day), 21, 30), self._verify
        following = next_month(self.month)
        yield moment(following, 20), self._told
        posted = moment(following.replace(day=3), 11)
        if self.last:
            posted = max(posted, moment(self.now.date() - dt.timedelta(days=3), 11))
        yield posted, self._post
        if not self.last:
            yield posted + dt.timedelta(days=1, hours=1), self._object
        final = posted + dt.timedelta(days=schemes.clocks(self.part.area).window_days + 1)
        yield final, self._finalise
        if following.month % 3 == 1:
            yield final + dt.timedelta(days=1), self._summarise

    def _members(self, at: dt.datetime) -> None:
        """The meeting's list and deeds keyed in, deeds by the grid workers, and what families claim themselves."""
        self._follow(MEMBERS, at)
        day, late = at.date(), at.day == DAYS[1]
        members = _members_on(self.part, day)
        home = self.part.all_subjects[0]
        family = _family(self.part, day)
        recorder = self.part.staff["recorder"]
        if late:
            came = self.rng.sample(members, min(AT_MEETING, len(members)))
            _file(self.part, MEMBERS, [_draft(one, "meeting", day, "list", words="主题党日签到表") for one in came],
                  Channel.PAPER, recorder, at)  # fmt: skip
            away = [one for one in members if one not in came and one not in family]
            missed = [*family[:1], *away[:1]] if self.last or self.first else away[:1]
            _file(self.part, MEMBERS, [_draft(one, "absent", day, "list", words="未请假") for one in missed],
                  Channel.PAPER, recorder, at)  # fmt: skip
        self._deeds(members, at)
        self._own(family, self.part.household_users[home.pk], at)
        self._secretary(members, at)

    def _follow(self, scheme: str, at: dt.datetime) -> None:
        """Once a month; what happens meanwhile the next month's run finds."""
        if at.day == DAYS[0]:
            channels.follow_registers(village=self.part.area, scheme=scheme, by=None, at=at)

    def _deeds(self, members: Sequence[Subject], at: dt.datetime) -> None:
        grids = participants.areas_of_subjects([one.pk for one in members])
        by_worker: dict[int, list[claim_services.Draft]] = {}
        keyed: list[claim_services.Draft] = []
        for number in range(DEEDS_EACH if members else 0):
            item, channel, amounts = self.rng.choice(DEEDS)
            subject = self.rng.choice(members)
            quantity = Decimal(self.rng.choice(amounts)) if amounts else None
            draft = _draft(
                subject, item, at.date() - dt.timedelta(days=number % 9), f"deed-{number}", quantity
            )
            if channel is Channel.WORKER:
                by_worker.setdefault(grids[subject.pk].pk, []).append(draft)
            else:
                keyed.append(draft)
        for grid, drafts in by_worker.items():
            _file(self.part, MEMBERS, drafts, Channel.WORKER, self.part.workers[grid], at)
        _file(self.part, MEMBERS, keyed, Channel.PAPER, self.part.staff["recorder"], at)

    def _own(self, family: Sequence[Subject], user: User, at: dt.datetime) -> None:
        """The household's card claims for its member."""
        day = at.date() - dt.timedelta(days=1)
        drafts = [_draft(one, "volunteering", day, "own", Decimal(3), "村口文明劝导") for one in family[:1]]
        _file(self.part, MEMBERS, drafts, Channel.SELF, user, at)

    def _secretary(self, members: Sequence[Subject], at: dt.datetime) -> None:
        """The secretary claims for the own person."""
        user = _user(self.part, "secretary")
        own = participants.own_subject_ids(user, on=at.date())
        drafts = [
            _draft(one, "policy-talk", at.date(), "own", words="讲医保缴费")
            for one in members
            if one.pk in own
        ]
        if user is not None:
            _file(self.part, MEMBERS, drafts, Channel.SELF, user, at)

    def _organisations(self, at: dt.datetime) -> None:
        """Branches and groups: the first half's work keyed in, with the second the theme day; one group had none."""
        self._follow(BRANCHES, at)
        day, recorder = at.date(), self.part.staff["recorder"]
        rows = _on(participants.subjects_by_no(self.part.area, BRANCHES), day)
        user = _user(self.part, "secretary")
        led = participants.own_subject_ids(user, on=day)
        if at.day != DAYS[1]:
            drafts = [self._work(one, day) for one in rows]
            _file(self.part, BRANCHES, drafts, Channel.PAPER, recorder, at)
            return
        idle = rows[-1:]
        held = [_draft(one, "theme-day", day, "half") for one in rows if one not in idle]
        mine = [one for one in held if one.subject.pk in led]
        _file(self.part, BRANCHES, [one for one in held if one not in mine], Channel.PAPER, recorder, at)
        if user is not None:
            _file(self.part, BRANCHES, mine, Channel.SELF, user, at)
        missed = [_draft(one, "no-theme-day", day, "half", words="当月未开展") for one in idle]
        _file(self.part, BRANCHES, missed, Channel.PAPER, recorder, at)

    def _work(self, subject: Subject, day: dt.date) -> claim_services.Draft:
        item, amounts = self.rng.choice(WORK)
        return _draft(subject, item, day, "half", Decimal(self.rng.choice(amounts)) if amounts else None)

    def _verify(self, at: dt.datetime) -> None:
        """What lies in no grid the head grid leader looks at; the workers see to the rest."""
        head = _user(self.part, "head")
        if head is None:
            return
        waiting = claims.queue(head, on=at.date(), state=ClaimState.FILED).filter(
            area=self.part.area, scheme=BRANCHES
        )
        numbers = list(waiting.values_list("pk", flat=True))
        if numbers:
            claim_services.verify_claims(claim_ids=numbers, note="看过记录和签到表", by=head, at=at)

    def _told(self, at: dt.datetime) -> None:
        """The visitor's household reads the message about its member's deduction; a group is told by telephone."""
        home, recorder = self.part.all_subjects[0], self.part.staff["recorder"]
        waiting = claims.queue(recorder, on=at.date(), state=ClaimState.APPROVED)
        family = [one.pk for one in _family(self.part, at.date())]
        own = list(waiting.filter(subject__in=family).values_list("pk", flat=True))
        if own:
            claim_services.tell_faults(
                claim_ids=own, how=ToldHow.MESSAGE, by=self.part.household_users[home.pk], at=at
            )
        groups = list(waiting.filter(scheme=BRANCHES).values_list("pk", flat=True))
        if groups:
            proof = claim_services.Proof(person="党小组组长", answer="知道了，下月补上。")
            claim_services.tell_faults(claim_ids=groups, how=ToldHow.CALL, proof=proof, by=recorder, at=at)

    def _post(self, at: dt.datetime) -> None:
        for scheme in (MEMBERS, BRANCHES):
            posting.post(self.part, scheme, self.month, at)

    def _object(self, at: dt.datetime) -> None:
        """The visitor's household objects to its member's deduction; the committee answers with the households'."""
        page = posting.notice(self.part, MEMBERS, self.month)
        if page is None or page.notice is None:
            return
        family = {_no(one) for one in _family(self.part, at.date())}
        home = self.part.all_subjects[0]
        faults = [entry for row in page.rows if row.no in family for entry in row.listed if entry.points < 0]
        for entry in faults[:1]:
            notices.file_objection(
                notice=page.notice, fact_id=entry.fact, subject=home, grounds="那天在镇卫生院住院，向小组长请过假。",
                channel=ObjectionChannel.PHONE_PAGE, request_key=f"demo:objection:member:{self.month}",
                by=self.part.household_users[home.pk], at=at,
            )  # fmt: skip

    def _finalise(self, at: dt.datetime) -> None:
        for scheme in (MEMBERS, BRANCHES):
            posting.finalise(self.part, scheme, self.month, at)

    def _summarise(self, at: dt.datetime) -> None:
        for scheme in (MEMBERS, BRANCHES):
            posting.summarise(self.part, scheme, self.month, at)
