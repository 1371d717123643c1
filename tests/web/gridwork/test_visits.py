"""The desk's pages of visits, household book and coverage: who sees what, search, export, drilling down, print."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from jizhi.core.models import AuditEvent
from jizhi.visits import services
from jizhi.visits.models import Book, HouseholdClass, PlannedVisit
from jizhi.visits.rules import How
from tests import factories as make
from tests.web import shiqiao
from tests.web.gridwork.conftest import TODAY


def _rows(answer: Any) -> list[tuple[Any, ...]]:
    return list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens(as_: Any, place: shiqiao.Village, language: str) -> None:
    client, home = as_("leader"), place.households["001"].pk
    client.cookies["django_language"] = language
    for address in (
        "/desk/visits/", f"/desk/visits/{place.made['001'].pk}/", f"/desk/households/{home}/book/",
        f"/desk/households/{home}/book/edit/", f"/desk/households/{home}/book/history/",
        f"/desk/households/{home}/classes/", "/desk/coverage/", f"/desk/coverage/?area={place.village.code}",
        f"/desk/coverage/?area={place.grids[0].code}", f"/desk/coverage/planning/?area={place.village.code}",
        f"/desk/households/{home}/",
    ):  # fmt: skip
        assert client.get(address).status_code == 200, address


def test_the_list_is_searched_and_exported(as_: Any, place: shiqiao.Village) -> None:
    client = as_("recorder")
    page = client.get("/desk/visits/").content.decode()
    assert "欧阳晓芸" in page and "周虚构" in page
    page = client.get("/desk/visits/", {"q": "周虚构"}).content.decode()
    assert "欧阳晓芸" not in page and "周虚构" in page
    assert "没有符合的走访记录" in client.get("/desk/visits/", {"how": "phone"}).content.decode()
    assert "还没有走访记录" in client.get("/desk/visits/", {"month": "2026-05"}).content.decode()
    found = client.get("/desk/visits/", {"topic": "safety", "area": place.grids[1].code}).content.decode()
    assert "周虚构" in found and "欧阳晓芸" not in found
    rows = _rows(client.get("/desk/visits/export/", {"q": "001"}))
    assert any("看了001户的取暖" in row for row in rows) and not any("看了006户的取暖" in row for row in rows)


def test_each_grid_sees_its_own(as_: Any, place: shiqiao.Village) -> None:
    worker = as_("worker2")
    page = worker.get("/desk/visits/").content.decode()
    assert "周虚构" in page and "欧阳晓芸" not in page
    assert worker.get(f"/desk/visits/{place.made['001'].pk}/").status_code == 404
    assert worker.get(f"/desk/households/{place.households['001'].pk}/book/").status_code == 404
    assert worker.get("/desk/coverage/", {"area": place.grids[0].code}).status_code == 404
    assert as_("keeper").get("/desk/visits/").status_code == 403
    assert as_("keeper").get(f"/desk/households/{place.households['001'].pk}/book/").status_code == 404


def test_sensitive_lines_are_for_the_grid_and_the_committee(as_: Any, place: shiqiao.Village) -> None:
    address = f"/desk/households/{place.households['001'].pk}/book/"
    for name in ("worker", "committee", "leader"):
        page = as_(name).get(address).content.decode()
        assert "想修门前的路" in page and "残疾人家庭" in page
    for name in ("recorder", "township", "auditor"):
        page = as_(name).get(address).content.decode()
        assert "想修门前的路" not in page and "残疾人家庭" not in page
        assert "租住和流动人口" in page and "敏感内容" in page
        printed = as_(name).get(f"{address}print.pdf").content
        assert "想修门前的路" not in _text(printed)


def _text(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_the_book_is_printed(as_: Any, place: shiqiao.Village) -> None:
    for shell in ("desk", "field"):
        answer = as_("worker").get(f"/{shell}/households/{place.households['001'].pk}/book/print.pdf")
        text = _text(answer.content)
        for words in ("欧阳晓芸", "3.5 亩", "自有", "想修门前的路", "安全提醒", "欧家人 1", "已填 3/10"):
            assert words in text, words
        assert answer["Cache-Control"] == "no-store"


def test_the_book_is_filled_in_and_a_stale_form_is_refused(as_: Any, place: shiqiao.Village) -> None:
    client, home = as_("committee"), place.households["001"]
    address = f"/desk/households/{home.pk}/book/edit/"
    given = {
        "version": 1,
        "field_house": "rented",
        "field_heating": ["gas", "coal"],
        "field_wishes": "已修好",
    }
    answer = client.post(address, given | {"field_wiring_checked": "2026-05-06"}, follow=True)
    assert "租住" in answer.content.decode() and "已修好" in answer.content.decode()
    book = Book.objects.get(household=home)
    assert book.version == 2 and book.values["heating"] == ["coal", "gas"] and "land" not in book.values
    stale = client.post(address, given | {"field_house": "own"})
    assert "刚才有人改过" in stale.content.decode() and Book.objects.get(household=home).version == 2
    wrong = client.post(address, given | {"version": 2, "field_land": "many"})
    assert wrong.status_code == 422 and 'id="id_field_land_error"' in wrong.content.decode()
    history = client.get(f"/desk/households/{home.pk}/book/history/").content.decode()
    assert "自有" in history and "租住" in history and "3.5 亩" in history
    assert as_("auditor").post(address, given | {"version": 2}).status_code == 404
    assert Book.objects.get(household=home).version == 2


def test_classes_are_set_at_the_desk(as_: Any, place: shiqiao.Village) -> None:
    home = place.households["002"]
    as_("recorder").post(f"/desk/households/{home.pk}/classes/", {"classes": ["old_alone"]})
    assert HouseholdClass.objects.filter(household=home, key="old_alone").exists()
    assert PlannedVisit.objects.filter(household=home).count() == 4
    page = as_("recorder").get(f"/desk/households/{home.pk}/classes/").content.decode()
    assert "残疾人家庭" not in page and "独居" in page


def test_coverage_drills_down_to_the_record(as_: Any, place: shiqiao.Village) -> None:
    client = as_("township")
    page = client.get("/desk/coverage/").content.decode()
    assert "石桥村" in page and f"area={place.village.code}" in page and "2/9" in page
    page = client.get("/desk/coverage/", {"area": place.village.code}).content.decode()
    assert "第1网格" in page and "第2网格" in page
    page = client.get("/desk/coverage/", {"area": place.grids[0].code}).content.decode()
    assert "欧阳晓芸" in page and f"/desk/visits/{place.made['001'].pk}/" in page
    assert f'name="area" value="{place.grids[0].code}"' in page, "a filter stays in the grid looked at"
    missed = client.get("/desk/coverage/", {"area": place.grids[0].code, "state": "done"}).content.decode()
    assert "王示例" not in missed
    assert client.get("/desk/coverage/", {"area": "nowhere"}).status_code == 404
    by_class = client.get("/desk/coverage/", {"kind": "newcomers"}).content.decode()
    assert "1/2" in by_class
    assert "disabled" not in client.get("/desk/coverage/").content.decode()


def test_coverage_is_exported(as_: Any, place: shiqiao.Village) -> None:
    rows = _rows(as_("township").get("/desk/coverage/export/"))
    assert any(row[:5] == ("石桥村", 8, 1, 9, 2) for row in rows)
    rows = _rows(as_("recorder").get("/desk/coverage/export/", {"area": place.grids[0].code}))
    assert any(row[1] == "欧阳晓芸" and row[3:5] == (2, 1) for row in rows)
    assert as_("leader").get("/desk/coverage/export/").status_code == 403


def test_a_leader_makes_the_plan(as_: Any, place: shiqiao.Village) -> None:
    PlannedVisit.objects.filter(visit=None).delete()
    address = f"/desk/coverage/planning/?area={place.village.code}"
    assert "生成石桥村本月的走访安排" in as_("leader").get(address).content.decode()
    answer = as_("leader").post(address, follow=True)
    assert "新排 7 次" in answer.content.decode()
    assert as_("auditor").post(address).status_code == 404


def _queries(client: Any, place: shiqiao.Village) -> dict[str, int]:
    counted = {}
    grid = f"/desk/coverage/?area={place.grids[0].code}"
    for address in ("/desk/visits/", "/desk/coverage/", grid, "/field/", "/field/visits/calendar/"):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counted[address] = len(queries)
    return counted


def test_queries_stay_flat(as_: Any, place: shiqiao.Village) -> None:
    client, at = as_("leader"), shiqiao.moment(TODAY, 11)
    before = _queries(client, place)
    for number in range(6):
        home = make.household(place.grids[0], address=f"柳湾路{number}号")
        services.set_classes(household=home, keys=["old_alone"], by=place.users["worker"], at=at)
        for n in range(2):
            services.record_visit(
                household=home,
                how=How.HOME,
                request_key=f"{number}-{n}" * 8,
                by=place.users["worker"],
                at=at,
            )
    make.grid(place.village)
    services.make_plans(area=place.village, month=TODAY.replace(day=1), by=None, at=at)
    assert _queries(client, place) == before and max(before.values()) <= 36


def test_the_household_reads_its_own_book(place: shiqiao.Village, client_as: Any) -> None:
    mine = client_as(place.household_user("001"))
    page = mine.get("/my/book/").content.decode()
    assert "想修门前的路" in page and "残疾人家庭" in page and "上门见到人" in page
    assert "想修门前的路" not in client_as(place.household_user("002")).get("/my/book/").content.decode()
    data = mine.get("/my/me/data.json").json()
    assert {"section": "诉求", "field": "当前困难和诉求", "value": "想修门前的路"} in data["book"]
    assert data["visits"][0]["how"] == "上门见到人"
    assert mine.get(f"/desk/households/{place.households['001'].pk}/book/").status_code == 403


def _table(answer: Any) -> list[dict[str, Any]]:
    titles, *rows = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.iter_rows(
        values_only=True
    )
    return [dict(zip(titles, row, strict=True)) for row in rows]


def test_books_of_the_list_without_and_with_what_is_sensitive(as_: Any, place: shiqiao.Village) -> None:
    address, secret = "/desk/households/books/export/", "当前困难和诉求"
    plain = _table(as_("committee").get(address, {"q": "001"}))
    assert [row["户编号"] for row in plain] == ["001"] and secret not in plain[0]
    assert plain[0]["住房"] == "自有" and 3.5 in plain[0].values()
    assert len(_table(as_("committee").get(address))) == len(place.households)
    assert as_("worker").get(address).status_code == 403
    whole = f"{address.replace('export', 'sensitive')}?q=001"
    assert as_("recorder").get(whole).status_code == 403
    assert not as_("committee").post(whole, {"reason": ""}).streaming
    rows = _table(as_("committee").post(whole, {"reason": "迎接核查"}))
    assert rows[0][secret] == "想修门前的路"
    (event,) = AuditEvent.objects.filter(verb="book.disclose")
    assert event.detail == {"reason": "迎接核查", "households": 1}


def test_the_history_of_a_book_is_taken_home(as_: Any, place: shiqiao.Village) -> None:
    address = f"/desk/households/{place.households['001'].pk}/book/history/export/"
    whole = _rows(as_("committee").get(address))
    assert any("想修门前的路" in row for row in whole) and any("自有" in row for row in whole)
    assert not any("想修门前的路" in row for row in _rows(as_("recorder").get(address)))
    assert as_("worker").get(address).status_code == 403
    assert as_("committee").get(address.replace("history/export", "history")).status_code == 200
