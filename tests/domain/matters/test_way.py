"""The way of a matter step by step: who may, what each step writes, deadlines, pauses, repeats and stale pages."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from jizhi.core.errors import Conflict
from jizhi.demo.month import moment
from jizhi.matters import selectors, services
from jizhi.matters.models import Matter, Step
from jizhi.matters.rules import Channel, MatterState, Storey, ToldHow, Verb
from jizhi.people import selectors as people
from jizhi.posts.rules import PostKind
from jizhi.posts.selectors import NotAllowed
from tests.domain.matters import world
from tests.domain.matters.world import AT, DAY, Place

LATER = moment(DAY + dt.timedelta(days=1), 9)


def test_from_the_report_to_the_answer(place: Place) -> None:
    matter = world.by_household(place, photos=(world.photo(),))
    assert (matter.number, matter.state, matter.due_date) == ("2026-0001", "reported", dt.date(2026, 6, 16))
    world.closed(place, matter, LATER)
    matter.refresh_from_db()
    assert matter.state is MatterState.CLOSED and matter.due_date is None and not matter.was_late
    page = selectors.matter_page(place.worker, matter.pk, on=DAY)
    assert [step.verb for step in page.steps] == [
        Verb.REPORT, Verb.DISPATCH, Verb.HANDLE, Verb.CONFIRM, Verb.CLOSE,
    ]  # fmt: skip
    assert [step.to_state for step in page.steps][-1] == matter.state and matter.version == 5
    assert len(page.steps[0].photos) == 1
    told = people.inbox(place.subject.pk)
    assert [line.title for line in told][:1] == ["您反映的环境卫生已办结"]
    assert "垃圾已清运" in told[0].body and told[0].link == f"/my/matters/{matter.pk}/"


def test_numbers_run_by_village_and_year(place: Place) -> None:
    first, second = world.report(place), world.report(place, words="路灯不亮", kind="facility")
    old = world.report(place, at=moment(dt.date(2025, 12, 31), 9))
    assert [one.number for one in (first, second, old)] == ["2026-0001", "2026-0002", "2025-0001"]


def test_the_same_report_twice_is_one(place: Place) -> None:
    first = world.report(place, request_key="a" * 32)
    again = world.report(place, request_key="a" * 32)
    assert first.pk == again.pk and Matter.objects.count() == 1


def test_a_repeated_step_is_taken_once_and_a_stale_page_refused(place: Place) -> None:
    matter = world.report(place)
    for _n in range(2):
        services.dispatch_matter(
            matter_id=matter.pk, assignee=place.committee, version=1, request_key="k" * 32,
            by=place.committee, at=AT,
        )  # fmt: skip
    assert Step.objects.filter(matter=matter).count() == 2
    with pytest.raises(Conflict):
        services.start_matter(matter_id=matter.pk, version=1, by=place.committee, at=AT)


def test_nobody_reports_where_they_do_not_serve(place: Place) -> None:
    with pytest.raises(NotAllowed):
        world.report(place, by=place.stranger)
    neighbour = place.county.other.household_users[place.county.other.all_subjects[0].pk]
    with pytest.raises(services.UnusableMatter):
        world.report(place, by=neighbour, channel=Channel.HOUSEHOLD)
    with pytest.raises(services.UnusableMatter):
        world.report(place, kind="no-such-kind")
    with pytest.raises(services.UnusableMatter):
        world.report(place, words="  ")


def test_nobody_reports_for_a_household_they_do_not_serve(place: Place) -> None:
    others = next(
        one.household for one in place.county.home.all_subjects if one.household.area_id != place.grid.pk
    )
    with pytest.raises(services.UnusableMatter) as refusal:
        world.report(place, household=others)
    assert refusal.value.place == "household"
    assert world.report(place, household=others, by=place.leader).household == others
    assert world.report(place, household=place.household).household == place.household


def test_outside_the_scope_a_matter_does_not_exist(place: Place) -> None:
    matter = world.by_household(place)
    for user in (place.stranger, place.county.user(place.county.subject(1))):
        with pytest.raises(selectors.NoSuchMatter):
            selectors.matter_page(user, matter.pk, on=DAY)
        assert not selectors.queue(user, on=DAY).exists()
    with pytest.raises(selectors.WrongStep):
        services.dispatch_matter(matter_id=matter.pk, assignee=place.stranger, by=place.stranger, at=AT)
    assert selectors.queue(place.township, on=DAY).count() == 1


def test_whoever_handled_it_does_not_check_it_while_others_serve_there(place: Place) -> None:
    matter = world.report(place)
    services.dispatch_matter(matter_id=matter.pk, assignee=place.worker, by=place.worker, at=AT)
    services.handle_matter(matter_id=matter.pk, words="自己清了", by=place.worker, at=AT)
    with pytest.raises(selectors.SelfCheck):
        services.recheck_matter(matter_id=matter.pk, solved=True, by=place.worker, at=AT)
    with pytest.raises(selectors.WrongStep):
        services.recheck_matter(matter_id=matter.pk, solved=True, by=place.committee, at=AT)
    services.recheck_matter(matter_id=matter.pk, solved=True, by=place.leader, at=AT)
    assert Matter.objects.get().state is MatterState.CONFIRMED


def test_alone_in_the_grid_the_handler_checks(county: world.County) -> None:
    subject = county.subject()
    township = county.home.area.parent
    place = world.Place(
        county, county.worker(subject), None, county.home.staff["committee"], None, None, None,
        subject.household, subject,
    )  # fmt: skip
    assert township is not None
    matter = world.report(place)
    services.dispatch_matter(matter_id=matter.pk, assignee=place.worker, by=place.worker, at=AT)
    services.handle_matter(matter_id=matter.pk, words="自己清了", by=place.worker, at=AT)
    services.recheck_matter(matter_id=matter.pk, solved=True, by=place.worker, at=AT)
    assert Matter.objects.get().state is MatterState.CONFIRMED


def test_not_solved_goes_back_with_a_new_deadline(place: Place) -> None:
    matter = world.handled(place, world.report(place))
    assert matter.due_date == DAY + dt.timedelta(days=3)
    with pytest.raises(services.UnusableMatter):
        services.recheck_matter(matter_id=matter.pk, solved=False, by=place.worker, at=LATER)
    services.recheck_matter(matter_id=matter.pk, solved=False, words="还有半堆", by=place.worker, at=LATER)
    matter.refresh_from_db()
    assert matter.state is MatterState.HANDLING and matter.due_date == LATER.date() + dt.timedelta(days=3)


def test_the_clock_stands_while_the_reporter_is_asked(place: Place) -> None:
    matter = world.by_household(place, kind="dispute", words="邻居占道")
    services.dispatch_matter(matter_id=matter.pk, assignee=place.committee, by=place.committee, at=AT)
    services.ask_back(matter_id=matter.pk, words="请写明是哪条路", by=place.committee, at=LATER)
    matter.refresh_from_db()
    assert (matter.state, matter.due_date, matter.paused_left) == ("returned", None, 6)
    user, much_later = place.county.user(place.subject), moment(DAY + dt.timedelta(days=20), 9)
    with pytest.raises(selectors.WrongStep):
        services.supplement_matter(matter_id=matter.pk, words="东巷", by=place.committee, at=much_later)
    services.supplement_matter(matter_id=matter.pk, words="东巷", by=user, at=much_later)
    matter.refresh_from_db()
    assert matter.due_date == much_later.date() + dt.timedelta(days=6) and matter.paused_left is None


def test_up_by_hand_and_down_again(place: Place) -> None:
    matter = world.report(place, kind="land", words="宅基地边界不清")
    with pytest.raises(selectors.WrongStep):
        services.send_down(matter_id=matter.pk, words="本村办", by=place.committee, at=AT)
    services.escalate_matter(matter_id=matter.pk, words="需要乡镇测量", by=place.committee, at=AT)
    matter.refresh_from_db()
    assert (matter.storey, matter.state) == (Storey.TOWNSHIP, MatterState.REPORTED)
    with pytest.raises(selectors.WrongStep):
        services.dispatch_matter(matter_id=matter.pk, assignee=place.committee, by=place.committee, at=AT)
    assert selectors.work(place.township, DAY).to_accept == 1
    assert selectors.work(place.committee, DAY).to_accept == 0
    services.escalate_matter(matter_id=matter.pk, words="需要县里", by=place.township, at=AT)
    with pytest.raises(selectors.WrongStep):
        services.escalate_matter(matter_id=matter.pk, words="再上", by=place.above, at=AT)
    services.send_down(matter_id=matter.pk, words="乡镇办", by=place.above, at=AT)
    services.send_down(matter_id=matter.pk, words="村里办", by=place.township, at=AT)
    matter.refresh_from_db()
    assert matter.storey is Storey.VILLAGE and matter.assignee is None


def test_overdue_matters_go_up_by_themselves_once_a_storey(place: Place) -> None:
    matter = world.report(place)
    assert selectors.escalates_on(matter) == dt.date(2026, 6, 18)
    assert services.escalate_overdue(at=moment(dt.date(2026, 6, 17), 3)) == 0
    assert services.escalate_overdue(at=moment(dt.date(2026, 6, 18), 3)) == 1
    assert services.escalate_overdue(at=moment(dt.date(2026, 6, 18), 4)) == 0
    matter.refresh_from_db()
    assert matter.storey is Storey.TOWNSHIP and matter.was_late and matter.due_date == dt.date(2026, 6, 19)
    page = selectors.matter_page(place.township, matter.pk, on=dt.date(2026, 6, 18))
    assert page.steps[-1].by == "系统自动" and page.escalates_on == dt.date(2026, 6, 21)


def test_not_content_reopens_once(place: Place) -> None:
    user = place.county.user(place.subject)
    matter = world.closed(place, world.by_household(place))
    services.rate_matter(matter_id=matter.pk, satisfied=False, words="第二天又堆满了", by=user, at=LATER)
    matter.refresh_from_db()
    assert (matter.state, matter.reopened, matter.assignee) == ("accepted", 1, place.committee)
    services.handle_matter(matter_id=matter.pk, words="改为每天清运", by=place.committee, at=LATER)
    services.recheck_matter(matter_id=matter.pk, solved=True, by=place.worker, at=LATER)
    services.close_matter(
        matter_id=matter.pk, feedback="每天清运", told_how=ToldHow.VISIT, by=place.worker, at=LATER
    )
    services.rate_matter(matter_id=matter.pk, satisfied=False, words="还是不行", by=user, at=LATER)
    matter.refresh_from_db()
    assert (matter.state, matter.satisfied) == ("closed", False)
    with pytest.raises(selectors.WrongStep):
        services.reopen_matter(matter_id=matter.pk, words="再来", by=place.committee, at=LATER)


def test_the_days_to_reopen_count_from_the_day_of_the_place(place: Place) -> None:
    at = moment(DAY + dt.timedelta(days=1), 3).astimezone(dt.UTC)
    matter = world.closed(place, world.report(place), at)
    last = DAY + dt.timedelta(days=1 + selectors.clocks_in(place.village).reopen_days)
    matter.refresh_from_db()
    assert selectors.may_reopen(matter, last)
    assert not selectors.may_reopen(matter, last + dt.timedelta(days=1))


def test_duplicates_are_merged_and_their_reporters_told(place: Place) -> None:
    first = world.report(place)
    second = world.by_household(place, words="村口的垃圾堆了三天")
    (found,) = selectors.candidates(first)
    assert found.line.id == second.pk and found.same_place and found.likeness > 50
    with pytest.raises(services.UnusableMatter):
        services.merge_matters(into_id=first.pk, duplicate_ids=[first.pk], by=place.committee, at=AT)
    services.merge_matters(into_id=first.pk, duplicate_ids=[second.pk], by=place.committee, at=AT)
    second.refresh_from_db()
    assert (second.state, second.merged_into) == ("merged", first)
    world.closed(place, first)
    titles = [line.title for line in people.inbox(place.subject.pk)]
    assert titles[0] == "您反映的环境卫生已办结" and "您反映的环境卫生已与同一件事合并办理" in titles


def test_a_confidential_reporter_stays_unknown_to_handlers(place: Place) -> None:
    matter = world.by_household(place, confidential=True, words="隔壁夜里偷倒垃圾")
    services.dispatch_matter(matter_id=matter.pk, assignee=place.worker, by=place.committee, at=AT)
    name = place.subject.label
    page = selectors.matter_page(place.worker, matter.pk, on=DAY)
    assert page.reporter == "保密" and name not in str(page.steps)
    assert selectors.matter_page(place.committee, matter.pk, on=DAY).reporter == name
    services.dispatch_matter(matter_id=matter.pk, assignee=place.committee, by=place.committee, at=AT)
    assert selectors.matter_page(place.committee, matter.pk, on=DAY).reporter == "保密"


def test_the_phone_number_is_sealed_and_masked(place: Place) -> None:
    matter = world.report(
        place, channel=Channel.CALL, reporter_name="假设来电人", reporter_phone="19900001234"
    )
    page = selectors.matter_page(place.worker, matter.pk, on=DAY)
    assert (page.reporter, page.reporter_phone) == ("假设来电人", "199****1234")


def test_open_work_goes_to_the_successor(place: Place) -> None:
    matter = world.report(place)
    services.dispatch_matter(matter_id=matter.pk, assignee=place.worker, by=place.committee, at=AT)
    successor = world.staff(place.county, "next", PostKind.GRID_WORKER, place.grid)
    assert selectors.open_work_count(place.worker, place.grid) == 1
    with pytest.raises(NotAllowed):
        services.move_open_work(
            from_user=place.worker, to_user=successor, area=place.grid, by=place.committee, at=AT
        )
    moved = services.move_open_work(
        from_user=place.worker, to_user=successor, area=place.grid, by=place.township, at=AT
    )
    assert moved == 1 and selectors.open_work_count(successor, place.grid) == 1
    matter.refresh_from_db()
    assert matter.due_date == DAY + dt.timedelta(days=3) and matter.assignee == successor


def test_the_database_refuses_other_ways(place: Place) -> None:
    matter = world.report(place)
    with pytest.raises(DatabaseError), transaction.atomic():
        Matter.objects.filter(pk=matter.pk).update(state="closed")
    with pytest.raises(DatabaseError), transaction.atomic():
        Step.objects.filter(matter=matter).update(words="改了")
    with pytest.raises(DatabaseError), transaction.atomic():
        Step.objects.filter(matter=matter).delete()
