"""The interface for other systems: keys, what may be pushed, repeats, refusals that name the field, the rate limit."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from jizhi.channels import selectors, services
from jizhi.channels.models import PushedClaim, SystemKey
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel, ClaimState
from jizhi.posts import services as posts
from jizhi.posts.rules import PostKind
from jizhi.posts.selectors import NotAllowed
from tests import factories
from tests.web import shiqiao

TODAY = dt.date(2026, 6, 15)
ITEMS = [("household", one) for one in ("voluntary-labour", "volunteering", "littering")]


@pytest.fixture
def place(db: None, clock: Any) -> shiqiao.Village:
    return shiqiao.build(TODAY)


@pytest.fixture
def town(place: shiqiao.Village) -> Any:
    return factories.holder(PostKind.TOWNSHIP, place.village.parent)


@pytest.fixture
def system(place: shiqiao.Village, town: Any) -> Any:
    return services.register_system(
        name="志愿平台",
        area=place.village.parent,
        items=ITEMS,
        per_minute=5,
        by=town,
        at=shiqiao.moment(TODAY),
    )


@pytest.fixture
def secret(system: Any, town: Any) -> str:
    return services.issue_key(system_id=system.pk, by=town, at=shiqiao.moment(TODAY))[1]


def body(**changes: Any) -> dict[str, Any]:
    wanted = {
        "request_key": "a-1", "village": "130699101201", "household": "001", "item": "volunteering",
        "act_date": "2026-06-10", "quantity": "2.5", "words": "河道清理",
    }  # fmt: skip
    return {key: value for key, value in (wanted | changes).items() if value is not None}


def push(secret: str, **changes: Any) -> Any:
    header = {"Authorization": f"Bearer {secret}"} if secret else {}
    return Client().post(
        reverse("api:claims"), body(**changes), content_type="application/json", headers=header
    )


def ask(secret: str, address: str) -> Any:
    return Client().get(address, headers={"Authorization": f"Bearer {secret}"})


def test_a_pushed_claim_goes_the_way_of_all_claims(secret: str, system: Any, town: Any) -> None:
    answer = push(secret)
    assert answer.status_code == 201, answer.content
    assert answer.json()["state"] == "filed" and answer.json()["state_words"] == "已申报"
    claim = Claim.objects.get()
    assert (claim.channel, claim.state, claim.filed_by) == (Channel.SYSTEM, ClaimState.FILED, town)
    assert selectors.pushing_system(claim.pk, Channel.SYSTEM) == "志愿平台"
    status = ask(secret, reverse("api:claim", args=["a-1"])).json()
    assert (status["claim"], status["scheme"], status["item"]) == (claim.pk, "household", "volunteering")
    assert SystemKey.objects.get().last_used_at is not None


def test_the_same_key_again_changes_nothing(secret: str) -> None:
    first = push(secret)
    again = push(secret, quantity="9", item="littering")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["claim"] == again.json()["claim"]
    assert Claim.objects.count() == PushedClaim.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"item": "donation"}, "item"), ({"item": "nonsense"}, "item"), ({"quantity": None}, "quantity"),
        ({"quantity": "-1"}, "quantity"), ({"village": "130699199"}, "village"), ({"household": "999"}, "household"),
        ({"act_date": "2027-01-01"}, "act_date"), ({"act_date": "gestern"}, "act_date"),
        ({"request_key": None}, "request_key"), ({"request_key": "x" * 61}, "request_key"),
        ({"household": None}, "subject"), ({"subject": "001"}, "subject"), ({"scheme": "member"}, "scheme"),
    ],
)  # fmt: skip
def test_refusals_name_the_field(secret: str, changes: dict[str, Any], field: str) -> None:
    answer = push(secret, **changes)
    assert answer.status_code == 422, answer.content
    assert answer.json()["field"] == field and answer.json()["error"]
    assert not Claim.objects.exists()


def test_without_a_right_key_nothing_opens(secret: str, system: Any, town: Any) -> None:
    prefix = secret.split(".")[1]
    for wrong in ("", "nonsense", f"jz.{prefix}.wrong", secret + "x"):
        assert push(wrong).status_code == 401
    key = SystemKey.objects.get()
    assert secret.split(".")[2] not in key.digest
    services.revoke_key(key_id=key.pk, system_id=system.pk, by=town, at=shiqiao.moment(TODAY))
    assert push(secret).status_code == 401
    assert not Claim.objects.exists()


def test_a_key_ends_with_its_owners_post_until_somebody_takes_over(
    secret: str, system: Any, town: Any, place: shiqiao.Village
) -> None:
    root, at = place.users["root"], shiqiao.moment(TODAY)
    (post,) = town.posts.all()
    posts.end_post(post=post, to_date=TODAY - dt.timedelta(days=1), by=root, at=at)
    refused = push(secret)
    assert refused.status_code == 401 and "接管" in refused.json()["error"]
    successor = factories.holder(PostKind.TOWNSHIP, place.village.parent)
    services.take_over_system(system_id=system.pk, by=successor, at=at)
    assert push(secret).status_code == 201
    assert Claim.objects.get().filed_by == successor


def test_too_many_calls_in_a_minute_wait(secret: str) -> None:
    answers = [push(secret, request_key=f"k{number}").status_code for number in range(7)]
    assert answers == [201] * 5 + [429] * 2
    refused = push(secret)
    assert refused["Retry-After"] == "60" and Claim.objects.count() == 5


def test_systems_see_their_own_claims_and_their_own_area(
    secret: str, place: shiqiao.Village, town: Any
) -> None:
    push(secret)
    at = shiqiao.moment(TODAY)
    other = services.register_system(
        name="签到机", area=place.village, items=[("household", "volunteering")], by=town, at=at
    )
    _key, second = services.issue_key(system_id=other.pk, by=town, at=at)
    assert ask(second, reverse("api:claim", args=["a-1"])).status_code == 404
    items = ask(secret, f"{reverse('api:items')}?village={place.village.code}").json()
    assert [item["id"] for item in items] == ["volunteering", "voluntary-labour", "littering"]
    assert items[0]["needs"] == "quantity" and items[0]["unit"] and items[0]["scheme"] == "household"
    assert ask(secret, f"{reverse('api:items')}?village=130699").status_code == 404


def test_the_description_is_open_and_complete(place: shiqiao.Village) -> None:
    described = Client().get(reverse("api:openapi-json")).json()
    assert set(described["paths"]) == {"/api/v1/claims", "/api/v1/claims/{request_key}", "/api/v1/items"}
    assert "Bearer" in str(described["components"]["securitySchemes"]) or "bearer" in str(described)


def test_the_page_shows_a_secret_once(place: shiqiao.Village, town: Any, client_as: Any) -> None:
    client = client_as(town)
    sent = {
        "name": "平台",
        "area": place.village.parent.code,
        "items": ["household volunteering"],
        "per_minute": "60",
    }
    answer = client.post(reverse("desk:system_new"), sent)
    assert answer.status_code == 302
    request_key = client.get(answer["Location"]).context["key_form"]["request_key"].value()
    issued = client.post(f"{answer['Location']}keys/", {"request_key": request_key})
    secret = issued.content.decode().split('class="secret">')[1].split("<")[0]
    assert push(secret).status_code == 201
    page = client.get(answer["Location"]).content.decode()
    assert secret not in page and secret.split(".")[1] in page and "欧阳晓芸" in page
    again = client.post(f"{answer['Location']}keys/", {"request_key": request_key}, follow=True)
    assert "密钥已经发过" in again.content.decode() and 'class="secret"' not in again.content.decode()
    incomplete = client.post(f"{answer['Location']}keys/", follow=True).content.decode()
    assert "请求不完整，没有发密钥" in incomplete and SystemKey.objects.count() == 1
    key = SystemKey.objects.get()
    client.post(reverse("desk:system_key_revocation", args=[key.system_id, key.pk]))
    assert "密钥已失效" in client.get(answer["Location"]).content.decode()
    for name in ("systems", "systems_export"):
        assert client_as(place.users["recorder"]).get(reverse(f"desk:{name}")).status_code == 403
    listed = client.get(reverse("desk:systems"), {"q": "没有这样的"}).content.decode()
    assert "没有符合条件的记录" in listed and "还没有接入的系统" not in listed
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("desk:systems_export")).content))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert f"jz.{key.prefix}.…" in cells and not any(secret.split(".")[2] in cell for cell in cells)


def test_a_village_registers_no_system(place: shiqiao.Village) -> None:
    with pytest.raises(NotAllowed):
        services.register_system(
            name="x",
            area=place.village,
            items=[("household", "volunteering")],
            by=place.users["recorder"],
            at=shiqiao.moment(TODAY),
        )
