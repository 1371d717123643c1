"""Households and persons as a table to import; who is resized has the household's points brought into line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from jizhi.claims import selectors as claims_read
from jizhi.claims import services as claims
from jizhi.core.text import N_
from jizhi.imports.rules import Kind, Outcome, Row
from jizhi.people.services import household_tables
from jizhi.posts.rules import Action


def _apply(rows: Sequence[Row], *, area: Any, by: Any, at: dt.datetime) -> Sequence[Outcome]:
    outcomes, resized = household_tables.apply(rows, area=area, by=by, at=at)
    if resized:
        claims.reprice_subjects(
            subject_ids=resized,
            scheme=claims_read.HOUSEHOLD_SCHEME,
            reason="名册导入后家庭人口变动",
            by=by,
            at=at,
        )
    return outcomes


KIND = Kind(
    key="county-households",
    title=N_("农户和人员（一行一人，可含多个村）"),
    columns=household_tables.COLUMNS,
    action=Action.IMPORT_HOUSEHOLDS,
    plan=household_tables.plan,
    apply=_apply,
    together=household_tables.together,
    identity=household_tables.identity,
    identity_column="id_number",
    chunk=8_000,
    icon="home-heart",
    note=N_("一行一人，同一户填同一个户编号；村名或村代码写在“村”一列，没有的网格会新设。"),
)
