"""A boundary drawn on the plain map: corner by corner, saved, found again; and without scripts it is pasted."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright import sync_api

from jizhi.areas.models import Area, Boundary
from jizhi.areas.rules import BoundarySource
from jizhi.demo import boundaries
from tests.county import County, make_county
from tests.factories import AT

pytestmark = pytest.mark.browser
Visit = Callable[..., sync_api.Page]


def _drawn_county() -> tuple[County, Area]:
    county = make_county()
    township = county.home.area.parent
    assert township is not None
    boundaries.draw_boundaries(township=township, by=county.operator, at=AT)
    return county, township


def test_a_boundary_is_drawn_and_saved(clock: Any, visit: Visit) -> None:
    county, _township = _drawn_county()
    grid = Area.objects.filter(parent=county.home.area).order_by("code").first()
    assert grid is not None
    Boundary.objects.filter(area=grid).delete()
    page = visit(f"/desk/areas/{grid.pk}/boundary/", user=county.operator)
    sync_api.expect(page.get_by_label("边界坐标（GeoJSON）")).to_have_value("")
    draw = page.get_by_role("button", name="画一块")
    draw.click()
    box = page.locator("[data-map]").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for right, down in ((-60, -50), (60, -50), (60, 50), (-60, 50), (-60, -50)):
        page.mouse.move(x + right, y + down, steps=4)
        page.mouse.click(x + right, y + down)
    sync_api.expect(page.get_by_label("边界坐标（GeoJSON）")).to_have_value(re.compile("MultiPolygon"))
    sync_api.expect(draw).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="保存边界").click()
    sync_api.expect(page.get_by_text("边界已保存")).to_be_visible()
    sync_api.expect(page.locator("#outline canvas")).to_be_visible()
    saved = Boundary.objects.get(area=grid)
    assert saved.source is BoundarySource.DRAWN
    assert saved.square_metres > 100
    assert len(saved.coordinates[0][0]) == 5


def test_a_branch_unfolds_and_gaps_are_shown(clock: Any, visit: Visit) -> None:
    county, township = _drawn_county()
    page = visit("/desk/areas/", user=county.operator)
    page.locator("summary").filter(has_text="青禾镇").locator("visible=true").click(
        position={"x": 5, "y": 20}
    )
    branch = page.locator("summary").filter(has_text="石桥村")
    sync_api.expect(branch).to_be_visible()
    branch.click(position={"x": 5, "y": 20})
    sync_api.expect(page.get_by_role("link", name="第一网格").first).to_be_visible()
    page.goto(f"/desk/areas/{township.pk}/coverage/")
    sync_api.expect(page.locator("[data-map] canvas")).to_be_visible()
