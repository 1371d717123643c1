"""Organisations from a table: parents in the same file, refusals with their place, changes, harmless repeats."""

from __future__ import annotations

from typing import Any

from jizhi.core.tables import RowFate
from jizhi.organisations import services
from jizhi.organisations.models import Organisation
from jizhi.organisations.rules import OrganisationKind as Kind
from jizhi.sheets.lists import ListRow
from tests import factories
from tests.domain.organisations.conftest import World
from tests.listed import listed

AT = factories.AT
KEYS = ("code", "kind", "name", "parent", "place", "leader", "from_date")


def sheet(*rows: tuple[Any, ...]) -> list[ListRow]:
    return listed("组织", KEYS, *rows)


def test_a_tree_comes_in_whatever_the_order_of_its_rows(world: World) -> None:
    rows = sheet(
        ("", "党小组", "第一小组", "第一党支部", "石桥村/第一网格", "", "2026-02-01"),
        ("D2", "党支部", "第一党支部", "石桥村党总支", "石桥村", "周书记", ""),
        ("D1", "党总支", "石桥村党总支", "", "石桥村", "", ""),
    )
    plan = services.plan_organisations(rows=rows, by=world.secretary, at=AT)
    assert [line.fate for line in plan] == [RowFate.NEW] * 3
    assert not Organisation.objects.exists()
    done = services.apply_organisations(plan=plan, by=world.secretary, at=AT)
    assert (done.created, done.changed) == (3, 0)
    group = Organisation.objects.get(name="第一小组")
    assert str(group.path).count(".") == 2
    again = services.plan_organisations(rows=rows, by=world.secretary, at=AT)
    assert [line.fate for line in again] == [RowFate.SAME] * 3
    change = sheet(("D2", "党支部", "第一党支部", "D1", "石桥村", "何书记", ""))
    plan = services.plan_organisations(rows=change, by=world.secretary, at=AT)
    assert plan[0].changes == {"leader": ("周书记", "何书记")}
    assert services.apply_organisations(plan=plan, by=world.secretary, at=AT).changed == 1
    assert Organisation.objects.get(code="D2").leader == "何书记"


def test_refusals_name_column_value_and_reason(world: World) -> None:
    neighbour = factories.village(world.town, name="柳湾村")
    world.found(Kind.WOMEN, "妇联")
    rows = sheet(
        ("", "居委会", "甲", "", "石桥村", "", ""),
        ("", "党小组", "乙", "", "石桥村", "", ""),
        ("", "党小组", "丙", "妇联", "石桥村", "", ""),
        ("", "党支部", "丁", "无此总支", "石桥村", "", ""),
        ("", "妇联", "戊", "", neighbour.name, "", ""),
        ("", "企业", "己", "", "石桥村", "", "不知道"),
        ("", "企业", "庚", "", "石桥村", "", ""),
        ("", "企业", "庚", "", "石桥村", "", ""),
    )
    plan = services.plan_organisations(rows=rows, by=world.secretary, at=AT)
    told = [(line.row, line.problems[0].column, line.problems[0].value) for line in plan if line.problems]
    assert told == [
        (2, "kind", "居委会"), (3, "parent", ""), (4, "parent", "妇联"),
        (5, "parent", "无此总支"), (6, "place", "柳湾村"), (7, "from_date", "不知道"),
        (9, "name", "庚"),
    ]  # fmt: skip
    assert services.apply_organisations(plan=plan, by=world.secretary, at=AT).created == 1


def test_a_child_of_a_refused_row_is_refused(world: World) -> None:
    rows = sheet(
        ("", "党总支", "总支", "", "火星村", "", ""), ("", "党支部", "支部", "总支", "石桥村", "", "")
    )
    plan = services.plan_organisations(rows=rows, by=world.secretary, at=AT)
    assert [line.fate for line in plan] == [RowFate.REFUSED] * 2
    assert "第2行" in plan[1].problems[0].reason


def test_a_plan_costs_the_same_for_few_and_many_rows(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for count in (2, 40):
        rows = sheet(*(("", "企业", f"企业{n}", "", "石桥村", "", "") for n in range(count)))
        with django_assert_max_num_queries(6):
            services.plan_organisations(rows=rows, by=world.secretary, at=AT)
