"""The kinship register: what the list finds, that its workbook is taken in again, and who may read it."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from jizhi.imports.models import Import
from jizhi.people import selectors
from jizhi.people import services as people
from jizhi.people.rules import Kin, KinSource
from tests.county import County
from tests.domain.reviews.world import are_kin, head

DAY = dt.date(2026, 6, 15)
ADDRESS = "register:kin"


@pytest.fixture
def pairs(county: County) -> Any:
    """Siblings, and a marriage that has ended; one relative lives in the other village."""
    one, two, three = (head(county.subject(place)) for place in range(3))
    abroad = head(county.other.all_subjects[0])
    siblings = are_kin(county, one, two)
    marriage = are_kin(county, one, three, Kin.SPOUSE)
    people.end_kin(
        kinship_id=marriage.pk, last_day=dt.date(2026, 3, 1), by=county.home.staff["recorder"],
        at=dt.datetime(2026, 6, 1, tzinfo=dt.UTC),
    )  # fmt: skip
    far = are_kin(county, two, abroad, Kin.UNCLE)
    return siblings, marriage, far


def _cells(content: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_list_by_words_relation_and_state(county: County, pairs: Any, as_: Any) -> None:
    client, (siblings, marriage, far) = as_("recorder"), pairs
    page = client.get(reverse(ADDRESS)).text
    assert siblings.person.name in page
    assert "兄弟姐妹" in page
    assert "不在本辖区" in page
    assert reverse("register:kin_end", args=[siblings.person_id, siblings.pk]) in page
    assert reverse("register:person", args=[far.relative_id]) not in page and far.relative.name not in page
    assert marriage.relative.name not in page
    ended = client.get(reverse(ADDRESS), {"state": "ended"}).text
    assert marriage.relative.name in ended and siblings.relative.name not in ended
    by_no = client.get(reverse(ADDRESS), {"q": far.person.memberships.get().household.no}).text
    assert "不在本辖区" in by_no and "伯叔" in by_no
    assert "没有符合条件" in client.get(reverse(ADDRESS), {"q": "<b>"}).text
    spouses = client.get(reverse(ADDRESS), {"kin": "spouse"}).text
    assert "没有符合条件" in spouses


def test_what_is_exported_is_taken_in_as_unchanged(
    county: County, pairs: Any, town: Any, client_as: Any
) -> None:
    client = client_as(town)
    answer = client.get(reverse("register:kin_export"))
    rows = [row for row in _cells(answer.content) if len(row) > 5 and row[5] == pairs[0].relative.name]
    assert len(rows) == 1 and "兄弟姐妹" in rows[0]
    upload = io.BytesIO(answer.content)
    upload.name = "亲属关系.xlsx"
    sent = {"file": upload, "area": county.home.area.parent.code, "request_key": str(uuid.uuid4())}
    client.post(reverse("register:import_new", args=["kinship"]), sent)
    checked = Import.objects.get(kind="kinship")
    assert checked.counts == {"unchanged": 2}


def test_the_township_sees_both_villages_and_strangers_nothing(
    county: County, pairs: Any, as_: Any, town: Any, client_as: Any
) -> None:
    page = client_as(town).get(reverse(ADDRESS)).text
    assert "不在本辖区" not in page and pairs[2].relative.name in page
    other = as_("recorder", "other").get(reverse(ADDRESS)).text
    assert pairs[0].person.name not in other
    assert as_("store").get(reverse(ADDRESS)).status_code == 403
    assert as_("panel1").get(reverse("register:kin_export")).status_code == 403


def test_many_relations_cost_the_same(county: County, pairs: Any, django_assert_num_queries: Any) -> None:
    recorder = county.home.staff["recorder"]
    first = selectors.kin_rows(recorder, selectors.kinships(recorder, on=DAY), DAY)
    persons = [head(subject) for subject in county.home.all_subjects]
    for person in persons[3:]:
        people.declare_kin(
            person=persons[0], relative=person, kin=Kin.SIBLING_IN_LAW, source=KinSource.VILLAGE, from_date=DAY,
            by=recorder, at=dt.datetime(2026, 6, 15, 2, tzinfo=dt.UTC),
        )  # fmt: skip
    with django_assert_num_queries(2):
        more = selectors.kin_rows(recorder, selectors.kinships(recorder, on=DAY), DAY)
    assert len(more) == len(first) + len(persons[3:])
