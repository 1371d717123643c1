"""Every settled total explains itself: for any scheme and any facts, parts add up and words are fit to be read."""

from __future__ import annotations

import datetime as dt
import json
import re

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jizhi.engine import explain, explain_words, reference
from jizhi.engine.loader import Versions
from jizhi.engine.tables import Fact, Result, Subject, Total
from tests.engine.generative import drawing
from tests.examples import examples

QUICK = settings(
    max_examples=examples(12),
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
SPANS = st.sampled_from(
    [
        (dt.date(2022, 1, 1), dt.date(2022, 12, 31)),
        (dt.date(2021, 11, 20), dt.date(2022, 12, 31)),
        (dt.date(2022, 2, 10), dt.date(2022, 8, 20)),
        (dt.date(2022, 5, 1), dt.date(2022, 5, 31)),
    ]
)
UNFIT = re.compile(
    r"None|True|False|[{}_\[\]]|'\w+'|\d+e-?\d+|section [st]\b|times (day|week|month|year)|\d\.\d{7}"
)
MOST = 15  # totals of one settlement that are looked at, spread over all


@QUICK
@given(st.data(), drawing.versions(), drawing.subjects(), SPANS, st.sampled_from([None, 1000, 99999]))
def test_every_total_explains_itself(
    data: st.DataObject,
    versions: Versions,
    subjects: list[Subject],
    span: tuple[dt.date, dt.date],
    pool: int | None,
) -> None:
    facts = data.draw(drawing.facts([one.subject for one in subjects]))
    result = reference.settle(versions, subjects, facts, *span, pool=pool)
    for total in result.totals[:: max(1, len(result.totals) // MOST)]:
        assert_explained(versions, subjects, facts, result, total, span, pool)


def assert_explained(
    versions: Versions,
    subjects: list[Subject],
    facts: list[Fact],
    result: Result,
    total: Total,
    span: tuple[dt.date, dt.date],
    pool: int | None,
) -> None:
    own = next(one for one in subjects if one.subject == total.subject)
    found = explain.explain(
        versions,
        own,
        facts,
        total.period_kind,
        total.period,
        result=result,
        subjects=subjects,
        start=span[0],
        end=span[1],
        pool=pool,
    )
    explain.check(found, result)
    for language in ("zh", "en"):
        said = explain_words.text(found, language)
        assert not UNFIT.search(said), said
        plain = explain_words.as_data(found, language)
        assert json.loads(json.dumps(plain)) == plain
        assert not list(floats(plain))


def floats(value: object) -> list[float]:
    if isinstance(value, dict):
        return [one for inner in value.values() for one in floats(inner)]
    if isinstance(value, list):
        return [one for inner in value for one in floats(inner)]
    return [value] if isinstance(value, float) else []
