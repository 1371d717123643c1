"""Activities from plan to panel: who signs in when, what stays on the list, and what attendance becomes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jizhi.activities import rules, selectors, services
from jizhi.activities.models import Activity, Attendance
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel, ClaimState
from jizhi.core.errors import Conflict
from jizhi.people.models import Message
from jizhi.posts.selectors import NotAllowed
from tests.examples import examples
from tests.web import shiqiao
from tests.web.shiqiao import Village, moment

DAY = dt.date(2026, 6, 12)
STARTS, ENDS = moment(DAY, 9), moment(DAY, 11)


def plan(
    place: Village, *, item: str = "volunteering", key: str = "plan-1", by: str = "worker", **more: Any
) -> Activity:
    """An activity of two hours on 12 June."""
    about: dict[str, Any] = {
        "area": place.village, "kind": rules.ActivityKind.SERVICE, "title": "清理河道", "place": "石桥头",
        "starts_at": STARTS, "ends_at": ENDS, "item": item, "request_key": key,
    } | more  # fmt: skip
    return services.plan_activity(by=place.users[by], at=moment(DAY - dt.timedelta(days=3)), **about)


def sign(place: Village, activity: Activity, no: str, name: str = "", **more: Any) -> Attendance:
    return services.sign_in_household(
        activity=activity,
        subject=place.households[no].subject,
        name=name,
        by=place.users["worker"],
        at=STARTS,
        **more,
    )


def test_attendance_goes_to_the_panel_once_the_list_is_confirmed(place: Village) -> None:
    activity = plan(place)
    sign(place, activity, "001")
    sign(place, activity, "001", name="欧家人1", hours=Decimal("1.5"))
    gone = sign(place, activity, "002")
    services.strike_attendance(attendance=gone, reason="签到后就走了", by=place.users["worker"], at=ENDS)
    activity = services.confirm_activity(activity=activity, by=place.users["worker"], at=ENDS)

    claims = list(Claim.objects.order_by("id"))
    assert [(c.subject.key[-3:], c.quantity, c.channel, c.state) for c in claims] == [
        ("001", Decimal(2), Channel.ACTIVITY, ClaimState.VERIFIED),
        ("001", Decimal("1.5"), Channel.ACTIVITY, ClaimState.VERIFIED),
    ]
    assert len({c.act for c in claims}) == 2, "two people of a household are two acts"
    assert all(c.case_id for c in claims), "they wait on the panel's agenda"
    again = services.confirm_activity(activity=activity, by=place.users["worker"], at=ENDS)
    assert again.state == rules.ActivityState.CONFIRMED
    assert Claim.objects.count() == 2


def test_decided_attendance_is_a_fact(place: Village) -> None:
    activity = plan(place)
    sign(place, activity, "001")
    services.confirm_activity(activity=activity, by=place.users["worker"], at=ENDS)
    shiqiao.decide(place, list(Claim.objects.all()), DAY + dt.timedelta(days=1))
    (claim,) = Claim.objects.all()
    assert claim.state == ClaimState.POSTED
    assert claim.fact.entries.get().points == 200


def test_an_activity_without_item_counts_no_points(place: Village) -> None:
    activity = plan(place, item="")
    sign(place, activity, "001")
    services.confirm_activity(activity=activity, by=place.users["worker"], at=ENDS)
    assert not Claim.objects.exists()
    assert Attendance.objects.get().state == rules.AttendanceState.CONFIRMED


@pytest.mark.parametrize("item", ["donation", "culture", "littering", "nonsense"])
def test_items_that_a_list_cannot_know_are_refused(place: Village, item: str) -> None:
    with pytest.raises(services.BadActivity) as caught:
        plan(place, item=item)
    assert caught.value.place == "item"


def test_households_sign_in_with_the_code_of_the_moment(place: Village) -> None:
    activity, user = plan(place), place.household_user("001")
    now = STARTS + dt.timedelta(minutes=5)
    code = rules.code_at(activity.secret, now)
    first = services.sign_in_by_code(activity=activity, code=code.upper(), by=user, at=now)
    again = services.sign_in_by_code(activity=activity, code=code, by=user, at=now)
    assert first.pk == again.pk
    assert first.how == rules.SignInHow.CODE
    for when, what in [
        (now + dt.timedelta(minutes=10), code),
        (now, "00000000"),
        (STARTS - dt.timedelta(hours=2), rules.code_at(activity.secret, STARTS - dt.timedelta(hours=2))),
        (ENDS + dt.timedelta(hours=3), rules.code_at(activity.secret, ENDS + dt.timedelta(hours=3))),
    ]:
        with pytest.raises(services.WrongCode):
            services.sign_in_by_code(activity=activity, code=what, by=place.household_user("002"), at=when)


def test_who_was_struck_off_cannot_sign_in_again_with_the_code(place: Village) -> None:
    activity, user = plan(place), place.household_user("001")
    code = rules.code_at(activity.secret, STARTS)
    row = services.sign_in_by_code(activity=activity, code=code, by=user, at=STARTS)
    services.strike_attendance(attendance=row, reason="不在现场", by=place.users["worker"], at=STARTS)
    services.sign_in_by_code(activity=activity, code=code, by=user, at=STARTS)
    assert Attendance.objects.get().state == rules.AttendanceState.STRUCK
    sign(place, activity, "001")  # the organiser may
    assert Attendance.objects.get().state == rules.AttendanceState.SIGNED


def test_nothing_changes_after_confirming_or_cancelling(place: Village) -> None:
    activity = plan(place)
    row = sign(place, activity, "001")
    services.confirm_activity(activity=activity, by=place.users["worker"], at=ENDS)
    with pytest.raises(services.BadActivity):
        sign(place, activity, "002")
    with pytest.raises(services.BadActivity):
        services.strike_attendance(attendance=row, reason="不在现场", by=place.users["worker"], at=ENDS)
    with pytest.raises(services.BadActivity):
        services.cancel_activity(activity=activity, reason="下雨了", by=place.users["worker"], at=ENDS)


def test_a_list_is_not_confirmed_before_the_beginning(place: Village) -> None:
    activity = plan(place)
    with pytest.raises(services.BadActivity):
        services.confirm_activity(
            activity=activity, by=place.users["worker"], at=STARTS - dt.timedelta(minutes=1)
        )


def test_cancelling_tells_each_household_once(place: Village) -> None:
    activity = plan(place)
    sign(place, activity, "001")
    sign(place, activity, "001", name="欧家人1")
    services.cancel_activity(activity=activity, reason="下雨改期", by=place.users["worker"], at=STARTS)
    (message,) = Message.objects.filter(kind="activity.cancelled")
    assert message.title_en == "An activity was cancelled"
    assert "下雨改期" in message.body


def test_a_stale_form_is_a_conflict(place: Village) -> None:
    activity = plan(place)
    about = {
        "kind": activity.kind, "title": "植树", "place": "北坡", "starts_at": STARTS, "ends_at": ENDS,
        "by": place.users["worker"], "at": STARTS,
    }  # fmt: skip
    services.change_activity(activity=activity, version=1, **about)
    with pytest.raises(Conflict):
        services.change_activity(activity=activity, version=1, **about)


def test_permissions(place: Village) -> None:
    with pytest.raises(NotAllowed):
        plan(place, by="keeper")
    with pytest.raises(NotAllowed):
        plan(place, by="chair")
    activity = plan(place)
    with pytest.raises(NotAllowed):
        services.confirm_activity(activity=activity, by=place.users["keeper"], at=ENDS)


def test_open_work_goes_to_the_successor(place: Village) -> None:
    activity = plan(place)
    worker, successor = place.users["worker"], place.users["worker2"]
    assert selectors.open_work(worker, place.village).get() == activity
    moved = services.move_open_work(
        from_user=worker, to_user=successor, area=place.village, by=place.users["root"], at=STARTS
    )
    activity.refresh_from_db()
    assert (moved, activity.organiser) == (1, successor)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["sign", "strike", "restore", "hours", "confirm", "cancel"]),
        st.sampled_from(["001", "002", "003"]),
        st.sampled_from(["0.5", "1", "2", "7.5"]),
    ),
    max_size=14,
)


@settings(max_examples=examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_any_order_of_steps_counts_whoever_is_left_exactly_once(place: Village, steps: list[Any]) -> None:
    from django.db import transaction

    with transaction.atomic():
        activity = plan(place)
        for verb, no, hours in steps:
            _step(place, activity, verb, no, Decimal(hours))
        activity.refresh_from_db()
        rows = list(Attendance.objects.select_related("claim"))
        assert len(rows) == len({row.subject_id for row in rows})
        counted = [row for row in rows if row.claim_id]
        if activity.state == rules.ActivityState.CONFIRMED:
            assert {row.pk for row in counted} == {
                row.pk for row in rows if row.state == rules.AttendanceState.CONFIRMED
            }
            assert not [row for row in rows if row.state == rules.AttendanceState.SIGNED]
            assert [row.claim.quantity for row in counted] == [row.hours for row in counted]
        else:
            assert not counted
        assert Claim.objects.count() == len(counted)
        transaction.set_rollback(True)


def _step(place: Village, activity: Activity, verb: str, no: str, hours: Decimal) -> None:
    worker = {"by": place.users["worker"], "at": ENDS}
    row = Attendance.objects.filter(activity=activity, subject=place.households[no].subject).first()
    try:
        if verb == "sign":
            sign(place, activity, no, hours=hours)
        elif verb == "confirm":
            services.confirm_activity(activity=activity, **worker)
        elif verb == "cancel":
            services.cancel_activity(activity=activity, reason="改期", **worker)
        elif row is not None and verb == "strike":
            services.strike_attendance(attendance=row, reason="早退", **worker)
        elif row is not None and verb == "restore":
            services.restore_attendance(attendance=row, **worker)
        elif row is not None:
            services.set_hours(attendance=row, hours=hours, **worker)
    except services.BadActivity:
        assert Activity.objects.get(pk=activity.pk).state != rules.ActivityState.PLANNED
