"""The three evaluators agree on every subject, entry and held-back amount, for any facts and any scheme."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from jizhi.engine import batch, reference, running
from jizhi.engine.incremental import Book
from jizhi.engine.loader import Versions
from jizhi.engine.tables import Fact, Result, Subject
from tests.engine.generative import drawing
from tests.examples import examples

SHRINK = (
    [Phase.shrink] if "JIZHI_SHRINK" in os.environ else []
)  # worth minutes only when somebody waits for it
QUICK = settings(
    max_examples=examples(12),
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate, *SHRINK],
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


def assert_same(found: Result, expected: Result) -> None:
    assert found.awards == expected.awards
    assert found.totals == expected.totals
    assert found.outcomes == expected.outcomes
    assert found.shares == expected.shares
    assert [(row.table, row.line) for row in found.rejected] == [
        (row.table, row.line) for row in expected.rejected
    ]


@QUICK
@given(st.data(), drawing.versions(), drawing.subjects(), SPANS, st.sampled_from([None, 0, 1000, 99999]))
def test_batch_and_incremental_equal_the_reference(
    data: st.DataObject,
    versions: Versions,
    subjects: list[Subject],
    span: tuple[dt.date, dt.date],
    pool: int | None,
) -> None:
    facts = data.draw(drawing.facts([one.subject for one in subjects] + ["nobody"]))
    expected = reference.settle(versions, subjects, facts, *span, pool=pool)
    assert_same(batch.settle(versions, subjects, facts, *span, pool=pool), expected)
    assert_same(running.settle(versions, subjects, facts, *span, pool=pool), expected)


@settings(QUICK, max_examples=examples(48))
@given(st.data(), drawing.versions(), drawing.subjects())
def test_a_book_posted_in_any_order_with_reversals_equals_the_facts(
    data: st.DataObject, versions: Versions, subjects: list[Subject]
) -> None:
    subject = subjects[0]
    book = Book(versions, subject)
    posted: dict[int, Fact] = {}
    entries: dict[int, list[int]] = {}
    for fact in data.draw(drawing.facts([subject.subject])):
        if book.refusal(fact):
            continue
        changes = book.post(fact)
        posted[fact.fact] = fact
        if data.draw(st.integers(0, 4)) == 0:
            gone = data.draw(st.sampled_from(sorted(posted)))
            changes += book.reverse(gone)
            posted[gone] = replace(posted[gone], reversed=True)
        for change in changes:
            entries.setdefault(change.after.fact, []).append(
                change.after.awarded - (change.before.awarded if change.before else 0)
            )
    assume(posted)
    expected = reference.awards_of(versions, subject, list(posted.values()))
    assert book.awards == expected
    assert {number: sum(parts) for number, parts in entries.items()} == {
        one.fact: one.awarded for one in expected
    }
