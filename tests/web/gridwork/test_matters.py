"""The pages of matters: reported on a phone, dispatched at the desk, handled, re-checked, answered."""

from __future__ import annotations

import io
import re
import uuid
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jizhi.matters import selectors
from jizhi.matters.models import Matter
from tests.county import County, make_county
from tests.domain.matters import world
from tests.domain.matters.world import Place


@pytest.fixture
def county(in_kept_county: County | None, db: None, clock: Any) -> County:
    """The named county on 15 June 2026."""
    return in_kept_county or make_county()


@pytest.fixture
def place(county: County) -> Place:
    """The county with a grid leader."""
    return world.make_place(county)


def _post(client: Any, address: str, **data: Any) -> Any:
    return client.post(address, data | {"request_key": uuid.uuid4().hex}, follow=True)


def _step(client: Any, base: str, matter: Matter, verb: str, **data: Any) -> Any:
    matter.refresh_from_db()
    return _post(client, f"{base}{matter.pk}/steps/{verb}/", version=matter.version, **data)


def test_phone_desk_phone_household(place: Place, client_as: Any) -> None:
    home, worker = client_as(place.county.user(place.subject)), client_as(place.worker)
    desk = client_as(place.committee)
    answer = _post(
        home, "/my/matters/new/", kind="facility", words="桥头路灯不亮", place="桥头", photos=world.photo()
    )
    assert "已上报，编号2026-0001" in answer.content.decode()
    matter = Matter.objects.get()
    assert matter.area == place.grid and matter.photos.count() == 1
    assert "桥头路灯不亮" in worker.get("/field/matters/?what=accept").content.decode()
    assert "2026-0001" in desk.get("/desk/matters/?mine=accept").content.decode()
    _step(
        desk,
        "/desk/matters/",
        matter,
        "dispatch",
        assignee=place.committee.pk,
        organisation="",
        words="三天内",
    )
    _step(desk, "/desk/matters/", matter, "handle", words="换了灯泡", photos=world.photo((1, 2, 3)))
    assert "换了灯泡" in worker.get(f"/field/matters/{matter.pk}/").content.decode()
    _step(worker, "/field/matters/", matter, "confirm", words="亮了")
    answer = _step(worker, "/field/matters/", matter, "close", words="路灯已修好", told_how="message")
    assert "已反馈并办结" in answer.content.decode()
    page = home.get(f"/my/matters/{matter.pk}/").content.decode()
    assert "路灯已修好" in page and "换了灯泡" not in page and page.count("<img") == 1
    assert "路灯已修好" in home.get("/my/messages/").content.decode()
    _step(home, "/my/matters/", matter, "rate", satisfied="yes", words="")
    matter.refresh_from_db()
    assert matter.satisfied is True


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(place: Place, client_as: Any, language: str) -> None:
    first, second = world.by_household(place), world.report(place)
    worker, desk = client_as(place.worker), client_as(place.township)
    home = client_as(place.county.user(place.subject))
    for client, addresses in (
        (worker, ["/field/", "/field/matters/", "/field/matters/new/", f"/field/matters/{first.pk}/",
                  "/field/matters/?what=all&q=垃圾"]),
        (desk, ["/desk/", "/desk/matters/", "/desk/matters/?state=open", "/desk/matters/new/",
                f"/desk/matters/{first.pk}/", f"/desk/matters/{second.pk}/merge/"]),
        (home, ["/my/", "/my/me/", "/my/matters/", "/my/matters/new/", f"/my/matters/{first.pk}/"]),
    ):  # fmt: skip
        client.cookies["django_language"] = language
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 200, address
            if language == "en":
                main = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)
                assert main and "期限" not in main.group() and "办理" not in main.group(), address


def test_strangers_get_nothing(place: Place, client_as: Any, client: Any) -> None:
    matter = world.report(place, photos=(world.photo(),))
    photo = matter.photos.get()
    stranger, home = client_as(place.stranger), client_as(place.county.user(place.subject))
    for address in (f"/desk/matters/{matter.pk}/", f"/desk/matters/{matter.pk}/sheet.pdf",
                    f"/desk/matters/photos/{photo.pk}.jpg", f"/field/matters/{matter.pk}/"):  # fmt: skip
        assert stranger.get(address).status_code == 404
        assert home.get(address).status_code == 403
        assert client.get(address).status_code == 302
    assert home.get(f"/my/matters/{matter.pk}/").status_code == 404
    assert matter.number not in stranger.get("/desk/matters/").content.decode()


def test_a_stale_form_keeps_its_words(place: Place, client_as: Any) -> None:
    matter = world.report(place)
    desk = client_as(place.committee)
    world.handled(place, matter)
    answer = _post(
        client_as(place.worker), f"/field/matters/{matter.pk}/steps/confirm/", version=1, words="我看过了"
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "刚被别人办理过" in page and "我看过了" in page
    assert "待复核" in desk.get(f"/desk/matters/{matter.pk}/").content.decode()


def test_many_are_dispatched_at_once_and_duplicates_merged(place: Place, client_as: Any) -> None:
    first, second = world.report(place), world.report(place, words="村口垃圾堆了三天没清")
    desk = client_as(place.committee)
    page = desk.get(f"/desk/matters/{first.pk}/merge/").content.decode()
    assert second.number in page and "同一地点" in page
    third = world.report(place, kind="facility", words="井盖坏了")
    answer = _post(desk, "/desk/matters/dispatch/", matter=[first.pk, third.pk], assignee=place.worker.pk)
    assert "已分派2件" in answer.content.decode()
    first.refresh_from_db()
    _post(desk, f"/desk/matters/{first.pk}/merge/", duplicate=[second.pk], version=first.version)
    second.refresh_from_db()
    assert second.merged_into == first


def test_the_list_goes_to_excel_without_reporters(place: Place, client_as: Any) -> None:
    world.by_household(place)
    content = client_as(place.committee).get("/desk/matters/export.xlsx").content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert "2026-0001" in cells and place.subject.label not in cells


def test_the_queue_asks_the_same_number_of_questions_for_two_and_for_twenty(
    place: Place, client_as: Any
) -> None:
    desk, counts = client_as(place.township), []
    for amount in (2, 20):
        for number in range(amount):
            world.report(place, words=f"第{number}处垃圾")
        desk.get("/desk/matters/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get("/desk/matters/")
        counts.append(len(queries))
    assert counts[0] == counts[1] and counts[0] < 45
    assert selectors.queue(place.township, on=world.DAY).count() == 22


def test_the_sheet_is_a_pdf_that_reads_back(place: Place, client_as: Any) -> None:
    import pypdf

    matter = world.closed(place, world.by_household(place, confidential=True))
    content = client_as(place.township).get(f"/desk/matters/{matter.pk}/sheet.pdf").content
    document = pypdf.PdfReader(io.BytesIO(content))
    text = "".join(page.extract_text() for page in document.pages)
    assert "事件处理单" in text and "2026-0001" in text and "已清运" in text
    assert place.subject.label not in text and "保密" in text
