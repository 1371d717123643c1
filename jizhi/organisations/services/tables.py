"""Organisations from a table: what each row comes to, and applying it; parents may stand in the same file.

A row is known by its number where it has one, else by kind, name and area. Repeats change nothing.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import clock
from jizhi.core.errors import DomainError
from jizhi.core.tables import PlannedRow, RowFate
from jizhi.organisations import rules
from jizhi.organisations.models import Organisation
from jizhi.organisations.rules import OrganisationKind
from jizhi.organisations.services.tree import (
    OrganisationData,
    create_organisation,
    parent_problem,
    update_organisation,
)
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.posts.selectors.finding import find_areas
from jizhi.sheets.lists import ListRow
from jizhi.sheets.values import clean_text

_FIELDS = ("name_en", "code", "leader", "contact")


@dataclass
class OrganisationsApplied:
    """What applying a plan did."""

    created: int = 0
    changed: int = 0


class _Known:
    """Organisations that the rows may mean, as themselves or as parents, read at once."""

    def __init__(self, rows: Sequence[ListRow]) -> None:
        names = {row.text("name") for row in rows} | {row.text("parent") for row in rows}
        codes = {row.text("code") for row in rows} | {row.text("parent") for row in rows}
        match = Q(name__in=names) | Q(code__in=codes - {""})
        found = Organisation.objects.filter(match, to_date=None).select_related("area", "parent")
        self.rows = list(found.order_by("id"))
        self.by_code = {row.code: row for row in self.rows if row.code}
        self.by_name = {(row.area_id, str(row.kind), row.name): row for row in self.rows}

    def named(self, text: str) -> list[Organisation]:
        """Organisations that a parent cell may mean."""
        if text in self.by_code:
            return [self.by_code[text]]
        return [row for row in self.rows if row.name == text]


def plan_organisations(
    *, rows: Sequence[ListRow], within: Area | None = None, by: User | None, at: dt.datetime
) -> list[PlannedRow]:
    """What each row comes to, in an area or wherever the user may; nothing is written. Four queries, however many."""
    on = clock.day_of(at)
    if within is not None:
        posts.check_can(by, Action.MANAGE_ORGANISATIONS, within, on)
    paths = [within.path] if within else posts.scope_paths(by, Action.MANAGE_ORGANISATIONS, on)
    found = find_areas((row.text("area") or row.text("place") for row in rows), paths)
    known = _Known(rows)
    plan: list[PlannedRow] = []
    seen: dict[tuple[Any, ...], int] = {}
    for row in rows:
        line = PlannedRow(row.sheet, row.row, row.text("name"))
        column = "area" if row.text("area") else "place"
        area = found.get(row.text(column))
        if area is None or area.area is None:
            reason = area.reason if area else _("请填写所在区域。")
            line.refuse(row.title(column) or _("所在区域"), row.text(column), reason)
        line.values = {"area": area.area if area else None, **{key: row.text(key) for key in _FIELDS}}
        _read_kind(row, line)
        _read_day(row, line, on)
        if line.fate is not RowFate.REFUSED:
            _find_itself(row, line, known, seen)
        plan.append(line)
    _find_parents(rows, plan, known)
    for row, line in zip(rows, plan, strict=True):
        if line.fate is not RowFate.REFUSED:
            _compare(row, line)
    return plan


def _read_kind(row: ListRow, line: PlannedRow) -> None:
    text = row.text("kind")
    kinds = {
        word: kind
        for kind in OrganisationKind
        for word in (clean_text(kind.label), kind.value, _(kind.label))
    }
    line.values |= {"kind": kinds.get(text), "name": row.text("name")}
    if text not in kinds:
        some = "、".join(_(kind.label) for kind in OrganisationKind)
        line.refuse(row.title("kind"), text, _("没有这种组织。可以填：%(kinds)s。") % {"kinds": some})
    if not row.text("name"):
        line.refuse(row.title("name"), "", _("请填写组织名称。"))


def _read_day(row: ListRow, line: PlannedRow, on: dt.date) -> None:
    day, problem = row.day("from_date")
    if problem:
        line.refuse(row.title("from_date"), row.text("from_date"), problem)
    line.values["from_date"] = day or on


def _find_itself(row: ListRow, line: PlannedRow, known: _Known, seen: dict[tuple[Any, ...], int]) -> None:
    values = line.values
    key = (values["area"].pk, values["kind"].value, values["name"])
    own = known.by_code.get(values["code"]) if values["code"] else None
    if own is None:
        own = known.by_name.get(key)
    if key in seen:
        line.refuse(row.title("name"), values["name"], _("与第%(row)d行重复。") % {"row": seen[key]})
        return
    seen[key] = row.row
    if own is not None and own.kind is not values["kind"]:
        reason = _("编号为“%(code)s”的组织是%(kind)s。") % {"code": own.code, "kind": _(own.kind.label)}
        line.refuse(row.title("kind"), row.text("kind"), reason)
    values["own"] = own


def _find_parents(rows: Sequence[ListRow], plan: list[PlannedRow], known: _Known) -> None:
    """A parent is an organisation on record or another row of the file; it must not be refused itself."""
    in_file: dict[str, list[PlannedRow]] = {}
    for line in plan:
        for word in {line.values["name"], line.values["code"]} - {""}:
            in_file.setdefault(word, []).append(line)
    for row, line in zip(rows, plan, strict=True):
        text = row.text("parent")
        line.values["parent"] = line.values["parent_row"] = None
        if line.fate is RowFate.REFUSED:
            continue
        if not text:
            own = line.values["own"]
            line.values["parent"] = own.parent if own is not None else None
            if own is None and (problem := parent_problem(line.values["kind"], None)):
                line.refuse(row.title("parent") or _("上级组织"), "", problem)
            continue
        _find_parent(row, line, text, known, in_file)


def _find_parent(
    row: ListRow, line: PlannedRow, text: str, known: _Known, in_file: dict[str, list[PlannedRow]]
) -> None:
    kind = line.values["kind"]
    stored = [one for one in known.named(text) if rules.may_hang_below(kind, OrganisationKind(one.kind))]
    rows = [
        one
        for one in in_file.get(text, [])
        if one is not line and one.values["kind"] and rules.may_hang_below(kind, one.values["kind"])
    ]
    rows = [one for one in rows if one.values.get("own") not in stored or one.values.get("own") is None]
    stored = _nearest(stored, line)
    if len(stored) + len(rows) == 1:
        line.values["parent"] = stored[0] if stored else None
        line.values["parent_row"] = rows[0] if rows else None
        if rows and rows[0].fate is RowFate.REFUSED:
            line.refuse(
                row.title("parent"), text, _("上级组织在第%(row)d行，那一行不能导入。") % {"row": rows[0].row}
            )
        return
    if stored or rows:
        reason = _("有几个同名的上级组织，请写组织编号。")
    elif known.named(text) or text in in_file:
        reason = _("%(kind)s不能设在它之下。") % {"kind": _(kind.label)}
    else:
        reason = _("没有这个上级组织，请先登记，或写在同一份表里。")
    line.refuse(row.title("parent"), text, reason)


def _nearest(stored: list[Organisation], line: PlannedRow) -> list[Organisation]:
    """Of several organisations of one name, those whose area lies on the way up from the row's."""
    if len(stored) < 2:
        return stored
    path = f"{line.values['area'].path}."
    near = [one for one in stored if path.startswith(f"{one.area.path}.")]
    return near or stored


def _compare(row: ListRow, line: PlannedRow) -> None:
    own, values = line.values["own"], line.values
    if own is None:
        return
    given = {key: values[key] for key in _FIELDS if row.text(key)} | {"name": values["name"]}
    changes = {key: (getattr(own, key), text) for key, text in given.items() if getattr(own, key) != text}
    parent = values["parent"]
    if parent is not None and own.parent_id != parent.pk:
        changes["parent"] = (own.parent.name if own.parent else "", parent.name)
    if values["parent_row"] is not None:
        changes["parent"] = (own.parent.name if own.parent else "", values["parent_row"].words)
    if own.area_id != values["area"].pk:
        changes["area"] = (own.area.code, values["area"].code)
    line.changes = changes
    line.fate = RowFate.CHANGED if changes else RowFate.SAME


@transaction.atomic
def apply_organisations(
    *, plan: Sequence[PlannedRow], by: User | None, at: dt.datetime
) -> OrganisationsApplied:
    """Apply what the plan says, parents first; a row that is refused on the way says why and the others go on."""
    done = OrganisationsApplied()
    made: dict[int, Organisation] = {}
    for line in _parents_first(plan):
        if line.fate not in (RowFate.NEW, RowFate.CHANGED):
            continue
        try:
            with transaction.atomic():
                made[id(line)] = _apply(line, made, by, at)
        except DomainError as refused:
            line.refuse("", line.words, str(refused))
            continue
        done.created += line.fate is RowFate.NEW
        done.changed += line.fate is RowFate.CHANGED
    return done


def _apply(line: PlannedRow, made: dict[int, Organisation], by: User | None, at: dt.datetime) -> Organisation:
    values, own = line.values, line.values["own"]
    above = values["parent_row"]
    parent = values["parent"] if above is None else made.get(id(above)) or above.values["own"]
    if above is not None and parent is None:
        raise DomainError(_("上级组织没有导入。"))
    kept = {key: values[key] or (getattr(own, key) if own is not None else "") for key in _FIELDS}
    data = OrganisationData(
        kind=values["kind"], name=values["name"], area=values["area"], parent=parent, **kept
    )
    if own is None:
        return create_organisation(data=data, from_date=values["from_date"], by=by, at=at)
    return update_organisation(organisation=own, data=data, version=own.version, by=by, at=at)


def _parents_first(plan: Sequence[PlannedRow]) -> list[PlannedRow]:
    ordered: list[PlannedRow] = []
    placed: set[int] = set()

    def place(line: PlannedRow, below: tuple[int, ...] = ()) -> None:
        if id(line) in placed or id(line) in below:
            return
        above = line.values.get("parent_row")
        if above is not None:
            place(above, (*below, id(line)))
        placed.add(id(line))
        ordered.append(line)

    for line in plan:
        place(line)
    return ordered
