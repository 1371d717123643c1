"""A year of matters in one village of the demonstration: reported, handled, late, merged, handed up. All invented."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from jizhi.demo.month import moment
from jizhi.matters import services
from jizhi.matters.rules import Channel, ToldHow
from jizhi.people import selectors as people

if TYPE_CHECKING:
    from jizhi.accounts.models import User
    from jizhi.demo.setup import VillageParts
    from jizhi.people.models import Subject

AMOUNT = 48
# The last matters stand still after so many steps, so that a visitor finds one in every state.
STOPS_AFTER = {1: 1, 2: 3, 4: 4, 5: 2}
Event = tuple[dt.datetime, Callable[[dt.datetime], object]]

# Kind, what is reported, where, what was done, the answer.
STORIES = (
    ("hygiene", "演示：村口垃圾桶满了没有清", "村口", "当天清运两车。", "垃圾已清运，以后隔天清一次。"),
    ("facility", "演示：桥头路灯不亮", "桥头", "更换灯泡和开关。", "路灯已修好。"),
    ("safety", "演示：老槐树枯枝悬在路上方", "老槐树下", "拉警戒线，锯除枯枝。", "枯枝已清除，可以通行。"),
    (
        "dispute",
        "演示：两家为滴水檐争执",
        "东巷",
        "上门调解两次，双方签了协议。",
        "双方已和解，协议各存一份。",
    ),
    ("land", "演示：地头界石移位", "南坡地", "到现场丈量，按台账复位。", "界石已复位。"),
    ("welfare", "演示：独居老人想申请助餐", "三组", "核对条件，已报镇里。", "助餐申请已通过，下月开始送餐。"),
    (
        "policy",
        "演示：问农机补贴怎么办",
        "村委会",
        "当面说明材料和窗口。",
        "材料清单已交给您，可到镇便民中心办理。",
    ),
    ("other", "演示：广场音响太晚不关", "文化广场", "与舞队商定晚九点结束。", "已约定晚九点关音响。"),
)


def year(part: VillageParts, now: dt.datetime, months: int = 12) -> None:
    """Play the year's matters of one village through the services, in the order of time."""
    rng = random.Random(f"matters {part.cast.code}")
    events: list[Event] = []
    span = min(330, months * 28)
    for number in range(AMOUNT):
        days_ago = round((AMOUNT - number) * span / AMOUNT) - 1
        start = moment(now.date() - dt.timedelta(days=max(0, days_ago)), 8 + number % 3)
        events += _Life(part, rng, number).events(start)
    for at, happen in sorted((event for event in events if event[0] <= now), key=lambda event: event[0]):
        happen(at)


class _Life:
    """One matter's life, planned beforehand; each event finds the matter that the first one made."""

    def __init__(self, part: VillageParts, rng: random.Random, number: int) -> None:
        self.part, self.rng, self.number = part, rng, number
        self.kind, self.words, self.place, self.did, self.answer = STORIES[number % len(STORIES)]
        grids = list(part.subjects)
        self.grid = grids[number % len(grids)]
        subjects = part.subjects[self.grid]
        self.subject: Subject = subjects[rng.randrange(len(subjects))]
        self.key = uuid.UUID(int=rng.getrandbits(128)).hex
        self.matter: Any = None

    @property
    def worker(self) -> User:
        return self.part.workers[self.grid]

    @property
    def committee(self) -> User:
        return self.part.staff["committee"]

    def events(self, start: dt.datetime) -> list[Event]:
        """By the number: most are closed, the last ones stand in every state, some are odd."""
        steps: list[tuple[int, Callable[[dt.datetime], object]]] = [(0, self.report)]
        last = AMOUNT - self.number
        if self.number in (AMOUNT - 3, AMOUNT - 20):
            return [self._at(start, 0, self.report), self._at(start, 1, self.refuse)]
        if self.number % 16 == 9:
            return [self._at(start, day, step) for day, step in ((0, self.report), (1, self.hand_up))]
        if self.number == AMOUNT - 6:
            return [self._at(start, day, step) for day, step in ((0, self.report), (1, self.ask_back))]
        if self.number == AMOUNT - 12:
            return [self._at(start, 0, self.report), self._at(start, 1, self.merge_another)]
        if self.number % 11 == 5 and last < 30:
            return [self._at(start, 0, self.report), self._at(start, 1, self.dispatch)]
        steps += [(1, self.dispatch), (1 + self.rng.randrange(1, 9), self.handle)]
        handled = steps[-1][0]
        steps += [(handled + 1, self.recheck), (handled + 2, self.close), (handled + 4, self.rate)]
        stops = STOPS_AFTER.get(last, len(steps))
        return [self._at(start, day, step) for day, step in steps[:stops]]

    @staticmethod
    def _at(start: dt.datetime, day: int, step: Callable[[dt.datetime], object]) -> Event:
        return start + dt.timedelta(days=day, minutes=day), step

    def report(self, at: dt.datetime, key: str = "") -> Any:
        household = self.number % 2 == 0
        found = services.report_matter(
            report=services.Report(
                village=self.part.area,
                kind=self.kind,
                words=self.words,
                request_key=key or self.key,
                area=people.areas_of_subjects([self.subject.pk])[self.subject.pk],
                place=self.place,
                confidential=self.number % 14 == 4,
            ),
            channel=Channel.HOUSEHOLD if household else Channel.STAFF,
            by=self.part.household_users[self.subject.pk] if household else self.worker,
            at=at,
        )
        self.matter = self.matter or found
        return found

    def _step(self, service: Callable[..., object], by: User, at: dt.datetime, **more: Any) -> None:
        service(matter_id=self.matter.pk, by=by, at=at, **more)

    def dispatch(self, at: dt.datetime) -> None:
        self._step(
            services.dispatch_matter, self.committee, at, assignee=self.committee, words="请尽快办理。"
        )

    def handle(self, at: dt.datetime) -> None:
        self._step(services.handle_matter, self.committee, at, words=self.did)

    def recheck(self, at: dt.datetime) -> None:
        self._step(services.recheck_matter, self.worker, at, solved=True, words="到现场看过，已解决。")

    def close(self, at: dt.datetime) -> None:
        how = ToldHow.MESSAGE if self.number % 2 == 0 else ToldHow.VISIT
        self._step(services.close_matter, self.worker, at, feedback=self.answer, told_how=how)

    def rate(self, at: dt.datetime) -> None:
        if self.number % 2 == 0 and self.number % 3:
            user = self.part.household_users[self.subject.pk]
            self._step(services.rate_matter, user, at, satisfied=self.number % 20 != 8, words="演示评价。")

    def refuse(self, at: dt.datetime) -> None:
        self._step(
            services.refuse_matter, self.committee, at, words="这件事由镇便民中心受理，请到镇里窗口办。"
        )

    def ask_back(self, at: dt.datetime) -> None:
        self._step(services.ask_back, self.committee, at, words="请写明是哪一天、在哪一段路。")

    def hand_up(self, at: dt.datetime) -> None:
        self._step(services.escalate_matter, self.committee, at, words="需要镇里派人丈量。")

    def merge_another(self, at: dt.datetime) -> None:
        again = partial(self.report, key=f"{self.key[:-1]}x")(at)
        services.merge_matters(into_id=self.matter.pk, duplicate_ids=[again.pk], by=self.committee, at=at)
