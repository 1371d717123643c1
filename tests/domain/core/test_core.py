"""Points and money at the edges, names and numbers masked, personal data sealed, the audit trail only growing."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from jizhi.core import audit, check_digits, clock, crypto, masking, names, photos, points, triggers
from jizhi.core.models import AuditEvent
from jizhi.core.text import LabelledEnum
from jizhi.people.models import Person
from tests import factories


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.2", 120), ("-3", -300), ("１２．５", 1250), ("1,000", 100_000), ("+0.05", 5), (" 2 ", 200)],
)
def test_points_are_read_as_hundredths(text: str, value: int) -> None:
    assert points.parse_points(text) == value


@pytest.mark.parametrize("text", ["", "x", "1.234", "1e3", "--1", "NaN", "Infinity"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(points.NotANumber):
        points.parse_points(text)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(120, 1, "1.2"), (125, 1, "1.3"), (-125, 1, "-1.3"), (500, 0, "5"), (7, 2, "0.07")],
)
def test_points_are_written_with_the_places_of_the_unit(value: int, places: int, text: str) -> None:
    assert points.format_points(value, places=places) == text


def test_fen_are_written_as_yuan() -> None:
    assert points.format_fen(points.parse_fen("12.5")) == "12.50"


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王芳", "王*"),
        ("王小芳", "王**"),
        ("欧阳晓芸", "欧阳**"),
        ("司马青", "司马*"),
        ("欧阳", "欧*"),
        ("王", "王*"),
        ("阿卜杜拉·买买提", "阿***·***"),
        ("Anna Berg", "A*** ****"),
        (" 诸葛 ", "诸*"),
        ("", ""),
    ],
)
def test_names_keep_their_surname(name: str, masked: str) -> None:
    assert names.mask_name(name) == masked


def test_names_are_found_by_pinyin_and_initials() -> None:
    assert names.pinyin_key("石桥村") == "shiqiaocun sqc"
    assert names.person_key("单田芳") == "shantianfang stf"
    assert names.person_key("单于青") == names.pinyin_key("单于青")


def test_numbers_are_masked() -> None:
    assert masking.mask_id("990199198602168082") == "9901************82"
    assert masking.mask_id("12345") == "*****"
    assert masking.mask_phone("19901993439") == "199****3439"
    assert masking.mask_phone("8812") == "**12"
    assert masking.mask_phone("") == ""


class Colour(LabelledEnum):
    RED = "red", "红"


def test_an_enum_is_its_value_and_carries_its_label() -> None:
    assert Colour("red") is Colour.RED
    assert f"{Colour.RED}" == "red"
    assert Colour.RED.label == "红"


def test_sealed_text_opens_only_in_its_place_and_with_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = crypto.encrypt("990199198602168082", context="a.b")
    assert crypto.decrypt(sealed, context="a.b") == "990199198602168082"
    assert sealed != crypto.encrypt("990199198602168082", context="a.b")
    with pytest.raises(crypto.CannotDecrypt):
        crypto.decrypt(sealed, context="a.c")
    with pytest.raises(crypto.CannotDecrypt):
        crypto.decrypt(sealed[:-1] + bytes([sealed[-1] ^ 1]), context="a.b")
    old = settings.PERSONAL_DATA_KEY
    monkeypatch.setattr(settings, "PERSONAL_DATA_KEY", bytes(16))
    with pytest.raises(crypto.CannotDecrypt):
        crypto.decrypt(sealed, context="a.b")
    monkeypatch.setattr(settings, "PERSONAL_DATA_OLD_KEYS", [old], raising=False)
    assert crypto.decrypt(sealed, context="a.b") == "990199198602168082"


def test_the_blind_index_is_stable_and_keyed(monkeypatch: pytest.MonkeyPatch) -> None:
    index = crypto.blind_index("990199198602168082")
    assert index == crypto.blind_index("990199198602168082")
    assert len(index) == 64
    monkeypatch.setattr(settings, "BLIND_INDEX_KEY", bytes(32))
    assert index != crypto.blind_index("990199198602168082")


@pytest.mark.django_db
def test_the_database_holds_no_readable_number() -> None:
    number = factories.id_number(7)
    person = Person.objects.create(name="周甲", id_number=number, id_index=crypto.blind_index(number))
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number FROM people_person WHERE id = %s", [person.pk])
        stored = bytes(cursor.fetchone()[0])
    assert number.encode() not in stored
    assert Person.objects.get(pk=person.pk).id_number == number


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE {} SET verb = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_audit_trail_only_grows(statement: str) -> None:
    audit.record_event(
        by=None, at=factories.AT, verb="test.write", target=None, detail={"day": factories.TODAY}
    )
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(AuditEvent._meta.db_table))
    assert AuditEvent.objects.get().detail == {"day": "2026-06-15"}


@pytest.mark.django_db
def test_an_event_names_actor_target_and_place() -> None:
    village, user = factories.village(), factories.staff()
    event = audit.record_event(
        by=user, at=factories.AT, verb="area.look", target=village, area_path=village.path
    )
    assert (event.by_id, event.by_name, event.target_type) == (user.pk, user.username, "areas.area")
    assert AuditEvent.objects.filter(
        area_path__descendant_of=village.path.split(".")[0], verb="area.look"
    ).exists()


def test_a_span_of_days_ends_before_the_first_moment_after_it() -> None:
    first, last = dt.date(2026, 2, 27), dt.date(2026, 3, 1)
    begin, end = clock.span(first, last)
    assert begin == clock.start_of(first) == dt.datetime(2026, 2, 27, tzinfo=clock.zone())
    assert end == clock.start_of(dt.date(2026, 3, 2))
    assert clock.day_of(begin) == first and clock.day_of(end - dt.timedelta(microseconds=1)) == last


@given(st.integers(0, 10**8))
def test_a_typed_code_is_its_number_or_nothing(number: int) -> None:
    code = check_digits.with_check(f"{number:07d}")
    typed = f"https://example/x/{check_digits.grouped(code, 3, 4)}/"
    assert check_digits.code_of(typed, digits_min=7) == code
    assert check_digits.number_of(typed, digits_min=7) == number
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    assert check_digits.number_of(wrong, digits_min=7) is None
    assert check_digits.code_of(code, digits_min=len(code)) == ""


def test_pairs_follow_the_table() -> None:
    class Light(LabelledEnum):
        RED = "red"
        GREEN = "green"

    assert triggers.pairs({Light.RED: {Light.GREEN, Light.RED}, Light.GREEN: set()}) == [
        ("red", "green"), ("red", "red"),
    ]  # fmt: skip


def picture(colour: str) -> io.BytesIO:
    stream = io.BytesIO()
    Image.new("RGB", (20, 20), colour).save(stream, format="PNG")
    stream.seek(0)
    return stream


def test_fresh_photos_are_those_not_kept_yet_each_once() -> None:
    red, blue = photos.encode_photo(picture("red")), photos.encode_photo(picture("blue"))
    sent = [picture("red"), picture("blue"), picture("blue")]
    assert photos.fresh_photos(sent, {red.digest}, most=2, too_many="%(count)s") == [blue]
    again = [picture("red")]
    assert photos.fresh_photos(again, {red.digest, "a", "b"}, most=2, too_many="%(count)s") == []
    with pytest.raises(photos.BadPhoto, match="最多1张"):
        photos.fresh_photos([picture("green")], {red.digest}, most=1, too_many="最多%(count)s张")


@given(st.text(alphabet="0123456789*- １２", max_size=20))
def test_a_typed_number_shows_no_more_than_a_masked_one(typed: str) -> None:
    shown = sum(sign.isdigit() for sign in masking.masked_phone(typed))
    assert shown <= masking.SHOWN_MAX
