"""Drafts: who writes where, what a save keeps, what two people who save at once are told, what becomes a version."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.utils import translation
from django.utils.translation import gettext_lazy

from jizhi.demo.month import moment
from jizhi.drafting import models, selectors, services
from jizhi.drafting.rules import DraftState, Part
from jizhi.engine.editing import written
from jizhi.posts.selectors import NotAllowed
from jizhi.schemes.models import SchemeVersion
from jizhi.schemes.services import RefusedDocument
from tests.county import County, posted

TODAY = dt.date(2026, 6, 15)
AT = moment(TODAY, 10)
APPLIES = dt.date(2026, 7, 1)


def start(county: County) -> models.Draft:
    return services.start_draft(
        area=county.home.area, applies_from_date=APPLIES, base=SchemeVersion.objects.get(),
        by=county.home.staff["committee"], at=AT,
    )  # fmt: skip


def page(county: County, draft: models.Draft) -> selectors.DraftPage:
    return selectors.draft_page(county.home.staff["committee"], draft.pk, on=TODAY)


def run(found: selectors.DraftPage) -> selectors.casework.CaseRun:
    return selectors.casework.run(found.document, found.cases, selectors.casework.first_day(found.base))


def item(county: County, draft: models.Draft, name: str) -> dict[str, object]:
    return selectors.items.item_values(page(county, draft), name)[0]


def change(county: County, draft: models.Draft, name: str, **values: object) -> models.Draft:
    number = page(county, draft).number
    return services.change_item(
        draft_id=draft.pk, number=number, item=name, values=item(county, draft, name) | values,
        by=county.home.staff["committee"], at=AT,
    )  # fmt: skip


def test_a_draft_begins_with_the_version_and_its_cases(county: County) -> None:
    version = SchemeVersion.objects.get()
    draft = start(county)
    found = page(county, draft)
    assert found.source == version.source
    assert found.cases == version.cases and "志愿服务按小时计" in found.cases
    assert not found.errors
    done = run(found)
    assert len(done.lines) > 50 and done.failing == 0


def test_one_value_changes_one_line_and_the_case_that_it_breaks_says_so(county: County) -> None:
    draft = start(county)
    before = page(county, draft).source
    change(county, draft, "voluntary-labour", points="6")
    found = page(county, draft)
    compared = selectors.comparing.compare(before, found.source, "zh")
    assert [line.kind for line in compared.by_line if line.kind in ("gone", "new")] == ["gone", "new"]
    assert compared.by_meaning is not None
    (difference,) = compared.by_meaning
    assert (difference.part, difference.id, difference.fate) == ("items", "voluntary-labour", "changed")
    assert [(line.name, line.before, line.after) for line in difference.lines] == [("分值", "5分", "6分")]
    done = run(found)
    assert 0 < done.failing < len(done.lines)
    with pytest.raises(services.NotReady, match="用例"):
        services.publish_draft(
            draft_id=draft.pk, number=found.number, by=county.home.staff["committee"], at=AT
        )


def test_strangers_and_those_without_the_post_write_nothing(county: County) -> None:
    draft = start(county)
    for user in (county.other.staff["committee"], county.home.staff["recorder"]):
        with pytest.raises(selectors.NoSuchDraft):
            selectors.draft_page(user, draft.pk, on=TODAY)
        with pytest.raises(NotAllowed):
            services.remove_item(draft_id=draft.pk, number=1, item="patrol", by=user, at=AT)
    with pytest.raises(NotAllowed):
        services.start_draft(
            area=county.home.area, applies_from_date=APPLIES, by=county.other.staff["committee"], at=AT
        )


def test_two_at_once_meet_only_where_they_touch_the_same_part(county: County) -> None:
    draft = start(county)
    number = page(county, draft).number
    one, other = item(county, draft, "patrol"), item(county, draft, "training")
    by = county.home.staff["committee"]
    common = {"draft_id": draft.pk, "number": number, "at": AT}
    services.change_item(item="patrol", values=one | {"spendable": None}, by=by, **common)
    services.change_item(item="training", values=other | {"points": "2"}, by=county.operator, **common)
    with pytest.raises(services.DraftChanged) as caught:
        services.change_item(item="patrol", values=one | {"title": "巡逻"}, by=county.operator, **common)
    assert caught.value.number == number + 2
    with pytest.raises(services.DraftChanged):
        services.replace_source(source="scheme: household\n", by=by, **common)
    assert [save.about for save in selectors.saves_of(draft.pk)][:2] == ["参加技能培训", "参加治安巡逻"]


def test_going_back_is_a_save_of_its_own(county: County) -> None:
    draft = start(county)
    change(county, draft, "patrol", spendable=None)
    change(county, draft, "training", points="2")
    first = selectors.save_of(draft.pk, 1).source
    services.undo_to(draft_id=draft.pk, number=3, to_number=1, by=county.operator, at=AT)
    found = page(county, draft)
    assert (found.number, found.source) == (4, first)
    assert len(selectors.saves_of(draft.pk)) == 4
    with pytest.raises(DatabaseError), transaction.atomic():
        models.DraftSave.objects.filter(draft=draft).update(source="")


def test_rows_come_and_go_and_keep_their_neighbours(county: County) -> None:
    draft, by = start(county), county.home.staff["committee"]
    values = item(county, draft, "patrol") | {"id": "river-patrol", "title": "护河巡逻"}
    services.add_item(draft_id=draft.pk, number=1, values=values, by=by, at=AT)
    _draft, copied = services.copy_item(draft_id=draft.pk, number=2, item="river-patrol", by=by, at=AT)
    assert copied == "river-patrol-2"
    services.move_item(draft_id=draft.pk, number=3, item="river-patrol-2", steps=-1, by=by, at=AT)
    services.remove_item(draft_id=draft.pk, number=4, item="river-patrol", by=by, at=AT)
    found = page(county, draft)
    scheme = found.document.scheme
    assert scheme is not None and scheme.item("river-patrol-2") and not scheme.item("river-patrol")
    base = selectors.document(SchemeVersion.objects.get().source)
    assert [one["id"] for one in found.document.rows if one["id"] != "river-patrol-2"] == [
        one["id"] for one in base.rows
    ]
    with pytest.raises(services.UnusableItem, match="已有编号"):
        services.add_item(draft_id=draft.pk, number=5, values=values | {"id": "patrol"}, by=by, at=AT)
    with pytest.raises(services.UnusableItem) as caught:
        services.add_item(
            draft_id=draft.pk, number=5, values=values | {"id": "z", "points": None}, by=by, at=AT
        )
    assert caught.value.problems


def test_chapters_and_parts_as_rows_and_as_text(county: County) -> None:
    draft, by = start(county), county.home.staff["committee"]
    rows = [written.section(one) for one in page(county, draft).document.scheme.sections]  # type: ignore[union-attr]
    rows[0]["limits"] = [{"points": "90", "per": "year"}]
    services.change_rows(draft_id=draft.pk, number=1, part=Part.SECTIONS, rows=rows, by=by, at=AT)
    compared = selectors.comparing.lines(SchemeVersion.objects.get().source, page(county, draft).source)
    assert len([one for one in compared if one.kind == "new"]) == 1
    services.replace_part(
        draft_id=draft.pk,
        number=2,
        part=Part.LIMITS,
        text="limits:\n  - {points: 9, per: month}\n",
        by=by,
        at=AT,
    )
    assert page(county, draft).document.plain["limits"] == [{"points": "9", "per": "month"}]
    with pytest.raises(services.UnusableText):
        services.replace_part(draft_id=draft.pk, number=3, part=Part.LIMITS, text="items: []\n", by=by, at=AT)
    with pytest.raises(services.UnusableText):
        services.replace_source(draft_id=draft.pk, number=3, source="scheme: other\n", by=by, at=AT)
    with pytest.raises(services.UnusableText) as caught:
        services.replace_source(draft_id=draft.pk, number=3, source="scheme: household\nx: [", by=by, at=AT)
    assert caught.value.problems[0].line
    services.change_keys(draft_id=draft.pk, number=3, part=Part.FRAME, values={"base": "90"}, by=by, at=AT)
    assert "base: 90\n" in page(county, draft).source


def test_a_warning_passes_with_a_reason_that_stands_in_the_document(county: County) -> None:
    draft, by = start(county), county.home.staff["committee"]
    change(county, draft, "patrol", reference=None)
    (finding,) = page(county, draft).findings
    assert (finding.code, finding.item) == ("no-reference", "patrol")
    with pytest.raises(services.UnusableItem):
        services.give_reason(
            draft_id=draft.pk, number=2, owner="patrol", code=finding.code, reason=" ", by=by, at=AT
        )
    services.give_reason(
        draft_id=draft.pk, number=2, owner="patrol", code=finding.code, reason="村民会议已讨论", by=by, at=AT
    )
    assert page(county, draft).findings == []
    assert "reasons: {no-reference: 村民会议已讨论}" in page(county, draft).source


def test_what_the_law_forbids_never_becomes_a_version(county: County) -> None:
    draft, by = start(county), county.home.staff["committee"]
    values = item(county, draft, "patrol") | {"id": "silent", "title": "全年无上访"}
    services.add_item(draft_id=draft.pk, number=1, values=values, by=by, at=AT)
    assert [one.code for one in page(county, draft).errors] == ["petition"]
    with pytest.raises(RefusedDocument):
        services.publish_draft(draft_id=draft.pk, number=2, by=by, at=AT)


def test_a_draft_becomes_a_version_once_with_its_cases(county: County) -> None:
    draft, by = start(county), county.home.staff["committee"]
    change(county, draft, "training", points="2")
    found = page(county, draft)
    failing = [one for one in run(found).lines if one.wrong]
    for case in reversed(failing):
        services.remove_case(
            draft_id=draft.pk, number=page(county, draft).number, place=case.place, by=by, at=AT
        )
    number = page(county, draft).number
    with pytest.raises(services.DraftChanged):
        services.publish_draft(draft_id=draft.pk, number=1, by=by, at=AT)
    version = services.publish_draft(draft_id=draft.pk, number=number, by=by, at=AT)
    final = page(county, draft)
    assert (version.source, version.cases, version.applies_from_date) == (final.source, final.cases, APPLIES)
    assert final.line.state is DraftState.PUBLISHED
    with pytest.raises(services.DraftClosed):
        change(county, draft, "training", points="3")
    with pytest.raises(DatabaseError), transaction.atomic():
        models.Draft.objects.filter(pk=draft.pk).update(state=DraftState.OPEN)


def test_given_up_and_taken_up_again(county: County) -> None:
    draft, by = start(county), county.home.staff["committee"]
    services.discard_draft(draft_id=draft.pk, by=by, at=AT)
    with pytest.raises(services.DraftClosed):
        change(county, draft, "training", points="3")
    assert services.reopen_draft(draft_id=draft.pk, by=by, at=AT).state is DraftState.OPEN
    with pytest.raises(services.DraftClosed):
        services.reopen_draft(draft_id=draft.pk, by=by, at=AT)


def test_an_empty_draft_can_be_filled_by_its_forms(county: County) -> None:
    by = county.home.staff["committee"]
    draft = services.start_draft(
        area=county.home.area, applies_from_date=APPLIES, scheme="lanes", title="巷长: 积分", by=by, at=AT
    )
    assert page(county, draft).document.scheme is not None
    values = {"id": "sweep", "kind": "merit", "title": "扫街", "points": "2", "claim": ["worker"]}
    services.add_item(draft_id=draft.pk, number=1, values=values, by=by, at=AT)
    services.change_rows(
        draft_id=draft.pk,
        number=2,
        part=Part.SECTIONS,
        rows=[{"id": "street", "title": "街巷"}],
        by=by,
        at=AT,
    )
    services.change_item(
        draft_id=draft.pk, number=3, item="sweep", values=values | {"section": "street"}, by=by, at=AT
    )
    scheme = page(county, draft).document.scheme
    assert scheme is not None and scheme.items[0].section == "street"


def test_who_wins_who_loses_and_why(county: County) -> None:
    first, second = county.subject(0), county.subject(1)
    posted(county, "voluntary-labour", dt.date(2026, 3, 5), subject=first)
    posted(county, "patrol", dt.date(2026, 3, 6), subject=second, quantity="4")
    draft, by = start(county), county.home.staff["committee"]
    change(county, draft, "voluntary-labour", points="8")
    change(county, draft, "patrol", points={"each": "0.5", "per": "hour"})
    villages = selectors.simulated_villages(by, page(county, draft), on=TODAY)
    assert [one.name for one in villages] == ["石桥村"]
    assert selectors.years_with_facts(villages, "household", TODAY) == [2026]
    asked = services.ask_simulation(
        draft_id=draft.pk, villages=villages, from_date=dt.date(2026, 1, 1), to_date=TODAY,
        fen_per_point=100, by=by, at=AT,
    )  # fmt: skip
    services.run_simulation(simulation_id=asked.pk, now=lambda: AT)
    found = selectors.simulation_page(by, draft.pk, asked.pk, on=TODAY)
    assert found.all is not None and not found.stale
    assert (found.all.winners, found.all.losers, found.all.subjects) == (1, 1, 8)
    assert (found.all.old_spendable, found.all.new_spendable) == (900, 1000)
    assert (found.old_fen, found.new_fen) == (900, 1000)
    assert sum(one.old for one in found.buckets) == sum(one.new for one in found.buckets) == 8
    assert [(one.subject_id, one.change) for one in found.gains] == [(first.pk, 300)]
    assert [(line.item, line.old, line.new) for line in found.losses[0].lines] == [("patrol", 400, 200)]
    rows = selectors.change_lines(selectors.change_rows(found, what="loss"))
    assert [(row.subject_id, row.change) for row in rows] == [(second.pk, -200)]
    why = selectors.why(by, draft.pk, asked.pk, second.pk, on=TODAY)
    assert why.rest == 0
    for kind in ("grid", "size", "standing", "village"):
        assert sum(group.subjects for group in found.groups[kind]) == 8
    change(county, draft, "patrol", spendable=None)
    posted(county, "training", dt.date(2026, 3, 7), subject=second)
    later = selectors.simulation_page(by, draft.pk, asked.pk, on=TODAY)
    assert later.draft_changed and later.facts_changed


def test_what_a_draft_no_longer_knows_is_counted(county: County) -> None:
    posted(county, "patrol", dt.date(2026, 3, 6), quantity="4")
    draft, by = start(county), county.home.staff["committee"]
    services.remove_item(draft_id=draft.pk, number=1, item="patrol", by=by, at=AT)
    asked = services.ask_simulation(
        draft_id=draft.pk, villages=[county.home.area], from_date=dt.date(2026, 1, 1), to_date=TODAY,
        fen_per_point=100, by=by, at=AT,
    )  # fmt: skip
    services.run_simulation(simulation_id=asked.pk, now=lambda: AT)
    found = selectors.simulation_page(by, draft.pk, asked.pk, on=TODAY)
    assert found.unusable == [("patrol", 1)] and found.all is not None and found.all.losers == 1
    with pytest.raises(services.CannotSimulate):
        services.ask_simulation(
            draft_id=draft.pk, villages=[], from_date=dt.date(2026, 1, 1), to_date=TODAY,
            fen_per_point=100, by=by, at=AT,
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        services.ask_simulation(
            draft_id=draft.pk, villages=[county.other.area], from_date=dt.date(2026, 1, 1), to_date=TODAY,
            fen_per_point=100, by=by, at=AT,
        )  # fmt: skip


def test_why_a_simulation_failed_is_read_in_either_language(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever ran it reads English; each reader sees the own language, of what a rule says and of what broke."""
    posted(county, "patrol", dt.date(2026, 3, 6), quantity="4")
    draft, by = start(county), county.home.staff["committee"]
    asked = services.ask_simulation(
        draft_id=draft.pk, villages=[county.home.area], from_date=dt.date(2026, 1, 1), to_date=TODAY,
        fen_per_point=100, by=by, at=AT,
    )  # fmt: skip

    def failed(with_what: Exception) -> dict[str, str]:
        def refuse(*_given: object) -> None:
            raise with_what

        services.take_up(asked.pk)
        monkeypatch.setattr("jizhi.drafting.services.simulating._village", refuse)
        with translation.override("en"):
            services.run_simulation(simulation_id=asked.pk, now=lambda: AT)
        said = {}
        for language in ("zh-hans", "en"):
            with translation.override(language):
                said[language] = selectors.simulation_page(by, draft.pk, asked.pk, on=TODAY).fault
        return said

    assert failed(services.CannotSimulate(gettext_lazy("草稿还有写法错误，改好才能试算。"))) == {
        "zh-hans": "草稿还有写法错误，改好才能试算。",
        "en": "The draft still has mistakes; mend them before simulating.",
    }
    broken = failed(ZeroDivisionError())
    assert broken["zh-hans"] == "系统出错，试算没有完成，可以再试一次。（ZeroDivisionError）"
    assert broken["en"].startswith("Something went wrong") and broken["en"].endswith("(ZeroDivisionError)")
