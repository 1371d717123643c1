"""The coverage of matters: every figure leads to exactly the matters it counted, down to the grid; and the workbook."""

from __future__ import annotations

import datetime as dt
import io
import re
from html import unescape
from typing import Any

import openpyxl
import pytest

from jizhi.demo.month import moment
from tests.county import County, make_county
from tests.domain.matters import world
from tests.domain.matters.world import DAY, Place

PAGE, EXPORT = "/desk/coverage/matters/", "/desk/coverage/matters/export.xlsx"


@pytest.fixture
def place(in_kept_county: County | None, db: None, clock: Any) -> Place:
    """Three matters in one grid: answered today, a fortnight late, and one of this morning in another kind."""
    found = world.make_place(in_kept_county or make_county())
    world.closed(found, world.report(found))
    world.report(found, words="河边垃圾没人清", at=moment(DAY - dt.timedelta(days=14), 9))
    world.report(found, kind="facility", words="井盖松动")
    return found


def _links(page: str) -> list[tuple[str, int]]:
    """Every figure that leads to a list: the address and the number it stands for."""
    found = re.findall(r'href="(/desk/matters/\?[^"]+)"[^>]*>(\d+)</a>', page)
    return [(unescape(address), int(number)) for address, number in found]


def test_every_figure_is_the_length_of_its_list(place: Place, client_as: Any) -> None:
    desk = client_as(place.above)
    for area in ("", f"?area={place.village.parent.code}", f"?area={place.village.code}&kind=hygiene"):
        links = _links(desk.get(PAGE + area).content.decode())
        assert len(links) >= 5, area
        for address, number in links:
            shown = desk.get(address).content.decode()
            assert shown.count('scope="row"') == number, address


def test_days_and_kind_narrow_it(place: Place, client_as: Any) -> None:
    desk = client_as(place.township)
    page = desk.get(PAGE, {"since": "2026-06-10", "kind": "hygiene"}).content.decode()
    assert {number for _address, number in _links(page)} == {1}
    assert all("since=2026-06-10" in address and "kind=hygiene" in address for address, _n in _links(page))
    assert "这段时间没有事件" in desk.get(PAGE, {"until": "2020-01-01"}).content.decode()
    assert desk.get(PAGE, {"since": "gestern", "kind": "?"}).status_code == 200


def test_it_opens_in_english(place: Place, client_as: Any) -> None:
    desk = client_as(place.above)
    desk.cookies["django_language"] = "en"
    main = re.search(r"<main.*</main>", desk.get(PAGE).content.decode(), re.DOTALL)
    assert main and not set("按期办结总满意") & set(main.group())


def test_the_workbook_has_the_same_figures(place: Place, client_as: Any) -> None:
    answer = client_as(place.committee).get(EXPORT, {"area": place.village.code})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["按种类", "按地方", "按状态", "未办结的按上报至今"]
    rows = {tuple(row[:5]) for row in book["按种类"].iter_rows(values_only=True)}
    assert ("环境卫生", 2, 1, 1, 1) in rows and ("公共设施", 1, 1, 0, 0) in rows
    cells = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert place.grid.name in cells


def test_nobody_counts_another_village(place: Place, client_as: Any) -> None:
    stranger, home = client_as(place.stranger), client_as(place.county.user(place.subject))
    for address in (PAGE, EXPORT):
        assert stranger.get(address, {"area": place.village.code}).status_code == 404
        assert stranger.get(address).status_code == 200
        assert home.get(address).status_code == 403
        assert _links(stranger.get(address).content.decode(errors="ignore")) == []


def test_the_menu_marks_one_entry(place: Place, client_as: Any) -> None:
    page = client_as(place.above).get(PAGE).content.decode()
    side = page[: page.index("<main")]
    assert re.findall(r'href="([^"]+)"[^>]*aria-current="page"', side) == [PAGE]
