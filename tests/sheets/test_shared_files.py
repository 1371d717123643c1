"""The sample files of a village office, where they lie beside the repository, against what they should yield.

On a machine without them the same shapes are covered by the generated villages of the other modules.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jizhi.sheets.claims import ItemName, read_claims
from jizhi.sheets.roster import Roster, RosterHousehold, read_roster

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "rosters"


def expected() -> dict[str, Any]:
    place = FOLDER / "expected.json"
    return json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}


def rosters(pattern: str) -> list[Roster]:
    return [read_roster(path, path.name) for path in FOLDER.glob(pattern)]


def facts(household: RosterHousehold) -> tuple[str, str, str, int, str]:
    return household.no, household.head, household.head_id, household.size, household.grid


def test_every_roster_yields_the_village() -> None:
    wanted = [
        (h["no"], h["head"], h["head_id"], h["size"], h["grid"]) for h in expected().get("households", [])
    ]
    for roster in rosters("户主名单*") + rosters("花名册*"):
        assert [facts(household) for household in roster.households] == wanted


def test_members_are_read() -> None:
    wanted = [
        [(m["name"], m["id"], m["birth"], m["party"]) for m in h["members"]]
        for h in expected().get("households", [])
    ]
    for roster in rosters("花名册*"):
        read = [
            [(m.name, m.id_number, str(m.birth_date), m.party) for m in h.members] for h in roster.households
        ]
        assert read == wanted
        assert roster.read == 632
        assert roster.refused == []


def test_refused_rows() -> None:
    wanted = [refusal["row"] for refusal in expected().get("refused", [])]
    for roster in rosters("户主名单-有错误*"):
        assert [row for _, row in roster.refused_rows] == wanted
        assert [r.column for r in roster.refused if r.row == 46] == [
            "D 户主身份证",
            "E 手机号",
            "F 家庭人口数",
            "G 网格",
        ]
        assert roster.read == 192


def test_claims() -> None:
    items = [ItemName("volunteer", "志愿服务", (), "小时"), ItemName("meeting", "参加村民会议", (), "次")]
    for path in FOLDER.glob("三月申报*"):
        sheet = read_claims(path, path.name, items)
        claims = {claim.row: claim for claim in sheet.rows} | {q.row: q.claim for q in sheet.questions}
        read = [
            (c.household_no, str(c.claim_date), c.what, c.quantity_text) for _, c in sorted(claims.items())
        ]
        wanted = [
            (c["household"], c["date"], c["what"], str(c["quantity"] or "")) for c in expected()["claims"]
        ]
        assert read == wanted
        assert sheet.read == len(wanted)
        assert sheet.refused == []
