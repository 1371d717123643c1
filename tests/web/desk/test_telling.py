"""The register of untold deductions, telling with proof, attempts, mending in time; and who may."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jizhi.claims import selectors
from jizhi.claims.rules import ClaimState
from jizhi.posts.rules import PostKind
from jizhi.schemes import selectors as schemes
from jizhi.web import telling
from tests import factories
from tests.domain.claims.test_evidence import jpeg, scene
from tests.web.desk.world import World

MAY = dt.date(2026, 5, 4)


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("slip.jpg", jpeg(scene(5)).read(), content_type="image/jpeg")


def state_of(claim: Any) -> ClaimState:
    claim.refresh_from_db()
    return ClaimState(claim.state)


@pytest.fixture
def faults(world: World) -> list[Any]:
    rows = [world.file(0, "littering", MAY), world.file(1, "sewage", MAY)]
    world.approve(*rows)
    return rows


def test_the_register_and_a_signed_slip(as_: Any, faults: list[Any]) -> None:
    client = as_("worker")
    page = client.get(reverse("desk:untold")).content.decode()
    assert "王守田" in page and "李桂兰" in page and "3天以内" in page
    old = client.get(reverse("desk:untold"), {"age": "old"}).content.decode()
    assert "没有符合条件的记录" in old and "没有要告知的扣分" not in old
    slip = client.get(reverse("desk:claim_slip", args=[faults[0].pk]))
    assert slip.content.startswith(b"%PDF")
    scanned = client.get(reverse("desk:slip_scan"), {"code": selectors.slip_code(faults[0].pk)})
    assert scanned["Location"] == reverse("desk:claim", args=[faults[0].pk])
    assert "核对" in client.get(reverse("desk:slip_scan"), {"code": "1"}, follow=True).content.decode()
    address = reverse("desk:claim_telling", args=[faults[0].pk])
    assert "回执" in client.post(address, {"how": "slip", "sure": "on"}).content.decode()
    assert client.post(address, {"how": "slip", "sure": "on", "photo": photo()}).status_code == 302
    assert state_of(faults[0]) is ClaimState.POSTED
    (kept,) = selectors.tellings_of(faults[0].pk)
    picture = reverse("desk:signed_slip", args=[kept.id])
    assert client.get(picture)["Content-Type"] == "image/jpeg"
    assert as_("stranger").get(picture).status_code == 404
    assert as_("stranger").get(reverse("desk:untold")).content.decode().count("王守田") == 0


def test_an_attempt_is_shown_in_the_register(as_: Any, faults: list[Any]) -> None:
    client, address = as_("worker"), reverse("desk:claim_attempt", args=[faults[0].pk])
    assert client.post(address, {"how": "call", "answer": ""}).status_code == 422
    client.post(address, {"how": "call", "answer": "三次无人接听"})
    assert "1 次没有联系上" in client.get(reverse("desk:untold")).content.decode()
    assert "三次无人接听" in client.get(reverse("desk:claim", args=[faults[0].pk])).content.decode()
    book = openpyxl.load_workbook(io.BytesIO(as_("recorder").get(reverse("desk:untold_export")).content))
    assert book.worksheets[0].max_row >= 3
    assert client.get(reverse("desk:untold_export")).status_code == 403


def test_mended_in_time(as_: Any, faults: list[Any]) -> None:
    client, number = as_("worker"), faults[1].pk
    assert "不扣分" in client.get(reverse("desk:claim", args=[number])).content.decode()
    client.post(
        reverse("desk:claim_telling", args=[number]), {"how": "visit", "person": "户主", "sure": "on"}
    )
    assert state_of(faults[1]) is ClaimState.GRACE
    assert "李桂兰" in client.get(reverse("desk:untold"), {"state": "grace"}).content.decode()
    watched = as_("supervisor").get(reverse("desk:untold"), {"state": "grace"}).content.decode()
    assert "李桂兰" in watched and "现在记分" not in watched, "no button that would be refused"
    address = reverse("desk:claim_correction", args=[number])
    assert client.post(address, {"note": "改好了"}).status_code == 422
    client.post(address, {"note": "改好了", "photos": [photo()]})
    assert state_of(faults[1]) is ClaimState.CORRECTED
    assert "已改正，不扣分" in client.get(reverse("desk:claim", args=[number])).content.decode()


def test_not_mended_counts(as_: Any, client_as: Any, world: World, faults: list[Any]) -> None:
    client, number = as_("worker"), faults[1].pk
    client.post(
        reverse("desk:claim_telling", args=[number]), {"how": "visit", "person": "户主", "sure": "on"}
    )
    early = client.post(reverse("desk:untold_counting"), follow=True).content.decode()
    assert "0条逾期未改正" in early and state_of(faults[1]) is ClaimState.GRACE
    own, next_grid = (factories.holder(PostKind.GRID_WORKER, grid) for grid in world.grids)
    assert own.pk != next_grid.pk and faults[1].area_id == world.grids[0].pk
    with time_machine.travel(world.at + dt.timedelta(days=4), tick=False):
        neighbour, grid_worker = client_as(next_grid), client_as(own)
        neighbour.post(reverse("desk:untold_counting"))
        assert state_of(faults[1]) is ClaimState.GRACE, "not of that grid"
        page = grid_worker.get(reverse("desk:untold"), {"state": "grace"}).content.decode()
        assert "已过期" in page and "现在记分" in page
        counted = grid_worker.post(reverse("desk:untold_counting"), follow=True).content.decode()
    assert "1条逾期未改正" in counted and state_of(faults[1]) is ClaimState.POSTED


def test_the_slip_says_a_day_after_the_telling(world: World) -> None:
    clocks = schemes.clocks(world.village)
    told = dt.date(2026, 6, 15)
    for act in (dt.date(2026, 1, 3), dt.date(2026, 6, 1)):
        until = telling.objections_until(act, told, clocks)
        assert until > told
        assert until == dt.date(2026, 7, 1) + dt.timedelta(days=clocks.post_by_day - 1 + clocks.window_days)
