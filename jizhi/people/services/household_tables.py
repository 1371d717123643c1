"""Households and persons as a plain table of any number of villages: one person a row, rows of a household together.

Rows become household records here; comparing and writing them is `bulk`. Messy lists of one village are `rosters`.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import crypto
from jizhi.imports.rules import Fate, Outcome, Problem, Row, refused
from jizhi.people import rules
from jizhi.people.services import bulk
from jizhi.people.services.bulk_records import HouseholdRecord, MemberRecord
from jizhi.people.services.household_places import Places, village_codes
from jizhi.sheets.plain import Column, Kind
from jizhi.sheets.values import birth_date_of

COLUMNS = (
    Column("township", "乡镇", "Township", synonyms=("乡镇街道", "街道", "镇", "所属乡镇"), longest=100),
    Column(
        *("village", "村", "Village"),
        synonyms=("村社区", "村(社区)", "行政村", "所属村", "村名", "村代码", "村居", "社区", "village code"),
        longest=100,
        note="村名或村代码；只导入一个村时可不填",
    ),
    Column(
        "grid", "网格", "Grid", synonyms=("所属网格", "网格名称", "网格代码"), longest=64, note="名称或代码"
    ),
    Column(
        *("micro_grid", "微网格", "Micro-grid"),
        synonyms=("辅助网格", "楼栋", "微网格代码", "auxiliary grid"),
        longest=64,
        note="名称或代码",
    ),
    Column(
        *("no", "户编号", "Household no.", Kind.HOUSEHOLD_NO),
        required=True,
        synonyms=("户号", "家庭编号", "农户编号", "household number"),
        longest=20,
        width=10,
    ),
    Column("head", "户主", "Head", Kind.NAME, synonyms=("户主姓名",), longest=50, width=12),
    Column("name", "姓名", "Name", Kind.NAME, synonyms=("成员姓名", "家庭成员姓名"), longest=50, width=12),
    Column("relation", "与户主关系", "Relation", synonyms=("关系", "家庭关系"), longest=20, width=12),
    Column(
        *("sex", "性别", "Sex", Kind.CHOICE),
        choices={"male": ("男", "male"), "female": ("女", "female")},
        width=8,
    ),
    Column(
        *("id_number", "身份证号码", "ID number", Kind.ID_NUMBER),
        synonyms=("身份证号", "身份证", "公民身份号码", "证件号码"),
        width=24,
    ),
    Column("birth_date", "出生日期", "Birth date", Kind.DATE, synonyms=("出生年月", "生日")),
    Column(
        "phone", "联系电话", "Phone", Kind.PHONE, synonyms=("电话", "手机", "手机号", "手机号码"), width=16
    ),
    Column("address", "家庭住址", "Address", synonyms=("住址", "地址", "详细地址"), longest=200, width=26),
    Column("party", "是否党员", "Party member", Kind.YES_NO, synonyms=("党员", "政治面貌"), width=10),
    Column(
        "size", "家庭人口", "Household size", Kind.WHOLE, synonyms=("人口", "家庭人口数", "人口数"), width=10
    ),
)
SELF = frozenset({rules.HEAD, "本人", "户主本人", "本人或户主"})
MISMATCH = ("出生日期与身份证号不符", "the birth date differs from the one in the ID number")
SEX = ("性别与身份证号不符", "the sex differs from the one in the ID number")
NO_HEAD = (
    "本户没有可用的户主行，请检查户主姓名和与户主关系",
    "no usable row of this household is its head's",
)
TWO_HEADS = ("本户有两个户主", "the household has two heads")
NO_NAME = ("姓名和户主都没有填", "neither a name nor a head is given")
BAD_SIZE = ("家庭人口不合理", "the household size is implausible")


def together(area: Area) -> Callable[[Mapping[str, Any]], str]:
    """Rows of one village come in one chunk, whether they name it by code or by name."""
    codes = village_codes(area)

    def village(values: Mapping[str, Any]) -> str:
        township, text = values["township"] or "", values["village"] or ""
        return codes.get(("", text)) or codes.get((township, text)) or f"?{township}|{text}"

    return village


def identity(values: Mapping[str, Any]) -> str:
    """A person stands in the file once."""
    return crypto.blind_index(values["id_number"]) if values["id_number"] else ""


def plan(rows: Sequence[Row], *, area: Area, by: User | None, at: dt.datetime) -> Sequence[Outcome]:
    """What would become of each row; nothing is written."""
    return _work(rows, area=area, by=by, at=at, dry_run=True)[0]


def apply(
    rows: Sequence[Row], *, area: Area, by: User | None, at: dt.datetime
) -> tuple[Sequence[Outcome], list[int]]:
    """Write the rows; also the subjects whose size changed, whose points the caller brings into line."""
    return _work(rows, area=area, by=by, at=at, dry_run=False)


def _work(
    rows: Sequence[Row], *, area: Area, by: User | None, at: dt.datetime, dry_run: bool
) -> tuple[Sequence[Outcome], list[int]]:
    found: dict[int, Outcome] = {}
    records: list[tuple[HouseholdRecord, list[Row]]] = []
    places = Places(area, by, at, rows)
    for (code, _no), members in _households(rows, places, found).items():
        record = _record(code, members, places, found)
        if record is not None:
            records.append((record, [row for row in members if row.number not in found]))
    written = bulk.write_batch(records=[one for one, _rows in records], by=by, at=at, dry_run=dry_run)
    reasons = defaultdict(list)
    for cell in written.refused:
        reasons[cell.sheet, cell.row].append(Problem(cell.reason, cell.reason_en, cell.column, cell.value))
    for record, members in records:
        fate = written.fates.get((record.village, record.no))
        for row in members:
            problems = tuple(reasons.get((row.sheet, row.line), ()))
            if problems or fate is None:
                found[row.number] = Outcome(Fate.REFUSED, problems or (Problem(*NO_HEAD, "no"),))
            else:
                found[row.number] = Outcome(Fate(fate.value))
    return [found[row.number] for row in rows], written.resized


def _households(
    rows: Sequence[Row], places: Places, found: dict[int, Outcome]
) -> dict[tuple[str, str], list[Row]]:
    """The rows of each household; rows without a usable village or name are refused at once."""
    households: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        village = places.village(row)
        problem = village if isinstance(village, Outcome) else _row_problem(row.values)
        if problem is not None:
            found[row.number] = problem
        elif isinstance(village, Area):
            households.setdefault((village.code, row.values["no"]), []).append(row)
    return households


def _row_problem(values: Mapping[str, Any]) -> Outcome | None:
    number = values["id_number"]
    if not values["name"] and not values["head"]:
        return refused(*NO_NAME, column="name")
    if values["size"] is not None and not 1 <= values["size"] <= 50:
        return refused(*BAD_SIZE, column="size", value=str(values["size"]))
    if number and values["birth_date"] and values["birth_date"] != birth_date_of(number):
        return refused(*MISMATCH, column="birth_date", value=values["birth_date"].isoformat())
    if number and values["sex"] and (int(number[16]) % 2 == 1) is not (values["sex"] == "male"):
        return refused(*SEX, column="sex", value=values["sex"])
    return None


def _record(code: str, rows: list[Row], places: Places, found: dict[int, Outcome]) -> HouseholdRecord | None:
    """The household of these rows; None with its rows refused where there is no head, or no such place."""
    heads = [row for row in rows if _is_head(row.values)]
    named = next((row.values["head"] for row in rows if row.values["head"]), None)
    if not heads:
        heads = [row for row in rows if named and row.values["name"] == named][:1] or rows[: len(rows) == 1]
    if len(heads) != 1:
        _refuse(rows, found, refused(*(TWO_HEADS if heads else NO_HEAD), column="relation"))
        return None
    head = heads[0]
    place = places.place(
        code, next((row for row in (head, *rows) if row.values["grid"] or row.values["micro_grid"]), head)
    )
    if isinstance(place, Outcome):
        _refuse(rows, found, place)
        return None
    area, grid = place
    return HouseholdRecord(
        village=code,
        no=head.values["no"],
        head=head.values["name"] or head.values["head"],
        members=[_member(row, is_head=row is head) for row in rows],
        area=area,
        grid=grid,
        address=head.values["address"]
        or next((r.values["address"] for r in rows if r.values["address"]), ""),
        phone=head.values["phone"] or "",
        size=next((row.values["size"] for row in rows if row.values["size"]), None),
        sheet=head.sheet,
        row=head.line,
    )


def _is_head(values: Mapping[str, Any]) -> bool:
    return (values["relation"] or "") in SELF or not values["name"]


def _refuse(rows: list[Row], found: dict[int, Outcome], outcome: Outcome) -> None:
    found.update({row.number: outcome for row in rows})


def _member(row: Row, *, is_head: bool) -> MemberRecord:
    values = row.values
    number = values["id_number"] or ""
    return MemberRecord(
        name=values["name"] or values["head"],
        relation=rules.HEAD if is_head else values["relation"] or "",
        id_number=number,
        birth_date=values["birth_date"] or (birth_date_of(number) if number else None),
        phone=values["phone"] or "",
        party=values["party"],
        row=row.line,
        index=row.identity,
    )
