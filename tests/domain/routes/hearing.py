"""Posted and heard: notices of every kind, objections, letters, appeals, orders, and what follows from them."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from jizhi.claims import services as claims
from jizhi.demo.setup import SCHEME
from jizhi.ledger import selectors as ledger
from jizhi.notices import models, services
from jizhi.notices.rules import (
    OPEN_LETTER,
    AppealState,
    LetterAbout,
    LetterState,
    NoticeKind,
    ObjectionChannel,
    OrderKind,
    Outcome,
)
from jizhi.settlement import rules as periods
from jizhi.store import services as store
from tests.domain.notices.world import scan
from tests.domain.routes import promises
from tests.domain.routes.deciding import Deciding
from tests.domain.routes.life import NothingToDo

OPEN = ("filed", "escalated")
LETTERS_ENDED = (LetterState.DISMISSED, LetterState.REFUSED, LetterState.ADMITTED)
OUTCOMES = (Outcome.DISMISSED, Outcome.UPHELD, Outcome.PARTLY, Outcome.DISMISSED)


class Hearing(Deciding):
    """The committee posts, households object, whoever is free of it answers."""

    def notices(self, *states: str) -> list[models.Notice]:
        rows = models.Notice.objects.filter(village=self.area, state__in=states, kind=NoticeKind.MONTH)
        return list(rows.select_related("village").order_by("period", "pk"))

    def months(self) -> list[str]:
        """The months from May to the last one that has ended."""
        found, day = [], dt.date(2026, 5, 1)
        while periods.period_of(periods.PeriodKind.MONTH, day).end < self.day:
            found.append(f"{day:%Y-%m}")
            day = periods.period_of(periods.PeriodKind.MONTH, day).end + dt.timedelta(days=1)
        return found

    def post(self, one: int, two: int) -> None:
        """The earliest month that is not posted, or now and then a later one."""
        posted = {notice.period for notice in self.notices("posted", "finalised")}
        waiting = [month for month in self.months() if month not in posted]
        if not waiting:
            raise NothingToDo
        notice = services.post_notice(
            village=self.area, scheme=SCHEME, period=waiting[-1 if one == 7 else 0], by=self.staff["committee"],
            at=self.at,
        )  # fmt: skip
        promises.check_notice(notice, self)

    def post_sums(self, one: int, two: int) -> None:
        """A quarter, its honours, or what was redeemed."""
        kind = (NoticeKind.QUARTER, NoticeKind.HONOURS, NoticeKind.REDEMPTIONS)[one % 3]
        month = self.pick(self.months(), two)
        quarter = periods.period_of(periods.PeriodKind.QUARTER, dt.date.fromisoformat(f"{month}-01")).key
        about = {"village": self.area, "scheme": SCHEME, "by": self.staff["committee"], "at": self.at}
        if kind is NoticeKind.REDEMPTIONS:
            notice = store.post_redemptions(period=month, **about)
        else:
            notice = services.post_notice(period=quarter, kind=kind, **about)
        promises.check_words(notice)

    def extend(self, one: int, two: int) -> None:
        notice = self.pick(self.notices("posted"), two)
        services.extend_window(
            notice=notice, to_date=notice.window_to_date + dt.timedelta(days=1 + one), reason="农忙",
            by=self.staff["committee"], at=self.at,
        )  # fmt: skip

    def take_down(self, one: int, two: int) -> None:
        services.withdraw_notice(
            notice=self.pick(self.notices("posted"), two),
            reason="有一户漏登",
            by=self.staff["committee"],
            at=self.at,
        )

    def finalise(self, one: int, two: int) -> None:
        notice = self.pick(self.notices("posted"), 0 if one else two)
        services.finalise_notice(notice=notice, by=self.staff["committee"], at=self.at)
        promises.check_settled(self)

    def object(self, one: int, two: int) -> None:
        """A household objects to an entry, its own or a neighbour's, on its phone or through whoever hears it."""
        late = two == 11
        notice = self.pick(self.notices("finalised" if late else "posted")[::-1], one % 2)
        fact = self.pick(
            notice.noticed_entries.order_by("entry_id").values_list("entry__fact_id", flat=True), two
        )
        subject = self.subject(one)
        spoken = one % 4 == 3
        services.file_objection(
            notice=notice, fact_id=fact, subject=subject, grounds=self.words("不实"),
            channel=ObjectionChannel.SPOKEN if spoken else ObjectionChannel.PHONE_PAGE, request_key=self.key,
            by=self.worker(subject) if spoken else self.user(subject), at=self.at,
        )  # fmt: skip

    def correction(self, outcome: Outcome) -> claims.Correction | None:
        return claims.Correction(quantity=Decimal("1.5")) if outcome is Outcome.PARTLY else None

    def answer(self, one: int, two: int) -> None:
        row = self.pick(models.Objection.objects.filter(state__in=OPEN).order_by("pk"), two)
        outcome = OUTCOMES[one % 4]
        services.answer_objection(
            objection=row, outcome=outcome, answer=self.words("查过签到表"), correction=self.correction(outcome),
            by=self.town() if row.state == "escalated" else self.staff["committee"], at=self.at,
        )  # fmt: skip

    def hand_up(self, one: int, two: int) -> None:
        """The committee steps aside, and the township has the objection."""
        row = self.pick(models.Objection.objects.filter(state="filed").order_by("pk"), two)
        services.escalate_objection(
            objection=row, words=self.words("本人经手"), by=self.staff["committee"], at=self.at
        )

    def take_back(self, one: int, two: int) -> None:
        appeals = models.Appeal.objects.filter(state=AppealState.FILED).order_by("pk")
        if one % 2 and appeals:
            row = self.pick(appeals, two)
            services.withdraw_appeal(appeal=row, by=row.filed_by, at=self.at)
            return
        objection = self.pick(models.Objection.objects.filter(state__in=OPEN).order_by("pk"), two)
        services.withdraw_objection(objection=objection, by=objection.filed_by, at=self.at)

    def appeal(self, one: int, two: int) -> None:
        row = self.pick(models.Objection.objects.filter(state="dismissed").order_by("pk"), two)
        services.file_appeal(
            objection=row, grounds=self.words("不是本人签的"), request_key=self.key, by=self.user(row.subject),
            at=self.at,
        )  # fmt: skip

    def hear(self, one: int, two: int) -> None:
        row = self.pick(models.Appeal.objects.filter(state=AppealState.FILED).order_by("pk"), two)
        self.hear_appeal(row, OUTCOMES[one % 4])

    def hear_appeal(self, row: models.Appeal, outcome: Outcome) -> None:
        """By the supervisors, or by somebody of the township who has nothing to do with it."""
        self.by_free(
            [self.staff["supervisor"]] if row.body == "supervisors" else [self.town(), self.county.operator],
            lambda by: services.answer_appeal(
                appeal=row, outcome=outcome, answer=self.words("复核了现场"), correction=self.correction(outcome),
                by=by, at=self.at,
            ),
        )  # fmt: skip

    def by_free(self, users: list[Any], work: Callable[[Any], object]) -> None:
        """Done by the first of these who need not step aside."""
        for user in users[:-1]:
            try:
                work(user)
            except services.Conflicted:
                continue
            return
        work(users[-1])

    def order(self, one: int, two: int) -> None:
        """A court or the township rules on an entry, whoever answered what before."""
        notice = self.pick(self.notices("finalised", "posted"), 0)
        facts = notice.noticed_entries.order_by("entry_id").values_list("entry__fact_id", flat=True)
        services.enter_order(
            fact_id=self.pick(facts, two), kind=OrderKind.COURT if one % 2 else OrderKind.TOWNSHIP,
            number=f"{self.number}号", issuer="高阳县人民法院", order_date=self.day, upheld=one % 3 == 0,
            words=self.words("判令更正"), scan=scan(), by=self.town(), at=self.at,
        )  # fmt: skip

    def write(self, one: int, two: int) -> None:
        """A letter: from nobody in particular, from a household about its total or its rejected claim."""
        rejected = self.claims("rejected")
        mine: dict[str, Any] = {"about": LetterAbout.ENTRY, "by": None}
        if one % 2 and rejected:
            claim = self.pick(rejected, two)
            mine = {"about": LetterAbout.REJECTED, "claim_id": claim.pk, "subject": claim.subject}
            mine["by"] = self.user(claim.subject)
        elif one % 4 == 2:
            subject = self.subject(two)
            mine = {"about": LetterAbout.TOTAL, "subject": subject, "by": self.user(subject)}
        services.receive_letter(
            village=self.area, name=self.words("某人"), contact=self.words("到家里说"), words=self.words("不对"),
            at=self.at, **mine,
        )  # fmt: skip

    def settle_letter(self, one: int, two: int) -> None:
        """Admitted, handed up or answered: in the village, and by the township what went up to it."""
        letter = self.pick(models.Letter.objects.filter(state__in=OPEN_LETTER).order_by("pk"), two)
        went_up = letter.state == LetterState.ESCALATED
        if letter.about == LetterAbout.ENTRY and one % 4:
            notice = self.pick(self.notices("posted", "finalised")[::-1], 0)
            facts = notice.noticed_entries.order_by("entry_id").values_list("entry__fact_id", flat=True)
            services.admit_letter(
                letter=letter, notice=notice, fact_id=self.pick(facts, two), subject=self.subject(one),
                by=self.town() if went_up else self.staff["recorder"], at=self.at,
            )  # fmt: skip
            return
        if one % 5 == 4 and not went_up:
            services.escalate_letter(
                letter=letter, words=self.words("请乡镇答复"), by=self.staff["committee"], at=self.at
            )
            return
        state = (LetterState.DISMISSED, LetterState.UPHELD, LetterState.UPHELD)[one % 3]
        self.by_free(
            [self.town(), self.county.operator] if went_up else [self.staff["committee"]],
            lambda by: services.answer_letter(
                letter=letter, state=state, answer=self.words("查过了"), by=by, at=self.at
            ),
        )

    def appeal_letter(self, one: int, two: int) -> None:
        """A household does not accept the answer to its letter, or what became of it."""
        rows = models.Letter.objects.filter(subject__isnull=False, state__in=LETTERS_ENDED)
        letter = self.pick(rows.select_related("subject", "village", "objection").order_by("pk"), two)
        services.appeal_own_letter(
            letter=letter, grounds=self.words("没有看签到表"), request_key=self.key, by=self.user(letter.subject),
            at=self.at,
        )  # fmt: skip

    def object_on_paper(self, one: int, two: int) -> None:
        """A form is printed for a household, filled in and keyed in."""
        notice, subject = self.pick(self.notices("posted"), two), self.subject(one)
        batch = services.print_objection_forms(
            notice=notice, subjects=[subject], request_key=self.key, by=self.staff["committee"], at=self.at
        )
        facts = notice.noticed_entries.order_by("entry_id").values_list("entry__fact_id", flat=True)
        services.key_in_objection(
            code=batch.sheets.get().code, subject=subject, fact_id=self.pick(facts, two),
            grounds=self.words("纸上写的"), received_date=self.day, by=self.staff["recorder"], at=self.at,
        )  # fmt: skip

    def hear_everything(self) -> None:
        """Answer whatever still waits, each by somebody who is free to, until nothing does."""
        self.at += dt.timedelta(hours=1)
        for letter in models.Letter.objects.filter(state__in=OPEN_LETTER).order_by("pk"):
            if letter.state == LetterState.RECEIVED:
                letter = services.escalate_letter(
                    letter=letter, words="请乡镇答复", by=self.staff["committee"], at=self.at
                )
            self.by_free([self.town(), self.county.operator], functools.partial(self.close, letter))
        for appeal in models.Appeal.objects.filter(state=AppealState.FILED).order_by("pk"):
            self.hear_appeal(appeal, self.last_word(appeal.objection.fact_id))
        for row in models.Objection.objects.filter(state="filed").order_by("pk"):
            services.escalate_objection(
                objection=row, words="请乡镇答复", by=self.staff["committee"], at=self.at
            )
        for row in models.Objection.objects.filter(state="escalated").order_by("pk"):
            self.by_free([self.town(), self.county.operator], functools.partial(self.dismiss, row))

    def close(self, letter: models.Letter, by: Any) -> None:
        services.answer_letter(
            letter=letter, state=LetterState.DISMISSED, answer=self.words("查过"), by=by, at=self.at
        )

    def last_word(self, fact_id: int) -> Outcome:
        """What stands is left standing; of an entry that fell meanwhile one can but say so."""
        return Outcome.UPHELD if ledger.is_reversed(fact_id) else Outcome.DISMISSED

    def dismiss(self, row: models.Objection, by: Any) -> None:
        services.answer_objection(
            objection=row, outcome=self.last_word(row.fact_id), answer=self.words("查过"), by=by, at=self.at
        )
