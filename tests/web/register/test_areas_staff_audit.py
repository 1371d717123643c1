"""Areas, staff and posts, and the audit trail at the desk: what may be changed, by whom, and who sees what."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.posts.models import Post
from jizhi.posts.rules import PostKind
from tests.county import County


@pytest.fixture
def client(town: Any, client_as: Any) -> Any:
    return client_as(town)


def text(client: Any, name: str, *args: Any, **query: Any) -> str:
    answer = client.get(reverse(f"register:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_tree_add_rename_close(county: County, client: Any) -> None:
    village = county.home.area
    assert "石桥村" in text(client, "areas")
    assert "石桥村" in text(client, "areas", q="shiqiao")
    new = {"level": "grid", "name": "第八网格", "code": f"{village.code}008", "from_date": "2026-06-01"}
    address = reverse("register:area_new", args=[village.pk])
    assert client.post(address, new | {"code": "大写"}).status_code == 422
    assert client.post(address, new).status_code == 302
    grid = Area.objects.get(code=f"{village.code}008")
    client.post(
        reverse("register:area", args=[grid.pk]),
        {"name": "第九网格", "name_en": "Grid 9", "on": "2026-06-15"},
    )
    assert "第九网格" in text(client, "area", grid.pk)
    client.post(reverse("register:area_closing", args=[grid.pk]), {"to_date": "2026-06-15"})
    grid.refresh_from_db()
    assert grid.to_date is not None
    lived_in = county.subject().household.area
    refused = client.post(reverse("register:area_closing", args=[lived_in.pk]), {"to_date": "2026-06-15"})
    assert "还登记着" in refused.content.decode()
    assert client.get(reverse("register:areas_export")).getvalue().startswith(b"PK")


def test_areas_outside_the_scope_are_not_found(county: County, client: Any, as_: Any) -> None:
    above = county.home.area.parent.parent
    assert client.get(reverse("register:area", args=[above.pk])).status_code == 404
    assert as_("committee").get(reverse("register:areas")).status_code == 403


def test_take_on_give_and_end_posts(county: County, client: Any, client_as: Any) -> None:
    data = {
        "display_name": "新记录员",
        "username": "sq-new",
        "password": "lantern-2026",
        "kind": "recorder",
        "area": county.home.area.code,
        "from_date": "2026-06-15",
    }
    address = reverse("register:account_new")
    assert client.post(address, data | {"password": "123"}).status_code == 422
    assert "县级任命" in client.post(address, data | {"kind": "county"}).content.decode()
    assert not User.objects.filter(username="sq-new").exists()
    assert "lantern-2026" in client.post(address, data).content.decode()
    user = User.objects.get(username="sq-new")
    assert user.must_change_password
    assert "新记录员" in text(client, "posts", q="新记录员", kind="recorder")
    given = {"kind": "panel_member", "area": county.home.area.code, "from_date": "2026-06-15"}
    page = reverse("register:account", args=[user.pk])
    assert client.post(page, given).status_code == 302
    assert client.post(page, given).status_code == 422
    post = Post.objects.get(user=user, kind="panel_member")
    client.post(reverse("register:post_end", args=[post.pk]), {"to_date": "2026-06-20"})
    post.refresh_from_db()
    assert str(post.to_date) == "2026-06-20"


def test_passwords_only_of_those_one_appoints(county: County, client: Any, town: Any) -> None:
    mine = county.home.staff["recorder"]
    shown = client.post(reverse("register:account_password", args=[mine.pk]), {"password": "fresh-start-9"})
    assert "fresh-start-9" in shown.content.decode()
    mine.refresh_from_db()
    assert mine.check_password("fresh-start-9")
    assert client.get(reverse("register:account_password", args=[town.pk])).status_code == 403
    assert client.get(reverse("register:account_password", args=[county.operator.pk])).status_code == 404
    household_user = county.user(county.subject())
    assert client.get(reverse("register:account", args=[household_user.pk])).status_code == 404


def test_duties_are_the_table_itself(county: County, client: Any, as_: Any) -> None:
    page = text(client, "duties")
    assert "核实申报" in page
    assert page.count('scope="col"') == len(PostKind)
    assert as_("committee").get(reverse("register:posts")).status_code == 403


def test_audit_filters_and_hides_card_numbers(county: County, client: Any, as_: Any) -> None:
    household = county.subject().household
    as_("recorder").post(
        reverse("register:household_edit", args=[household.pk]),
        {"head_name": household.head_name, "grid": household.area.code, "address": "新地址1号"},
    )
    page = text(client, "audit", verb="household.update", by="recorder")
    assert "新地址1号" in page
    assert "修改农户资料" in page
    assert "没有符合条件的记录" in text(client, "audit", q="查无此事", day="2020-01-01")
    card = county.user(county.subject()).username
    assert card not in text(client, "audit")
    other = as_("supervisor", "other")
    assert "新地址1号" not in text(other, "audit", verb="household.update")
    assert client.get(reverse("register:audit_export")).content.startswith(b"PK")
    assert as_("recorder").get(reverse("register:audit")).status_code == 403


def test_queries_stay_flat(county: County, client: Any, django_assert_max_num_queries: Any) -> None:
    for name in ("areas", "posts", "audit", "schemes", "duties"):
        with django_assert_max_num_queries(22):
            text(client, name)
