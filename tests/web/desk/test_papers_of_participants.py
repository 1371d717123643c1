"""Paper sheets for persons and organisations: printed with number and name, keyed in by code, once, for nobody else."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from typing import Any

import pypdf
import pytest
from django.urls import reverse

from jizhi.channels import selectors, services
from jizhi.channels.rules import SheetState, written
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel
from jizhi.organisations import services as organisations
from jizhi.organisations.rules import OrganisationKind
from jizhi.participants.models import Participant
from jizhi.people import services as people
from jizhi.people.rules import PartyStanding
from tests.scored import adopt, follow
from tests.web.desk.world import World

TODAY = dt.date(2026, 6, 15)
MEMBERS = ("钱党员", "冯党员", "褚党员")


@pytest.fixture
def members(world: World) -> list[Participant]:
    """Three party members in three households, the second of them in another grid than the others."""
    adopt(world.village, "member", world.root)
    for place, name in enumerate(MEMBERS):
        member = people.NewMember(name=name, relation="家庭成员", birth_date=dt.date(1970 + place, 3, 1))
        row = people.add_member(
            household=world.households[place], member=member, from_date=dt.date(2026, 1, 1),
            by=world.root, at=world.at,
        )  # fmt: skip
        people.record_party(
            person_id=row.person_id, standing=PartyStanding.FULL, from_date=dt.date(2026, 1, 1),
            by=world.root, at=world.at,
        )  # fmt: skip
    return follow(world.village, "member", world.root, TODAY)


@pytest.fixture
def branches(world: World) -> list[Participant]:
    adopt(world.village, "branch", world.root)
    for name in ("石桥村第一党支部", "石桥村第二党支部"):
        data = organisations.OrganisationData(kind=OrganisationKind.BRANCH, name=name, area=world.village)
        organisations.create_organisation(
            data=data, from_date=dt.date(2026, 1, 1), by=world.root, at=world.at
        )
    return follow(world.village, "branch", world.root, TODAY)


def printed(client: Any, world: World, scheme: str, *, place: str = "", count: int = 0) -> list[str]:
    """A batch through the page. Returns the text of each page of its PDF."""
    sent = {
        "village": world.village.code, "scheme": scheme, "households": place or world.village.code,
        "count": str(count), "title": "六月申报表", "request_key": str(uuid.uuid4()),
    }  # fmt: skip
    answer = client.post(reverse("desk:paper_new"), sent)
    assert answer.status_code == 302, answer.content.decode()
    pdf = client.get(answer["Location"])
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.content)).pages]


def sheets_of(world: World) -> list[selectors.SheetLine]:
    return selectors.sheet_lines(selectors.sheets(world.root, on=TODAY).order_by("number"))


def key_in(client: Any, world: World, code: str, no: str, scheme: str, item: str, quantity: str = "") -> Any:
    rows = {"row-TOTAL_FORMS": "1", "row-INITIAL_FORMS": "0", "row-0-act_date": "2026-06-10"}
    rows |= {"row-0-item": item, "row-0-quantity": quantity, "row-0-words": "河道清理"}
    head = {"village": world.village.code, "scheme": scheme, "code": code, "no": no, "channel": "paper"}
    return client.post(reverse("desk:claim_new"), rows | head | {"request_key": str(uuid.uuid4())})


def test_each_member_gets_a_sheet_with_number_and_name(
    as_: Any, world: World, members: list[Participant]
) -> None:
    pages = printed(as_("recorder"), world, "member", count=1)
    assert len(pages) == len(MEMBERS) + 1
    lines = sheets_of(world)
    for page, line, one in zip(pages, lines, members, strict=False):
        assert line.written in page and one.subject.label in page
        assert one.subject.key.rpartition("-")[2] in page
        assert "户主" not in page and "党员志愿服务" in page
    assert lines[-1].subject_id is None and lines[-1].written in pages[-1]


def test_a_grid_gets_the_sheets_of_those_who_live_there(
    as_: Any, world: World, members: list[Participant]
) -> None:
    pages = printed(as_("recorder"), world, "member", place=world.grids[0].code)
    assert len(pages) == 1 and MEMBERS[1] in pages[0]
    assert len(printed(as_("recorder"), world, "member", place=world.grids[1].code)) == 2


def test_who_left_or_has_not_begun_gets_none(world: World, as_: Any, members: list[Participant]) -> None:
    gone = members[0].subject
    gone.to_date = TODAY - dt.timedelta(days=1)
    gone.save()
    later = members[1].subject
    later.from_date = TODAY + dt.timedelta(days=1)
    later.save()
    (page,) = printed(as_("recorder"), world, "member")
    assert members[2].subject.label in page


def test_keyed_in_by_code_once_and_for_nobody_else(
    as_: Any, world: World, members: list[Participant]
) -> None:
    client = as_("recorder")
    printed(client, world, "member")
    first, second = sheets_of(world)[:2]
    scanned = client.get(reverse("desk:paper_scan"), {"code": first.code})
    form = client.get(scanned["Location"]).content.decode()
    assert first.written in form and 'value="0001"' in form and 'name="scheme" value="member"' in form
    refused = key_in(client, world, first.code, "0002", "member", "volunteering", "2")
    assert refused.status_code == 422 and f"印给{members[0].subject.label}本人" in refused.content.decode()
    assert key_in(client, world, first.code, "0001", "member", "volunteering", "2").status_code == 302
    again = key_in(client, world, first.code, "0001", "member", "volunteering", "2")
    assert again.status_code == 422 and "已录入" in again.content.decode()
    claim = Claim.objects.get()
    assert (claim.subject, claim.scheme, claim.channel) == (members[0].subject, "member", Channel.PAPER)
    page = client.get(reverse("desk:paper", args=[first.code])).content.decode()
    assert members[0].subject.label in page and "党员" in page and "户主" not in page
    states = {line.code: line.state for line in sheets_of(world)}
    assert (states[first.code], states[second.code]) == (SheetState.USED, SheetState.PRINTED)


def test_a_sheet_typed_in_under_another_scheme_says_which_it_is(
    as_: Any, world: World, members: list[Participant]
) -> None:
    printed(as_("recorder"), world, "member", count=1)
    blank = sheets_of(world)[-1]
    refused = key_in(as_("recorder"), world, blank.code, "001", "household", "volunteering", "2")
    assert refused.status_code == 422 and "请扫码打开它" in refused.content.decode()
    assert sheets_of(world)[-1].state is SheetState.PRINTED and not Claim.objects.exists()
    assert key_in(
        as_("recorder"), world, written(blank.code), "0003", "member", "volunteering", "2"
    ).status_code == 302  # fmt: skip


def test_organisations_have_sheets_too(as_: Any, world: World, branches: list[Participant]) -> None:
    client = as_("recorder")
    pages = printed(client, world, "branch")
    assert ["第一" in page for page in pages] == [True, False]
    first = sheets_of(world)[0]
    refused = key_in(client, world, first.code, "0002", "branch", "theme-day")
    assert refused.status_code == 422 and "这个组织的" in refused.content.decode()
    assert key_in(client, world, first.code, "0001", "branch", "theme-day").status_code == 302
    assert Claim.objects.get().subject == branches[0].subject


def test_no_household_is_printed_on_a_members_sheet(world: World, members: list[Participant]) -> None:
    with pytest.raises(services.BadBatch, match="不是这份细则"):
        services.print_sheets(
            village=world.village, scheme="member", subjects=[world.households[0].subject],
            request_key="k", by=world.staff["recorder"], at=world.at,
        )  # fmt: skip
