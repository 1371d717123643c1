"""Evidence: photos found again at other claims, documents known by their content, claims that may be one act."""

from __future__ import annotations

import datetime as dt
import io
import random
import zipfile
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from jizhi.claims import rules, selectors, services
from jizhi.claims.models import Claim, ComparedPair
from jizhi.claims.rules import ClaimState, Likeness, Verdict
from jizhi.core.documents import BadDocument, read_document
from jizhi.core.photos import encode_photo
from jizhi.demo.month import moment
from jizhi.people import services as people
from jizhi.posts.selectors import NotAllowed
from tests.county import County, file, verify

MAY = dt.date(2026, 5, 6)
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture with many edges, the same for the same seed at any size."""
    rng, image = random.Random(seed), Image.new("RGB", (640, 480), "grey")
    draw = ImageDraw.Draw(image)
    for _n in range(40):
        x, y = rng.randrange(640), rng.randrange(480)
        colour = (rng.randrange(256), rng.randrange(256), rng.randrange(256))
        draw.rectangle((x, y, x + rng.randrange(40, 300), y + rng.randrange(40, 200)), fill=colour)
    return image.resize(size)


def jpeg(image: Image.Image, quality: int = 90) -> io.BytesIO:
    stream = io.BytesIO()
    image.save(stream, format="JPEG", quality=quality)
    stream.seek(0)
    return stream


def attach(county: County, claim: Claim, *photos: io.BytesIO) -> None:
    by, at = county.worker(claim.subject), moment(claim.act_date, 20)
    services.attach_photos(claim=claim, photos=photos, by=by, at=at)


def package(*names: str) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as zipped:
        for name in names:
            zipped.writestr(name, "<x/>")
    stream.seek(0)
    return stream


def test_a_photo_is_found_again_smaller_and_compressed(county: County) -> None:
    first, again, other = (
        file(county, "public-cleaning", MAY, subject=county.subject(place)) for place in (0, 1, 2)
    )
    attach(county, first, jpeg(scene(1)))
    attach(county, again, jpeg(scene(1, (320, 240)), quality=40))
    attach(county, other, jpeg(scene(2)))
    (pair,) = selectors.same_photos([first.pk])
    assert (pair.claim_id, pair.other_claim_id) == (first.pk, again.pk)
    assert 0 <= pair.distance <= rules.NEAR_BITS
    assert selectors.flagged([first.pk, again.pk, other.pk]) == {first.pk, again.pk}


def test_one_colour_looks_like_nothing_but_itself(county: County) -> None:
    red, blue, red_again = (
        file(county, "public-cleaning", MAY, subject=county.subject(place)) for place in (0, 1, 2)
    )
    for claim, colour in ((red, "red"), (blue, "blue"), (red_again, "red")):
        attach(county, claim, jpeg(Image.new("RGB", (64, 48), colour)))
    found = {(row.claim_id, row.other_claim_id) for row in selectors.same_photos([red.pk, blue.pk])}
    assert found == {(red.pk, red_again.pk)}


def test_photos_of_one_sheet_and_of_withdrawn_claims_are_no_repetition(county: County) -> None:
    by, at = county.home.staff["recorder"], moment(MAY, 20)
    subject = county.subject()
    drafts = [services.Draft(subject, item, MAY, item) for item in ("public-cleaning", "village-meeting")]
    claims = services.file_claims(
        village=county.home.area, scheme="household", drafts=drafts, channel=rules.Channel.PAPER, by=by, at=at
    )
    for claim in claims:
        services.attach_photos(claim=claim, photos=[jpeg(scene(3))], by=by, at=at)
    assert selectors.same_photos([claim.pk for claim in claims]) == []
    gone = file(county, "culture", MAY, subject=county.subject(1), grade="village")
    attach(county, gone, jpeg(scene(3)))
    assert selectors.same_photos([gone.pk])
    services.withdraw_claim(claim=gone, by=county.worker(county.subject(1)), at=at)
    assert selectors.same_photos([claims[0].pk]) == []


@given(
    st.integers(0, 2**64 - 1), st.sets(st.integers(0, 63), max_size=rules.NEAR_BITS), st.integers(1, 10**9)
)
def test_near_fingerprints_share_a_band(fingerprint: int, flipped: set[int], village: int) -> None:
    other = fingerprint
    for bit in flipped:
        other ^= 1 << bit
    signed = [number - (1 << 64) if number >> 63 else number for number in (fingerprint, other)]
    one, two = (set(rules.bands(number, village)) for number in signed)
    assert one & two
    assert not one & set(rules.bands(signed[0], village + 1))


def test_the_fingerprint_outlives_the_metadata() -> None:
    encoded = encode_photo(jpeg(scene(4)))
    again = encode_photo(io.BytesIO(encoded.content))
    assert encoded.fingerprint is not None and again.fingerprint is not None
    assert (encoded.fingerprint ^ again.fingerprint & (1 << 64) - 1).bit_count() <= 64
    assert ((encoded.fingerprint ^ again.fingerprint) & (1 << 64) - 1).bit_count() <= 2


def test_same_household_and_item_on_near_days(county: County) -> None:
    first = file(county, "public-cleaning", MAY)
    near = file(county, "public-cleaning", MAY + dt.timedelta(days=1))
    far = file(county, "public-cleaning", MAY + dt.timedelta(days=3))
    other_item = file(county, "village-meeting", MAY)
    neighbour = file(county, "public-cleaning", MAY, subject=county.subject(1))
    assert selectors.flagged([row.pk for row in (first, near, far, other_item, neighbour)]) == {
        first.pk,
        near.pk,
    }


def test_two_households_behind_one_door(county: County) -> None:
    one, two = county.subject(0).household, county.subject(1).household
    at = moment(MAY, 8)
    change = people.HouseholdChange(address=one.address)
    people.update_household(household=two, change=change, by=county.operator, at=at)
    first = file(county, "public-cleaning", MAY, subject=county.subject(0))
    second = file(county, "public-cleaning", MAY, subject=county.subject(1))
    (found,) = selectors.alike(county.worker(county.subject()), first.pk, on=MAY)
    assert (found.other_id, found.why) == (second.pk, [Likeness.ADDRESS])
    file(county, "public-cleaning", MAY, subject=county.subject(2))
    assert len(selectors.alike(county.worker(county.subject()), first.pk, on=MAY)) == 1


def test_one_act_goes_back_with_the_reason_and_two_stay(county: County) -> None:
    first = file(county, "public-cleaning", MAY)
    second = file(county, "public-cleaning", MAY + dt.timedelta(days=1))
    third = file(county, "public-cleaning", MAY + dt.timedelta(days=2))
    by, at = county.worker(county.subject()), moment(MAY + dt.timedelta(days=2), 21)

    def compare(
        one: Claim, other: Claim, verdict: Verdict, reason: str = "", who: Any = None
    ) -> ComparedPair:
        return services.compare_claims(
            claim_id=one.pk, other_id=other.pk, verdict=verdict, reason=reason, by=who or by, at=at
        )

    with pytest.raises(services.NotComparable, match="没有相同"):
        compare(first, third, Verdict.SAME, "同一次")
    with pytest.raises(services.NotComparable, match="理由"):
        compare(second, first, Verdict.SAME)
    with pytest.raises((NotAllowed, services.NotComparable)):
        compare(second, first, Verdict.DIFFERENT, who=county.other.staff["recorder"])
    compare(second, first, Verdict.SAME, "同一次清扫报了两遍")
    second.refresh_from_db()
    assert second.state == ClaimState.RETURNED
    assert "同一次清扫报了两遍" in second.note and str(first.pk) in second.note
    with pytest.raises(services.NotComparable):
        compare(first, second, Verdict.DIFFERENT)
    fourth = file(county, "public-cleaning", MAY + dt.timedelta(days=3))
    compare(third, fourth, Verdict.DIFFERENT, "隔天又扫了一次", who=county.home.staff["recorder"])
    assert selectors.flagged([third.pk, fourth.pk]) == set()
    (said,) = selectors.alike(by, fourth.pk, on=MAY + dt.timedelta(days=3))
    assert said.comparison is not None and said.comparison.verdict is Verdict.DIFFERENT


def test_what_was_compared_stays(county: County) -> None:
    first = file(county, "public-cleaning", MAY)
    second = file(county, "public-cleaning", MAY + dt.timedelta(days=1))
    pair = services.compare_claims(
        claim_id=first.pk, other_id=second.pk, verdict=Verdict.DIFFERENT,
        by=county.worker(county.subject()), at=moment(MAY + dt.timedelta(days=1), 21),
    )  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        ComparedPair.objects.filter(pk=pair.pk).update(verdict=Verdict.SAME)


def test_documents_are_known_by_their_content(county: County) -> None:
    claim, at = file(county, "donation", MAY, quantity="100", channel=rules.Channel.SELF), moment(MAY, 21)
    by = county.user(claim.subject)

    def send(content: io.BytesIO, name: str) -> list[Any]:
        content.name = name
        return services.attach_documents(claim=claim, documents=[content], by=by, at=at)

    (row,) = send(io.BytesIO(PDF), '../../收据"\r\n.exe')
    assert row.name == "收据.pdf" and row.file.name.endswith(f"{row.digest}.pdf")
    assert send(io.BytesIO(PDF), "again.pdf") == []
    (sheet,) = send(package("[Content_Types].xml", "xl/workbook.xml"), "名单.docx")
    assert sheet.name == "名单.xlsx"
    for content in (
        io.BytesIO(b"<html><script>alert(1)</script>"),
        package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        package("a.txt"),
        io.BytesIO(b"PK\x03\x04 not really"),
        jpeg(scene(1)),
    ):
        with pytest.raises(BadDocument):
            send(content, "x.pdf")
    with pytest.raises(BadDocument, match="10兆"):
        read_document(io.BytesIO(PDF + b"0" * (10 * 1024 * 1024)), "big.pdf")
    send(io.BytesIO(PDF + b"3"), "3.pdf")
    with pytest.raises(BadDocument, match="最多"):
        send(io.BytesIO(PDF + b"4"), "4.pdf")
    page = selectors.claim_page(by, claim.pk, on=MAY)
    assert [one.name for one in page.documents] == ["收据.pdf", "名单.xlsx", "3.pdf"] and page.photos == []
    assert page.line.photos == 0


def test_evidence_of_another_household_stays_closed(county: County) -> None:
    claim = file(county, "public-cleaning", MAY)
    content = io.BytesIO(PDF)
    content.name = "a.pdf"
    (row,) = services.attach_documents(
        claim=claim, documents=[content], by=county.worker(claim.subject), at=moment(MAY, 21)
    )
    with pytest.raises(selectors.NoSuchClaim):
        selectors.document_of(county.user(county.subject(1)), row.pk, on=MAY)
    with pytest.raises(selectors.NoSuchClaim):
        selectors.photo_of(county.user(claim.subject), row.pk, on=MAY)
    assert selectors.document_of(county.user(claim.subject), row.pk, on=MAY).pk == row.pk
    verify(county, claim)
