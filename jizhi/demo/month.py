"""A village's month as it is lived: claims, verification, meetings, told faults, notice, objections, goods.

Everything goes through the services, at the moments at which it would have happened; what lies in the future of
`now` is left for the visitor to do.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from jizhi.claims import selectors as claims
from jizhi.claims import services as claim_services
from jizhi.claims.rules import Channel, ClaimState, ToldHow
from jizhi.demo import acts, hearings, posting, setup
from jizhi.demo.acts import Act
from jizhi.engine.document.item import Item
from jizhi.engine.document.points import Between, Ladder
from jizhi.ledger import selectors as ledger
from jizhi.notices import selectors as notices
from jizhi.notices import services as notice_services
from jizhi.notices.rules import ObjectionChannel
from jizhi.notices.rules import Outcome as Hearing
from jizhi.reviews import selectors as reviews
from jizhi.reviews import services as review_services
from jizhi.reviews.rules import Choice, Outcome, SeatRole, Voting
from jizhi.schemes import selectors as schemes
from jizhi.seals import services as seal_services
from jizhi.store import selectors as store
from jizhi.store import services as store_services

if TYPE_CHECKING:
    from jizhi.accounts.models import User

ZONE = ZoneInfo("Asia/Shanghai")
SHARE = 0.5
# One village posts late in one month, another has to take a notice down and post it again.
LATE_MONTH, MENDED_MONTH = 7, 5
Event = tuple[dt.datetime, Callable[[dt.datetime], None]]


def moment(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def next_month(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=32)).replace(day=1)


@dataclass
class VillageMonth:
    """One month of one village. `last` is the month whose notice is the latest due."""

    parts: setup.VillageParts
    month: dt.date
    now: dt.datetime
    last: bool
    rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.rng = random.Random(f"{self.parts.cast.code}-{self.month}")

    def events(self) -> Iterator[Event]:
        """What happens, in the order of time; only what lies before `now`."""
        found = sorted([*self._claim_events(), *self._after_month()], key=lambda event: event[0])
        return (event for event in found if event[0] <= self.now)

    def _claim_events(self) -> Iterator[Event]:
        document = schemes.scheme_on(self.parts.area, setup.SCHEME, self.month)
        drawn = acts.acts_of_month(document, self.parts.all_subjects, self.month, SHARE, self.rng)
        own = [act for act in drawn if act.by_self and (self._is_recent or act.act_date.day % 3 == 0)]
        others = [act for act in drawn if act not in own]
        if self._is_recent:  # the household that the sign-in line names has something to show
            own[:3] = [replace(act, subject=self.parts.all_subjects[0]) for act in own[:3]]
        for number, act in enumerate(own):
            yield moment(act.act_date, 19, number % 60), self._file_self(act, number)
        if next_month(self.month) > self.now.date():  # what was verified yesterday waits for the next meeting
            yield self.now - dt.timedelta(days=1), self._verify
        for opening, close in self._halves():
            part = [act for act in others if opening <= act.act_date <= close]
            yield moment(close, 20), self._file_others(part)
            yield moment(close, 21), self._verify
            yield moment(close + dt.timedelta(days=1), 15), self._meet
            yield moment(close + dt.timedelta(days=2), 9), self._tell
            for day in (2, 3):  # the nights after the meeting and after the telling
                yield moment(close + dt.timedelta(days=day), 0) + dt.timedelta(minutes=10), self._seal

    @property
    def _is_recent(self) -> bool:
        """The last months are lived in more detail: that is where a visitor looks, and the first start stays short."""
        return moment(self.month, 0) > self.now - dt.timedelta(days=62)

    def _halves(self) -> list[tuple[dt.date, dt.date]]:
        """The spans after which the panel meets: two a month of late, one before."""
        last = next_month(self.month) - dt.timedelta(days=1)
        if not self._is_recent:
            return [(self.month, last)]
        middle = self.month.replace(day=15)
        return [(self.month, middle), (middle + dt.timedelta(days=1), last)]

    def _after_month(self) -> Iterator[Event]:
        following = next_month(self.month)
        posted = moment(following.replace(day=3), 10)
        if self.last and self.parts.cast.shows == "notice-due":
            return
        if self.last and self.parts.cast.shows == "notice-open":
            posted = max(
                posted, (self.now - dt.timedelta(days=3)).replace(hour=10, minute=0, second=0, microsecond=0)
            )
        if self.parts.cast.shows == "notice-due" and self.month.month == LATE_MONTH:
            posted = posted.replace(day=19)
        yield posted, self._post
        yield posted + dt.timedelta(days=1), self._object
        yield posted + dt.timedelta(days=2), self._answer
        yield from self._hearings(posted)
        yield posted + dt.timedelta(days=3), self._seal
        if self.last and self.parts.cast.shows == "notice-open":
            yield posted + dt.timedelta(days=2, hours=1), self._extend
        if self.parts.cast.shows == "finalised" and self.month.month == MENDED_MONTH:
            yield posted + dt.timedelta(days=3), self._withdraw
            posted += dt.timedelta(days=4)
            yield posted, self._post
        final = posted + dt.timedelta(days=schemes.clocks(self.parts.area).window_days + 1)
        yield final, self._finalise
        if following.month % 3 == 1:
            yield final + dt.timedelta(days=1), self._summarise
        yield moment(next_month(following), 9), self._redeem
        yield moment(next_month(next_month(following)).replace(day=4), 10), self._post_redemptions

    def _hearings(self, posted: dt.datetime) -> Iterator[Event]:
        """Appeals in some months; in the last one an appeal and two letters wait for the visitor."""
        if self.last or self.month.month % 3 == 0:
            period = f"{self.month:%Y-%m}"
            yield posted + dt.timedelta(days=2, hours=1), lambda at: hearings.appeal(self.parts, period, at)
            yield posted + dt.timedelta(days=2, hours=2), lambda at: hearings.write(self.parts, at)
        if not self.last and self.month.month % 3 == 0:
            yield posted + dt.timedelta(days=4), lambda at: hearings.hear(self.parts, at)
            yield posted + dt.timedelta(days=4, hours=1), lambda at: hearings.reply(self.parts, at)

    def _file_self(self, act: Act, number: int) -> Callable[[dt.datetime], None]:
        def file(at: dt.datetime) -> None:
            user = self.parts.household_users[act.subject.pk]
            self._file([act], Channel.SELF, user, at, number)

        return file

    def _file_others(self, drawn: Sequence[Act]) -> Callable[[dt.datetime], None]:
        def file(at: dt.datetime) -> None:
            grids = {subject.pk: grid for grid, rows in self.parts.subjects.items() for subject in rows}
            mine = [act for act in drawn if "worker" in act.item.claim]
            mine.sort(key=lambda act: grids[act.subject.pk])
            for grid, group in groupby(mine, key=lambda act: grids[act.subject.pk]):
                self._file(list(group), Channel.WORKER, self.parts.workers[grid], at, grid)
            rest = [act for act in drawn if "worker" not in act.item.claim and "recorder" in act.item.claim]
            self._file(rest, Channel.PAPER, self.parts.staff["recorder"], at, 0)

        return file

    def _file(self, drawn: Sequence[Act], channel: Channel, by: User, at: dt.datetime, salt: int) -> None:
        drafts = [
            claim_services.Draft(
                subject=act.subject,
                item=act.item.id,
                act_date=act.act_date,
                request_key=f"demo:{self.parts.cast.code}:{at:%Y%m%d%H}:{channel}:{salt}:{number}",
                quantity=act.quantity,
                grade=act.grade,
                words=act.words,
            )
            for number, act in enumerate(drawn)
        ]
        if drafts:
            claim_services.file_claims(
                village=self.parts.area,
                scheme=setup.SCHEME,
                drafts=drafts,
                channel=channel,
                by=by,
                at=at,
            )

    def _verify(self, at: dt.datetime) -> None:
        for worker in self.parts.workers.values():
            rows = claims.lines(claims.queue(worker, on=at.date(), state=ClaimState.FILED))
            for row in rows:
                if self.rng.random() < 0.02:
                    claim_services.return_claim(
                        claim_id=row.id, reason="请补充证明人或照片。", by=worker, at=at
                    )
            kept = claims.queue(worker, on=at.date(), state=ClaimState.FILED).values_list("id", flat=True)
            if kept:
                claim_services.verify_claims(claim_ids=list(kept), note="已上门核实", by=worker, at=at)

    def _meet(self, at: dt.datetime) -> None:
        recorder = self.parts.staff["recorder"]
        cases = claims.cases_waiting(self.parts.area)
        if not cases:
            return
        sitting = reviews.seats_of(self.parts.panel)
        seats = [seat.id for seat in sitting if seat.can_vote]
        absent = self.rng.choice((None, None, seats[-1]))
        present = [seat for seat in seats if seat != absent]
        watching = [seat.id for seat in sitting if not seat.can_vote]
        secret = self._is_recent and self.parts.cast.shows == "finalised" and at.day > 15
        meeting = review_services.open_meeting(
            panel=self.parts.panel, held_on_date=at.date(), place="村委会会议室",
            voting=Voting.SECRET if secret else Voting.OPEN,
            case_ids=cases, seat_ids=[*present, *watching], by=recorder, at=at,
        )  # fmt: skip
        rulings = [self._ruling(row, present) for row in claims.lines_of_cases(cases).values()]
        claim_services.decide_claims(meeting=meeting, rulings=rulings, by=recorder, at=at)
        self._watch(meeting, sitting, at)
        review_services.close_meeting(
            meeting=meeting,
            minutes=f"到会{len(present)}人，逐项评议{len(cases)}件，表决结果见议程。",
            by=recorder,
            at=at + dt.timedelta(hours=2),
        )

    def _watch(self, meeting: Any, sitting: Sequence[reviews.SeatLine], at: dt.datetime) -> None:
        """Now and then the supervisor has something put into the minutes."""
        seat = next((one for one in sitting if one.role is SeatRole.SUPERVISOR), None)
        if seat is not None and self._is_recent:
            review_services.record_remark(
                meeting=meeting, seat_id=seat.id, words="两户义务劳动的照片拍得太远，请网格员以后拍清楚人。",
                by=self.parts.staff["supervisor"], at=at,
            )  # fmt: skip

    def _ruling(self, row: claims.ClaimLine, present: Sequence[int]) -> claim_services.ClaimRuling:
        if row.item.kind == "merit" and self.rng.random() < 0.03:
            return claim_services.ClaimRuling(row.id, Outcome.REJECT, reason="佐证不足，不予认定。")
        abstains = self.rng.random() < 0.05 and len(present) > 4  # fewer, with some aside, might not carry it
        choices = {present[-1]: Choice.ABSTAIN} if abstains else {}
        grade = "1" if isinstance(row.item.points, Ladder) and not row.grade else ""
        return claim_services.ClaimRuling(
            row.id, Outcome.APPROVE, grade=grade, given=self._given(row.item), choices=choices
        )

    def _given(self, item: Item) -> Decimal | None:
        return item.points.between[0] if isinstance(item.points, Between) else None

    def _tell(self, at: dt.datetime) -> None:
        recent = at > self.now - dt.timedelta(days=12)
        for worker in self.parts.workers.values():
            waiting = list(
                claims.queue(worker, on=at.date(), state=ClaimState.APPROVED).values_list("id", flat=True)
            )
            if recent and waiting:
                waiting = waiting[1:]
            if waiting:
                how = self.rng.choice((ToldHow.CALL, ToldHow.VISIT))
                proof = claim_services.Proof(person="户主本人", answer="知道了，没有意见。")
                claim_services.tell_faults(claim_ids=waiting, how=how, proof=proof, by=worker, at=at)

    def _seal(self, at: dt.datetime) -> None:
        seal_services.seal_village(village=self.parts.area, by=None, at=at)

    def _post(self, at: dt.datetime) -> None:
        posting.post(self.parts, setup.SCHEME, self.month, at)

    def _object(self, at: dt.datetime) -> None:
        """One household objects to a deduction of its own, another to a neighbour's entry."""
        notice = self._notice()
        if notice is None or notice.notice is None:
            return
        by_no = {subject.household.no: subject for subject in self.parts.all_subjects}
        faults = [(row, entry) for row in notice.rows for entry in row.listed if entry.points < 0]
        merits = [(row, entry) for row in notice.rows for entry in row.listed if entry.points > 0]
        wanted = self.rng.sample(faults, min(1, len(faults))) + self.rng.sample(merits, min(1, len(merits)))
        for place, (row, entry) in enumerate(wanted):
            other = self.rng.choice(self.parts.all_subjects)
            subject = by_no[row.no] if place == 0 else other
            notice_services.file_objection(
                notice=notice.notice,
                fact_id=entry.fact,
                subject=subject,
                grounds="当天不在村里，请核实。" if place == 0 else "据我了解当天没有参加，请核查。",
                channel=ObjectionChannel.PHONE_PAGE,
                request_key=f"demo:objection:{notice.notice.pk}:{place}",
                by=self.parts.household_users[subject.pk],
                at=at + dt.timedelta(minutes=place),
            )

    def _notice(self) -> notices.NoticePage | None:
        return posting.notice(self.parts, setup.SCHEME, self.month)

    def _answer(self, at: dt.datetime) -> None:
        committee = self.parts.staff["committee"]
        rows = notices.lines(notices.objections(committee, on=at.date(), state="filed"))
        if self.last and self.parts.cast.shows == "notice-open":
            rows = rows[:1]
        for place, row in enumerate(rows):
            upheld = (place == 0 and self.rng.random() < 0.5) or ledger.is_reversed(row.fact_id)
            answer = "经核查情况属实，撤销该条记分。" if upheld else "经查记录和佐证，认定无误，维持原记分。"
            notice_services.answer_objection(
                objection=row.objection,
                outcome=Hearing.UPHELD if upheld else Hearing.DISMISSED,
                answer=answer,
                by=committee,
                at=at,
            )

    def _finalise(self, at: dt.datetime) -> None:
        posting.finalise(self.parts, setup.SCHEME, self.month, at)

    def _extend(self, at: dt.datetime) -> None:
        """The harvest keeps people from the board: five more days."""
        notice = self._notice()
        if notice is not None and notice.notice is not None and notice.line is not None:
            notice_services.extend_window(
                notice=notice.notice,
                to_date=notice.line.window_to_date + dt.timedelta(days=5),
                reason="农忙期间看公示的人少，延长五天。",
                by=self.parts.staff["committee"],
                at=at,
            )

    def _withdraw(self, at: dt.datetime) -> None:
        """Somebody found a mistake on the sheet; it is posted again the day after."""
        notice = self._notice()
        if notice is not None and notice.notice is not None:
            notice_services.withdraw_notice(
                notice=notice.notice,
                reason="漏登了两户的义务劳动，补登之后重新公示。",
                by=self.parts.staff["committee"],
                at=at,
            )

    def _summarise(self, at: dt.datetime) -> None:
        posting.summarise(self.parts, setup.SCHEME, self.month, at)

    def _post_redemptions(self, at: dt.datetime) -> None:
        """What was fetched on the month's opening day, and what came in."""
        store_services.post_redemptions(
            village=self.parts.area,
            scheme=setup.SCHEME,
            period=f"{next_month(next_month(self.month)):%Y-%m}",
            by=self.parts.staff["committee"],
            at=at,
        )

    def _redeem(self, at: dt.datetime) -> None:
        """The opening day after the points were credited: one household in ten fetches something."""
        keeper = self.parts.staff["store"]
        goods = store.goods_of(self.parts.area, on_sale_only=True)
        for subject in self.rng.sample(self.parts.all_subjects, len(self.parts.all_subjects) // 10):
            balance = ledger.wallet_of(subject.pk, moves=0).balance
            wanted = [row for row in goods if row.price <= balance and row.stock > 0]
            if not wanted:
                continue
            chosen = self.rng.choice(wanted)
            store_services.redeem(
                subject=subject,
                basket={chosen.id: 1},
                picked_up_by=subject.label,
                request_key=f"demo:redeem:{self.month}:{subject.pk}",
                by=keeper,
                at=at,
            )
