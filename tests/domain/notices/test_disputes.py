"""A disputed entry is marked at once and not spent: left out of the credit, held in the wallet, owed when gone."""

import contextlib
import datetime as dt
import functools
import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection

from jizhi.claims import selectors as claim_selectors
from jizhi.claims import services as claims
from jizhi.demo.month import moment
from jizhi.ledger import selectors as ledger
from jizhi.ledger.rules import AccountKind
from jizhi.ledger.services import NotEnoughPoints
from jizhi.notices import models, selectors, services
from jizhi.notices.rules import AppealBody, AppealState, ObjectionState, OrderKind, Outcome
from jizhi.posts.selectors import NotAllowed
from jizhi.settlement import selectors as settlement
from jizhi.store import services as store_services
from tests.county import County, make_county, posted
from tests.domain.notices import world
from tests.domain.notices.world import ANSWERED, FILED, FINAL, JULY, MAY

COURT = dt.date(2026, 9, 1)


def may_with_fact(county: County, item: str = "village-meeting") -> tuple[models.Notice, int]:
    """May's notice with one entry of two points; the year is far enough on that no earlier month waits."""
    fact = posted(county, item, MAY).fact_id
    assert fact
    return world.post(county), fact


def test_marked_at_once_and_unmarked_by_the_answer(county: County) -> None:
    notice, fact = may_with_fact(county)
    objection = world.object_to(county, notice, fact)
    assert selectors.notice_page(notice.pk).disputed == {fact}
    assert selectors.fact_page(county.subject(), fact, on=FILED).is_disputed
    world.answer(county, objection)
    assert selectors.notice_page(notice.pk).disputed == frozenset()
    assert models.Dispute.objects.get().ended_at is not None


def test_an_appeal_over_the_end_of_the_month_is_left_out_and_credited_after(county: County) -> None:
    notice, fact = may_with_fact(county)
    filed = world.appeal(county, world.answer(county, world.object_to(county, notice, fact)))
    world.finalise(county, notice)
    assert (world.balance(county), selectors.withheld_of(county.subject().pk)) == (0, 200)
    (line,) = settlement.settlements(county.operator, on=FINAL, kind="month")
    assert line.equal and line.awarded == 200  # the ledger and the settlement keep the entry
    with pytest.raises(NotEnoughPoints):
        world.redeem(county, key="r")
    world.hear(county, filed, day=JULY)
    assert (world.balance(county), selectors.withheld_of(county.subject().pk)) == (200, 0)
    world.check_books(county)


def test_upheld_after_the_month_is_final_nothing_was_credited_and_nothing_is_taken(county: County) -> None:
    notice, fact = may_with_fact(county)
    other = posted(county, "public-cleaning", dt.date(2026, 6, 8))
    filed = world.appeal(county, world.answer(county, world.object_to(county, notice, fact)))
    world.finalise(county, notice)
    world.hear(county, filed, Outcome.UPHELD, day=dt.date(2026, 6, 28))
    assert world.balance(county) == 0
    june = world.post(county, "2026-06", dt.date(2026, 7, 3))
    shown = [(e.fact, e.points) for row in selectors.notice_page(june.pk).rows for e in row.entries]
    assert (fact, -200) in shown
    world.finalise(county, june, dt.date(2026, 7, 20))
    assert other.fact_id and world.balance(county) == ledger.worth_of_facts([other.fact_id])[other.fact_id][0]
    world.check_books(county)


def test_credited_points_are_held_by_an_appeal_and_come_back_with_their_time(county: County) -> None:
    notice, fact = may_with_fact(county)
    objection = world.answer(county, world.object_to(county, notice, fact), day=dt.date(2026, 6, 24))
    world.finalise(county, notice)
    assert world.balance(county) == 200
    filed = world.appeal(county, objection, day=dt.date(2026, 6, 28))
    assert (world.balance(county), world.held(county)) == (0, 200)
    world.check_books(county)
    world.hear(county, filed, day=JULY)
    assert (world.balance(county), world.held(county)) == (200, 0)
    world.check_books(county)


def test_spent_points_are_held_from_the_next_credit_and_never_below_nothing(county: County) -> None:
    facts = [posted(county, "village-meeting", MAY).fact_id, posted(county, "public-cleaning", MAY).fact_id]
    notice = world.post(county)
    objections = [
        world.answer(county, world.object_to(county, notice, fact or 0), day=dt.date(2026, 6, 24))
        for fact in facts
    ]
    world.finalise(county, notice)
    before = world.balance(county)
    bought = world.redeem(county, key="r")
    appeals = [world.appeal(county, one, day=JULY) for one in objections]
    assert world.balance(county) == 0 and world.held(county) == before - bought.points
    world.check_books(county)
    keeper = county.home.staff["store"]
    store_services.undo_redemption(redemption=bought, reason="退货", by=keeper, at=moment(JULY, 16))
    assert world.balance(county) == 0 and world.held(county) == before
    for filed in appeals:
        world.hear(county, filed, day=JULY)
    assert (world.balance(county), world.held(county)) == (before, 0)
    world.check_books(county)


def test_a_fault_keeps_its_effect_and_is_marked(county: County) -> None:
    notice, fact = may_with_fact(county, "littering")
    world.object_to(county, notice, fact, who=0)
    assert fact in selectors.notice_page(notice.pk).disputed
    assert ledger.worth_of_facts([fact])[fact][0] < 0
    assert not models.Withholding.objects.exists()


def test_upheld_in_part_posts_what_is_right(county: County) -> None:
    claim = posted(county, "planting", MAY, quantity="5")
    notice = world.post(county)
    objection = world.object_to(county, notice, claim.fact_id or 0)
    with pytest.raises(claims.UnusableClaim, match="一样"):
        services.answer_objection(
            objection=objection, outcome=Outcome.PARTLY, answer="栽了五棵",
            correction=claims.Correction(), by=county.home.staff["committee"], at=moment(ANSWERED, 9),
        )  # fmt: skip
    services.answer_objection(
        objection=objection, outcome=Outcome.PARTLY, answer="只栽了三棵",
        correction=claims.Correction(quantity=Decimal(3)), by=county.home.staff["committee"],
        at=moment(ANSWERED, 9),
    )  # fmt: skip
    objection.refresh_from_db()
    assert objection.state == ObjectionState.PARTLY
    lines = ledger.entries_of_subject(county.subject().pk)
    assert [(line.cause.value, line.points) for line in lines if line.fact_id == claim.fact_id][0][
        0
    ] == "reversed"
    five, three = [line.points for line in lines if line.cause.value == "posted"][::-1]
    assert three * 5 == five * 3
    world.finalise(county, notice)
    world.check_books(county)


def test_whoever_had_a_hand_in_it_does_not_answer(county: County) -> None:
    notice, fact = may_with_fact(county)
    objection = world.object_to(county, notice, fact)
    recorder, committee = county.home.staff["recorder"], county.home.staff["committee"]
    assert recorder.pk in claim_selectors.who_acted(fact)
    models.Objection.objects.filter(pk=objection.pk).update(filed_by=committee)
    with pytest.raises(NotAllowed):
        world.answer(county, objection, who="recorder")
    with pytest.raises(services.Conflicted):
        services.answer_objection(
            objection=objection, outcome=Outcome.DISMISSED, answer="维持", by=_committee_on_the_panel(county, fact),
            at=moment(ANSWERED, 9),
        )  # fmt: skip


def _committee_on_the_panel(county: County, fact: int):
    """A panel member who voted, and sits on the committee as well."""
    from jizhi.posts import services as posts
    from jizhi.posts.rules import PostKind

    member = county.home.staff["panel1"]
    posts.assign_post(
        user=member, kind=PostKind.COMMITTEE, area=county.home.area, from_date=MAY,
        by=county.operator, at=moment(MAY, 9),
    )  # fmt: skip
    return type(member).objects.get(pk=member.pk)


def test_up_to_the_township_by_hand_when_late_and_at_night(county: County) -> None:
    notice, fact = may_with_fact(county)
    first, second = world.object_to(county, notice, fact), world.object_to(county, notice, fact, who=2)
    user = county.user(county.subject(1))
    with pytest.raises(services.ObjectionClosed, match="没有到"):
        services.escalate_objection(objection=first, words="请乡镇答复", by=user, at=moment(ANSWERED, 9))
    late = first.due_date + dt.timedelta(days=1)
    services.escalate_objection(objection=first, words="没有答复", by=user, at=moment(late, 9))
    with pytest.raises(NotAllowed):
        world.answer(county, first, day=late)
    assert services.escalate_overdue_objections(at=moment(FILED + dt.timedelta(days=10), 2)) == 0
    assert services.escalate_overdue_objections(at=moment(FILED + dt.timedelta(days=11), 2)) == 1
    assert services.escalate_overdue_objections(at=moment(FILED + dt.timedelta(days=11), 3)) == 0
    second.refresh_from_db()
    assert (second.state, second.due_date) == (ObjectionState.ESCALATED, dt.date(2026, 6, 26))
    world.finalise(county, notice)  # what lies with the township does not keep the others waiting
    assert world.balance(county) == 0
    answered = world.answer(county, first, day=FINAL, who="town")
    assert world.balance(county) == 0  # the second still waits
    with pytest.raises(services.AppealClosed):
        world.appeal(county, answered, day=FINAL)  # above the township is only the court
    world.answer(county, second, day=FINAL, who="town")
    assert world.balance(county) == 200


def test_appeals_go_to_the_supervisors_then_the_township_in_time_and_once(county: County) -> None:
    notice, fact = may_with_fact(county)
    objection = world.object_to(county, notice, fact)
    with pytest.raises(services.AppealClosed):
        world.appeal(county, objection)
    world.answer(county, objection)
    first = world.appeal(county, objection, key="one")
    assert world.appeal(county, objection, key="one").pk == first.pk
    assert first.body == AppealBody.SUPERVISORS
    with pytest.raises(NotAllowed):
        world.hear(county, first, who="committee")
    with pytest.raises(services.AnswerMissing):
        services.answer_appeal(
            appeal=first, outcome=Outcome.DISMISSED, answer=" ", by=county.home.staff["supervisor"],
            at=moment(ANSWERED, 13),
        )  # fmt: skip
    world.hear(county, first)
    with pytest.raises(services.AppealClosed):
        world.hear(county, first)
    second = world.appeal(county, objection, day=ANSWERED + dt.timedelta(days=15))
    assert second.body == AppealBody.TOWNSHIP
    world.hear(county, second, Outcome.UPHELD, who="town", day=dt.date(2026, 6, 22))
    second.refresh_from_db()
    assert second.state == AppealState.UPHELD and ledger.is_reversed(fact)
    with pytest.raises(services.AppealClosed):
        world.appeal(county, objection, day=dt.date(2026, 6, 23), key="third")
    world.check_books(county)


def test_too_late_for_an_appeal_and_by_nobody_else(county: County) -> None:
    notice, fact = may_with_fact(county)
    objection = world.answer(county, world.object_to(county, notice, fact))
    with pytest.raises(services.AppealClosed, match="期限"):
        world.appeal(county, objection, day=ANSWERED + dt.timedelta(days=16))
    with pytest.raises(NotAllowed):
        services.file_appeal(
            objection=objection, grounds="不服", request_key="x", by=county.user(county.subject(2)),
            at=moment(ANSWERED, 9),
        )  # fmt: skip
    filed = world.appeal(county, objection)
    with pytest.raises(services.AppealClosed):
        services.withdraw_appeal(appeal=filed, by=county.user(county.subject(2)), at=moment(ANSWERED, 9))
    user = county.user(county.subject(1))
    assert services.withdraw_appeal(appeal=filed, by=user, at=moment(ANSWERED, 9)).state == "withdrawn"
    assert not selectors.disputed_facts([fact])


def test_a_judgement_months_later_reverses_and_ends_what_waits(county: County) -> None:
    notice, fact = may_with_fact(county)
    world.finalise(county, notice)
    assert world.balance(county) == 200
    with pytest.raises(NotAllowed):
        services.enter_order(
            fact_id=fact, kind=OrderKind.COURT, number="1",
            issuer="法院", order_date=COURT, upheld=True, words="撤销", scan=world.scan(),
            by=county.home.staff["committee"], at=moment(COURT, 9),
        )  # fmt: skip
    world.order(county, fact, upheld=True, day=COURT)
    with pytest.raises(services.UnusableOrder, match="登记过"):
        world.order(county, fact, upheld=True, day=COURT)
    assert ledger.is_reversed(fact)
    (line,) = selectors.orders_about(fact)
    assert line.upheld and line.issuer == "高阳县人民法院"


def test_an_order_dismisses_an_appeal_that_waits(county: County) -> None:
    notice, fact = may_with_fact(county)
    filed = world.appeal(county, world.answer(county, world.object_to(county, notice, fact)))
    world.finalise(county, notice)
    world.order(county, fact, upheld=False)
    filed.refresh_from_db()
    assert filed.state == AppealState.DISMISSED and "人民法院" in filed.answer
    assert world.balance(county) == 200 and not selectors.disputed_facts([fact])
    world.check_books(county)


def test_tills_and_an_appeal_at_once(committed_db: None) -> None:
    """Whoever is first: what is not spent is held, what is spent is owed, and nothing disputed goes out afterwards."""
    county = make_county()
    facts = [posted(county, item, MAY).fact_id or 0 for item in ("village-meeting", "public-cleaning")]
    notice = world.post(county)
    objections = [
        world.answer(county, world.object_to(county, notice, fact), day=dt.date(2026, 6, 24))
        for fact in facts
    ]
    world.finalise(county, notice)
    before = world.balance(county)

    def run(step: Callable[[], object]) -> None:
        try:
            with contextlib.suppress(NotEnoughPoints):
                step()
        finally:
            connection.close()

    steps: list[Callable[[], object]] = [
        functools.partial(world.redeem, county, key=f"till-{number}") for number in range(5)
    ]
    steps += [functools.partial(world.appeal, county, one, day=JULY, key=f"a{one.pk}") for one in objections]
    threads = [threading.Thread(target=run, args=(step,)) for step in steps[::2] + steps[1::2]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert models.Appeal.objects.count() == 2 and world.balance(county) == 0
    spent = ledger.balances(county.home.area).get(AccountKind.STORE, 0)
    assert spent + world.held(county) == before
    world.check_books(county)
