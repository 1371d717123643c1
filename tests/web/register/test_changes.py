"""Guided changes at the desk: form, preview, confirmation; the slip, undoing, the merged household's card."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from jizhi.changes.models import Change
from jizhi.changes.rules import ChangeKind
from jizhi.people.models import Household, HouseholdCard, Membership, Person
from jizhi.web.register.forms.changes import FORMS
from tests.county import County, file
from tests.domain.changes import world
from tests.domain.changes.world import DAY

TODAY = DAY.isoformat()


def answers(page: str) -> dict[str, Any]:
    """What the preview carries in hidden fields, for the confirmation."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found.setdefault(name.group(1), []).append(value.group(1) if value else "")
    return found


def change(client: Any, household: Household, kind: str, **data: Any) -> Any:
    """Preview and confirm; the answer is the redirect to the slip, or the page that refused."""
    address = reverse("register:change_new", args=[household.pk, kind])
    shown = client.post(address, {"day": TODAY, "reason": "测试"} | data | {"preview": "1"})
    if shown.status_code != 200 or "expected" not in shown.content.decode():
        return shown
    sent = answers(shown.content.decode())
    sent.pop("csrfmiddlewaretoken", None)
    return client.post(address, sent | {"confirm": "1"})


@pytest.fixture
def home(county: County) -> Household:
    household = world.big_household(county)
    world.credit(county, household, 10_000)
    return household


def test_split_by_preview_and_confirmation(county: County, as_: Any, home: Household) -> None:
    client = as_("recorder")
    members = world.member_ids(home)
    leaving = [one for one in members if one != home.head_id][:1]
    claim = file(county, "mediation", DAY, subject=home.subject)
    data = {
        "persons": leaving, "head": leaving[0], "no": "9001", "grid": home.area.code, "share": "given",
        "points": "25.5", "refile": [claim.pk],
    }  # fmt: skip
    address = reverse("register:change_new", args=[home.pk, "split"])
    shown = client.post(address, data | {"day": TODAY, "preview": "1"}).content.decode()
    assert "还没有办理" in shown
    assert "25.5" in shown
    assert not Household.objects.filter(no="9001").exists()
    again = client.post(address, data | {"day": TODAY, "back": "1"}).content.decode()
    assert 'value="9001"' in again
    answer = change(client, home, "split", **data)
    new = Household.objects.get(no="9001")
    assert answer.status_code == 302
    assert (world.wallet(home), world.wallet(new)) == (7_450, 2_550)
    claim.refresh_from_db()
    assert claim.state == "withdrawn"
    assert new.subject.claims.get().state == "filed"
    slip = client.get(answer.url).content.decode()
    assert "分户" in slip
    assert new.no in slip
    cards = client.post(reverse("register:card_replacement", args=[new.pk]), {"reason": "新户"})
    assert HouseholdCard.objects.get(household=new).code in cards.content.decode()


def test_errors_stand_at_their_fields(county: County, as_: Any, home: Household) -> None:
    client = as_("recorder")
    address = reverse("register:change_new", args=[home.pk, "split"])
    assert client.get(address).status_code == 200
    assert client.post(address, {"day": TODAY}).status_code == 422
    refused = change(client, home, "merge", into="查无此户")
    assert refused.status_code == 422
    assert "没有编号为" in refused.content.decode()
    assert client.get(reverse("register:change_new", args=[home.pk, "nonsense"])).status_code == 404
    assert as_("supervisor").get(address).status_code == 403
    foreign = county.other.all_subjects[0].household
    assert client.get(reverse("register:change_menu", args=[foreign.pk])).status_code == 404
    menu = client.get(reverse("register:change_menu", args=[home.pk])).content.decode()
    for kind in FORMS:
        asked = client.get(reverse("register:change_new", args=[home.pk, kind.value]))
        assert asked.status_code == 200
        assert (
            kind is ChangeKind.RETURNING or reverse("register:change_new", args=[home.pk, kind.value]) in menu
        )


def test_merge_undo_and_the_blocked_card(county: County, as_: Any, home: Household, client: Any) -> None:
    clerk = as_("recorder")
    target = next(s.household for s in county.home.all_subjects if s.household.pk != home.pk)
    code = HouseholdCard.objects.get(household=home, blocked_at=None).code
    slip = change(clerk, home, "merge", into=target.no)
    assert world.wallet(target) == 10_000
    signed = client.post(reverse("signin:household"), {"username": code, "password": "402917"})
    assert "已并入另一户" in signed.content.decode()
    page = clerk.get(reverse("register:household", args=[home.pk])).content.decode()
    assert f"去向：{target.no}" in page
    done = Change.objects.get()
    assert "撤销" in clerk.get(slip.url).content.decode()
    clerk.post(reverse("register:change_undoing", args=[done.pk]), {"reason": "办错了"})
    assert (world.wallet(home), world.wallet(target)) == (10_000, 0)
    assert HouseholdCard.objects.filter(household=home, blocked_at=None).exists()


def test_persons_are_born_die_leave_and_return(county: County, as_: Any, home: Household) -> None:
    client = as_("recorder")
    size = len(world.member_ids(home))
    person = {"relation": "女儿", "residence": "resident"}
    change(client, home, "birth", name="小满", birth_date="2026-06-10", **person)
    child = Person.objects.get(name="小满")
    assert len(world.member_ids(home)) == size + 1
    one = next(p for p in world.member_ids(home) if p not in {home.head_id, child.pk})
    change(client, home, "departure", person=one)
    assert Person.objects.get(pk=one).residence == "away"
    change(client, home, "return", person=one)
    assert Person.objects.get(pk=one).residence == "resident"
    assert home.head_id is not None
    refused = change(client, home, "death", person=home.head_id)
    assert "请选择新的户主" in refused.content.decode()
    change(client, home, "death", person=home.head_id, new_head=one)
    home.refresh_from_db()
    assert home.head_id == one
    assert home.head is not None
    assert home.head.name == home.head_name
    target = next(s.household for s in county.home.all_subjects if s.household.pk != home.pk)
    change(client, home, "transfer", person=one, into=target.no, relation="亲属", new_head=child.pk)
    assert one not in world.member_ids(home)
    page = client.get(reverse("register:person", args=[one])).content.decode()
    assert "转入另一户" in page


def test_who_was_here_on_a_day(county: County, as_: Any, home: Household) -> None:
    client = as_("recorder")
    one = next(p for p in world.member_ids(home) if p != home.head_id)
    change(client, home, "member_leaving", person=one)
    name = Person.objects.get(pk=one).name
    address = reverse("register:household", args=[home.pk])
    then = client.get(address, {"day": "2026-06-01"}).content.decode()
    now = client.get(address, {"day": TODAY}).content.decode()
    part = re.compile(r'id="then".*?</section>', re.S)
    assert name in part.search(then).group()  # type: ignore[union-attr]
    assert name not in part.search(now).group()  # type: ignore[union-attr]
    assert client.get(address, {"day": "gestern"}).status_code == 200


def test_move_to_another_village_by_the_township(
    county: County, client_as: Any, town: Any, home: Household
) -> None:
    client = client_as(town)
    data = {"village": county.other.area.code, "no": "7001", "carry": "carried", "grid": "没有这格"}
    assert "没有这个网格" in change(client, home, "move", **data).content.decode()
    change(client, home, "move", **data | {"grid": "", "day": "2026-06-10"})
    new = Household.objects.get(village=county.other.area, no="7001")
    assert world.wallet(new) == 10_000
    change(client, new, "leaving", until="2026-12-31", day="2026-06-12")
    change(client, Household.objects.get(pk=new.pk), "returning", no="7002")
    assert Membership.objects.filter(household__no="7002", to_date=None).exists()


def test_list_export_and_queries(
    county: County, as_: Any, home: Household, django_assert_max_num_queries: Any
) -> None:
    client = as_("recorder")
    assert "还没有办理过变动" in client.get(reverse("register:changes")).content.decode()
    for number, one in enumerate(p for p in world.member_ids(home) if p != home.head_id):
        change(client, home, "departure", person=one, reason=f"务工{number}")
    with django_assert_max_num_queries(20):
        page = client.get(reverse("register:changes"), {"kind": "departure"}).content.decode()
    assert "务工" not in page
    assert home.no in page
    assert "没有符合条件的变动" in client.get(reverse("register:changes"), {"q": "查无"}).content.decode()
    content = client.get(reverse("register:changes_export")).content
    assert "务工0" in str(list(openpyxl.load_workbook(io.BytesIO(content)).active.values))
