"""The register of persons as a workbook: numbers masked, or whole where a reason was given and recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext

from jizhi.people.selectors import PersonLine
from jizhi.sheets.writing import Column, Kind
from jizhi.web.desk.exports import files


def workbook(
    lines: Sequence[PersonLine], at: dt.datetime, whole: Mapping[int, tuple[str, str]] | None = None
) -> HttpResponse:
    """One person a row, under titles that the import of rosters understands."""
    columns = [
        Column(gettext("村（社区）"), Kind.TEXT, 14), Column(gettext("所属网格"), Kind.TEXT, 14),
        Column(gettext("户编号"), Kind.ID, 10), Column(gettext("户主"), Kind.TEXT, 12),
        Column(gettext("姓名"), Kind.TEXT, 12), Column(gettext("与户主关系"), Kind.TEXT, 12),
        Column(gettext("身份证号码"), Kind.ID, 24), Column(gettext("性别"), Kind.TEXT, 8),
        Column(gettext("出生日期"), Kind.DATE, 14), Column(gettext("联系电话"), Kind.ID, 16),
        Column(gettext("居住类型"), Kind.TEXT, 10), Column(gettext("户籍地"), Kind.TEXT, 18),
        Column(gettext("是否党员"), Kind.TEXT, 10), Column(gettext("党员类别"), Kind.TEXT, 10),
    ]  # fmt: skip
    rows = []
    for one in lines:
        id_number, phone = (whole or {}).get(one.id, (one.id_number, one.phone))
        rows.append([
            one.village_name, one.grid_name, one.household_no, one.head_name, one.name, one.relation,
            id_number, gettext(one.sex.label) if one.sex else "", one.birth_date, phone,
            gettext(one.residence.label), one.registered_place,
            gettext("是") if one.party_member else gettext("否"), one.party_class.value if one.party_class else "",
        ])  # fmt: skip
    title = gettext("人员名册")
    note = (
        gettext("证件和电话号码已隐去中间几位。")
        if whole is None
        else gettext("含完整号码，用后请妥善保管。")
    )
    return files.table(title, columns, rows, at, [note])
