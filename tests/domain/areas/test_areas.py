"""The area tree: levels, adding, renaming, closing, and reading it in few queries."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jizhi.accounts import services as accounts
from jizhi.areas import rules, selectors, services
from jizhi.areas.models import Area
from jizhi.core.models import AuditEvent
from tests import factories

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"by": None, "at": factories.AT}


def test_levels_are_renamed_but_never_dropped() -> None:
    factories.levels()
    services.define_levels(levels=[*rules.USUAL_LEVELS[:3], ("grid", "微网格", "Micro grid")], **BY)
    assert [level.title for level in selectors.levels()] == ["县", "乡镇", "村", "微网格"]
    with pytest.raises(services.BadArea):
        services.define_levels(levels=rules.USUAL_LEVELS[:2], **BY)
    before = AuditEvent.objects.count()
    services.define_levels(levels=[*rules.USUAL_LEVELS[:3], ("grid", "微网格", "Micro grid")], **BY)
    assert AuditEvent.objects.count() == before


def test_a_level_fits_in_between_before_the_tree_is_used() -> None:
    factories.levels()
    wanted = [*rules.USUAL_LEVELS[:3], ("building", "楼栋", "Building"), rules.USUAL_LEVELS[3]]
    services.define_levels(levels=wanted, **BY)
    assert [level.key for level in selectors.levels()] == [
        "county",
        "township",
        "village",
        "building",
        "grid",
    ]
    factories.grid()
    with pytest.raises(services.BadArea):
        services.define_levels(levels=[*rules.USUAL_LEVELS, ("building", "楼栋", "Building")], **BY)


def test_the_path_is_the_way_down() -> None:
    county = factories.area("county", code="130699")
    town = factories.township(county, code="130699101")
    village = factories.village(town, code="130699101201", name="石桥村")
    assert village.path == "130699.130699101.130699101201"
    assert [area.code for area in selectors.ancestors(village)] == ["130699", "130699101"]
    assert selectors.area_by_code("130699101201") == village
    assert selectors.village_of(factories.grid(village)) == village
    with pytest.raises(selectors.NotInVillage):
        selectors.village_of(town)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"code": "A1"}, "code"),
        ({"code": "a-1"}, "code"),
        ({"code": "taken"}, "code"),
        ({"name": "石桥村"}, "name"),
        ({"name": " "}, "name"),
        ({"level": "planet"}, "level"),
        ({"level": "county"}, "level"),
    ],
)
def test_unusable_areas_are_refused_with_their_field(change: dict[str, Any], place: str) -> None:
    town = factories.township()
    factories.village(town, code="taken", name="石桥村")
    wanted: dict[str, Any] = {"code": "fresh", "name": "柳林村", "level": "village", "parent": town}
    with pytest.raises(services.BadArea) as refused:
        services.create_area(**wanted | change, from_date=factories.START, **BY)
    assert refused.value.place == place


def test_a_household_cannot_change_the_tree() -> None:
    home = factories.household()
    with pytest.raises(accounts.NotStaff):
        services.rename_area(
            area=home.village, name="新村", by=factories.household_user(home), at=factories.AT
        )


def test_the_database_keeps_codes_dates_and_names() -> None:
    village = factories.village()
    for change in ({"code": "A b"}, {"to_date": dt.date(2000, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Area.objects.filter(pk=village.pk).update(**change)


def test_renaming_keeps_code_and_path_and_is_on_record() -> None:
    village = factories.village(name="石桥村")
    services.rename_area(area=village, name="石桥社区", name_en="Shiqiao", **BY)
    village.refresh_from_db()
    assert (village.name, village.pinyin) == ("石桥社区", "shiqiaoshequ sqsq")
    event = AuditEvent.objects.get(verb="area.rename")
    assert event.detail["before"]["name"] == "石桥村"
    assert event.area_path == village.path


def test_an_area_closes_after_those_below_it_and_its_name_is_free_again() -> None:
    grid = factories.grid(name="第一网格")
    village = grid.parent
    assert village is not None
    with pytest.raises(services.AreaNotEmpty):
        services.close_area(area=village, to_date=factories.TODAY, **BY)
    with pytest.raises(services.BadArea):
        services.close_area(area=grid, to_date=dt.date(2020, 1, 1), **BY)
    services.close_area(area=grid, to_date=factories.TODAY, **BY)
    with pytest.raises(services.BadArea):
        services.close_area(area=grid, to_date=factories.TODAY, **BY)
    assert selectors.grids_of(village) == ()
    factories.grid(village, name="第一网格")
    services.close_area(area=selectors.grids_of(village)[0], to_date=factories.TODAY, **BY)
    services.close_area(area=village, to_date=factories.TODAY, **BY)
    with pytest.raises(services.BadArea):
        factories.grid(Area.objects.get(pk=village.pk))


def test_an_unknown_code_is_answered_with_the_nearest() -> None:
    factories.village(code="130699101201", name="石桥村")
    for typed in ("130699101210", "石桥"):
        with pytest.raises(selectors.AreaNotFound, match="130699101201 石桥村"):
            selectors.area_by_code(typed)


def test_search_finds_names_pinyin_initials_and_codes_within_the_scope() -> None:
    village = factories.village(code="130699101201", name="石桥村", name_en="Stone Bridge")
    other = factories.village(name="石桥村")
    for text in ("石桥", "shiqiao", "sqc", "Shi Qiao"):
        assert set(selectors.search_areas(text)) == {village, other}, text
    assert selectors.search_areas("stone") == (village,)
    assert selectors.search_areas("130699101") == (village,)
    assert selectors.search_areas("石桥", [other.path]) == (other,)
    assert selectors.search_areas(" ") == ()
    assert selectors.search_areas("石桥", []) == ()


def test_the_tree_counts_what_lies_below_in_two_queries(django_assert_num_queries: Any) -> None:
    town = factories.township()
    for _ in range(3):
        village = factories.village(town)
        factories.grid(village)
        factories.grid(village)
    with django_assert_num_queries(2):
        (root,) = selectors.tree()
    assert (root.level, root.villages, root.grids) == ("county", 3, 6)
    assert root.children[0].children[0].parent_code == town.code
    (part,) = selectors.tree([village.path])
    assert (part.level, part.villages, part.grids) == ("village", 1, 2)
    assert [v.pk for v in selectors.villages([town.path])] == [v.id for v in root.children[0].children]


def test_grid_codes_continue() -> None:
    assert rules.next_grid_code("9", {"9001", "9002"}) == "9003"
