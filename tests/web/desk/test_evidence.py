"""Evidence at the desk: adding photos and documents, the download, two claims side by side and what is said of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jizhi.claims import selectors
from jizhi.claims.rules import ClaimState
from tests.domain.claims.test_evidence import PDF, jpeg, scene
from tests.web.desk.world import World

MAY = dt.date(2026, 5, 4)


def photo(seed: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", jpeg(scene(seed)).read(), content_type="image/jpeg")


def pdf(name: str = "收据.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, content_type="text/html")


def test_evidence_is_added_and_a_document_is_only_ever_downloaded(as_: Any, world: World) -> None:
    claim = world.file(0, "voluntary-labour", MAY)
    client, address = as_("worker"), reverse("desk:claim_evidence", args=[claim.pk])
    page = client.post(address, {"photos": [photo(1)], "documents": [pdf()]}, follow=True).content.decode()
    assert "收据.pdf" in page
    found = selectors.claim_page(world.staff["recorder"], claim.pk, on=MAY)
    assert (len(found.photos), len(found.documents)) == (1, 1)
    address = reverse("desk:document", args=[found.documents[0].id])
    answer = client.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert as_("stranger").get(address).status_code == 404
    assert client.get(reverse("desk:document", args=[found.photos[0].id])).status_code == 404


def test_nothing_chosen_and_nothing_known_are_said(as_: Any, world: World) -> None:
    claim = world.file(0, "voluntary-labour", MAY)
    client, address = as_("worker"), reverse("desk:claim_evidence", args=[claim.pk])
    assert "请先选择照片或文件" in client.post(address, {}, follow=True).content.decode()
    odd = SimpleUploadedFile("x.pdf", b"<script>", content_type="application/pdf")
    sent = client.post(address, {"photos": [photo(1)], "documents": [odd]}, follow=True)
    assert "只收PDF" in sent.content.decode()
    assert selectors.claim_page(world.root, claim.pk, on=MAY).photos == []


def test_two_claims_side_by_side(as_: Any, world: World) -> None:
    first, second = world.file(0, "voluntary-labour", MAY), world.file(1, "voluntary-labour", MAY)
    for claim in (first, second):
        as_("worker").post(reverse("desk:claim_evidence", args=[claim.pk]), {"photos": [photo(7)]})
    queue = as_("recorder").get(reverse("desk:claims"), {"state": "filed"}).content.decode()
    assert queue.count("可能重复") == 2
    client = as_("worker")
    page = client.get(reverse("desk:claim", args=[second.pk])).content.decode()
    assert "照片相同或非常相似" in page and page.count("is-marked") == 2 and "王守田" in page
    address = reverse("desk:claim_comparison", args=[second.pk, first.pk])
    assert "理由" in client.post(address, {"verdict": "same"}, follow=True).content.decode()
    unsaid = client.post(address, {"reason": "说了半天的理由"})
    assert unsaid.status_code == 422 and "请选择是不是同一件事" in unsaid.content.decode()
    assert 'value="说了半天的理由"' in unsaid.content.decode(), "what was typed stays"
    client.cookies["django_language"] = "en"
    client.post(address, {"verdict": "same", "reason": "两户用了同一张照片"})
    second.refresh_from_db()
    assert second.state == ClaimState.RETURNED and "是同一件事：两户用了同一张照片" in second.note
    assert as_("stranger").post(address, {"verdict": "different"}).status_code in (403, 404, 409)


def test_the_panel_keeps_both(as_: Any, world: World) -> None:
    first = world.file(0, "public-cleaning", MAY)
    second = world.file(0, "public-cleaning", MAY + dt.timedelta(days=1))
    world.verify(first, second)
    client = as_("recorder")
    assert (
        "可能重复"
        in client.get(reverse("desk:meeting", args=[world.meet(first, second).pk])).content.decode()
    )
    address = reverse("desk:claim_comparison", args=[second.pk, first.pk])
    client.post(address, {"verdict": "different", "reason": "两天各扫一次"})
    page = client.get(reverse("desk:claim", args=[second.pk])).content.decode()
    assert "不是同一件事" in page and "两天各扫一次" in page
    assert selectors.flagged([first.pk, second.pk]) == set()
