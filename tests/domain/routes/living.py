"""The rest of a village's life, the counter and the register, and the table of all steps with what each needs."""

from __future__ import annotations

from jizhi.changes import rules
from jizhi.changes import services as changes
from jizhi.changes.models import Change
from jizhi.claims.models import Claim
from jizhi.notices import models
from jizhi.notices.rules import OPEN_LETTER
from jizhi.notices.services import hold_owed
from jizhi.people import services as people
from jizhi.reviews.models import Meeting
from jizhi.store import selectors as goods
from jizhi.store import services as store
from jizhi.store.models import Redemption
from jizhi.web.register.concerns import open_concerns
from tests.domain.changes.world import member_ids
from tests.domain.routes.filing import WAYS
from tests.domain.routes.hearing import LETTERS_ENDED, Hearing
from tests.factories import PIN


class Living(Hearing):
    """Goods for points, households that split and merge, and both taken back."""

    def redeem(self, one: int, two: int) -> None:
        keeper = self.staff["store"]
        if not goods.is_open(self.area, self.day):
            store.announce_opening(village=self.area, date=self.day, reason="加开一天", by=keeper, at=self.at)
        row = self.pick(sorted(goods.goods_of(self.area), key=lambda line: line.price)[:3], two)
        store.redeem(
            subject=self.subject(one), basket={row.id: 1}, picked_up_by=self.words("家人"), request_key=self.key,
            by=keeper, at=self.at,
        )  # fmt: skip

    def undo(self, one: int, two: int) -> None:
        row = self.pick(Redemption.objects.filter(undoing=None).order_by("-pk"), two)
        store.undo_redemption(redemption=row, reason=self.words("拿错了"), by=self.staff["store"], at=self.at)

    def change(self, order: changes.Order) -> Change:
        by = {"by": self.staff["recorder"], "at": self.at}
        shown = changes.preview_change(order=order, concerns=open_concerns, **by)
        return changes.make_change(
            order=order,
            concerns=open_concerns,
            received=hold_owed,
            request_key=self.key,
            expected=shown.digest,
            **by,
        )

    def split(self, one: int, two: int) -> None:
        household = self.pick([one for one in self.households() if len(member_ids(one)) > 1], one)
        members, no = member_ids(household), f"8{self.number:04d}"
        self.change(
            changes.Split(
                household_id=household.pk, day=self.day, person_ids=(members[-1],), head_id=members[-1], no=no,
                old_head_id=members[0], share=list(rules.ShareRule)[two % 3], points=100 * two,
            )
        )  # fmt: skip
        fresh = next(row for row in self.households() if row.no == no)
        people.issue_cards(households=[fresh], by=self.staff["recorder"], at=self.at, pin=PIN)

    def merge(self, one: int, two: int) -> None:
        rows = self.households()
        source, target = self.pick(rows, one), self.pick(rows[::-1], two)
        self.change(changes.Merge(household_id=source.pk, into_id=target.pk, day=self.day))

    def undo_change(self, one: int, two: int) -> None:
        row = self.pick(Change.objects.order_by("-pk"), two % 2)
        changes.undo_change(change=row, request_key=self.key, by=self.staff["recorder"], at=self.at)

    def grow(self, one: int, two: int) -> None:
        """A child is born; points by member change with it."""
        household = self.subject(one).household
        member = people.NewMember(f"新生儿{self.number}", "女儿", birth_date=self.day)
        self.change(
            changes.Join(household_id=household.pk, day=self.day, kind=rules.ChangeKind.BIRTH, member=member)
        )

    def ready(self) -> list[str]:
        """The steps that may find something to do now, each as often as it weighs."""
        states = set(Claim.objects.filter(village=self.area).values_list("state", flat=True))
        notices = {state for (state,) in models.Notice.objects.filter(kind="month").values_list("state")}
        objections = {state for (state,) in models.Objection.objects.values_list("state")}
        appeals = models.Appeal.objects.filter(state="filed").exists()
        windows = [notice.window_to_date for notice in self.notices("posted")]
        held = {notice.period for notice in self.notices("posted", "finalised")}
        found = {
            "verify": "filed" in states,
            "amend": bool(states & {"filed", "returned"}),
            "meet": "verified" in states,
            "circulate": "verified" in states,
            "answer_circulation": Meeting.objects.filter(procedure="circulation", state="open").exists(),
            "tell": "approved" in states,
            "mend": "grace" in states,
            "post": bool(set(self.months()) - held),
            "extend": "posted" in notices,
            "take_down": "posted" in notices,
            "finalise": any(last < self.day for last in windows),
            "object": any(last >= self.day for last in windows),
            "order": bool(notices),
            "answer": bool(objections & {"filed", "escalated"}),
            "hand_up": "filed" in objections,
            "take_back": appeals or bool(objections & {"filed", "escalated"}),
            "appeal": "dismissed" in objections,
            "hear": appeals,
            "settle_letter": models.Letter.objects.filter(state__in=OPEN_LETTER).exists(),
            "appeal_letter": models.Letter.objects.filter(
                subject__isnull=False, state__in=LETTERS_ENDED
            ).exists(),
            "object_on_paper": any(last >= self.day for last in windows),
            "undo": Redemption.objects.filter(undoing=None).exists(),
            "redeem": "finalised" in notices,
            "undo_change": Change.objects.exists(),
        }
        return [name for name, weight in STEPS.items() if found.get(name, True) for _time in range(weight)]


# How often a step is drawn beside the others that are ready.
STEPS = {
    **dict.fromkeys(("days", "object", "finalise"), 8),
    **dict.fromkeys(("appeal", "hear"), 6),
    **dict.fromkeys(("verify", "meet", "tell", "post", "answer", "answer_circulation", "redeem"), 4),
    **dict.fromkeys(("amend", "circulate", "mend", "post_sums", "hand_up", "take_back", "order", "undo"), 2),
    **dict.fromkeys(("send_back", "write", "settle_letter", "appeal_letter", "object_on_paper", "split"), 2),
    **dict.fromkeys(("extend", "take_down", "merge", "undo_change", "grow"), 1),
    **dict.fromkeys(WAYS, 1),
}
