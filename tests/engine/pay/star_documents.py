"""A stars document with every feature, for the tests; its numbers are made up."""

from __future__ import annotations

import datetime as dt

from jizhi.engine import stars
from jizhi.engine.document.star import Stars
from jizhi.engine.tables import Fact, Subject

WHOLE = """stars: secretary
title: {zh: 书记星级, en: Secretary stars}
ceiling: 6
rated_after: 1 year
base:
  - {id: assessment, title: 年度考核星, points: {grades: {excellent: 2, competent: 1}}, from: {assessment: secretary}}
  - {id: honour, title: 荣誉奖励星, points: {grades: {national: 3, province: 2, city: 1}}, best_of: act,
     valid: 3 years, limits: [{points: 3, per: term}]}
  - {id: tenure, title: 任职年限星, years: {3: 1, 6: 2}}
raise:
  - {id: income, title: 增收致富星, points: 1, valid: 2 years, limits: [{times: 1, per: year}]}
  - {id: study, title: {zh: 学历提升星, en: Schooling}, points: 1, valid: ever}
drop:
  - {id: idle, title: 履职不力, points: 1, repeat: {factor: 2, within: 1 year}}
removal:
  - {id: incident, title: 造成较大影响, points: 1}
  - {id: discipline, title: 违纪违法, takes: all, valid: 1 year, reference: 第九条}
limits: {raise: [{points: 2, per: year}]}
"""
DOCUMENT = stars.load(WHOLE)
VERSIONS = stars.Versions.of(DOCUMENT)
LI = Subject("li", "north", from_date=dt.date(2019, 3, 1))


def fact(
    number: int, item: str, day: str, grade: str | None = None, subject: str = "li", **more: str
) -> Fact:
    """One decided fact."""
    return Fact(number, subject, item, dt.date.fromisoformat(day), grade=grade, act=more.get("act"))


def changed(old: str, new: str) -> Stars:
    """The document with one of its texts replaced."""
    assert old in WHOLE
    return stars.load(WHOLE.replace(old, new, 1))
