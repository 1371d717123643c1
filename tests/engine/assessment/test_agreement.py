"""The engine and the oracle agree on every score, total, rank, grade, hole and refused row of any assessment."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jizhi.engine.assessment.rows import Rating, Settled
from jizhi.engine.assessment.settle import settle
from jizhi.engine.assessment.versions import Versions
from jizhi.engine.document.assessment.assessment import Assessment
from jizhi.engine.document.assessment.resolution import findings
from jizhi.engine.tables import Subject
from tests.engine.assessment import drawing, oracle
from tests.examples import examples

QUICK = settings(
    max_examples=examples(48),
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
SEEDS = st.integers(0, 2**32)


def drawn(seed: int, kind: str = "year") -> tuple[random.Random, drawing.Plain, Assessment, list[Subject]]:
    dice = random.Random(seed)
    plain = drawing.document(dice, kind)
    paper = Assessment.model_validate(plain)
    wrong = [one for one in findings(paper) if one.code not in ("idle-limit",)]
    assert not wrong, wrong
    return dice, plain, paper, drawing.subjects(dice)


@QUICK
@given(SEEDS)
def test_a_round_equals_the_oracle(seed: int) -> None:
    dice, plain, paper, people = drawn(seed)
    rows = drawing.ratings(dice, plain, people)
    found = settle(Versions.of(paper), people, rows, "2022")
    assert_same(found, plain, people, rows)


def assert_same(found: Settled, plain: drawing.Plain, people: list[Subject], rows: list[Rating]) -> None:
    expected = oracle.Round(plain, people, rows)
    results = expected.results()
    assert {one.line for one in found.rejected} == expected.rejected
    assert [one.subject for one in found.results] == sorted(results)
    for one in found.results:
        sheet = results[one.subject]
        assert (one.total, one.rank, one.grade, one.decision) == (
            sheet["total"], sheet["rank"], sheet["grade"], sheet["decision"],
        )  # fmt: skip
        assert (dict(one.parts), one.bonus, one.penalty) == (sheet["parts"], sheet["bonus"], sheet["penalty"])
        assert list(one.vetoes) == sheet["vetoes"]
        scores = {row.indicator: row for row in found.scores if row.subject == one.subject}
        assert {
            name: (row.rating, row.score) for name, row in scores.items() if name in sheet["scores"]
        } == sheet["scores"]
        for name, row in scores.items():
            assert row.self_rating == expected.own(one.subject, name)
        shown = {name: row for name, row in scores.items() if name not in sheet["scores"]}
        assert all((row.rating, row.score) == (None, 0) for row in shown.values())
        holes = {
            ("returned", "") if row.reason.startswith("returned") else (row.indicator, row.rater_group)
            for row in found.missing
            if row.subject == one.subject
        }
        assert holes == sheet["missing"]


@QUICK
@given(SEEDS, st.sampled_from(["mean", "sum", ["10%", "90%"], ["0%", "100%"]]))
def test_a_year_equals_the_oracle(seed: int, appraise: object) -> None:
    dice, plain, paper, people = drawn(seed, "half")
    plain["appraise"] = appraise
    paper = Assessment.model_validate(plain)
    late = [replace(one, from_date=dice.choice([None, None, drawing.JULY])) for one in people]
    halves = {}
    number = 0
    for label in ("2022-H1", "2022-H2"):
        here = [one for one in late if one.from_date is None or label == "2022-H2"]
        rows = [
            replace(row, line=row.line + number) for row in drawing.ratings(dice, plain, here or late, label)
        ]
        number += len(rows)
        halves[label] = (here, rows)
    everything = [row for _, rows in halves.values() for row in rows]
    found = settle(Versions.of(paper), late, everything, "2022")
    sheets = {label: oracle.Round(plain, here, rows).results() for label, (here, rows) in halves.items()}
    for one in found.results:
        if one.period_kind != "year":
            continue
        taken = [place for place, label in enumerate(halves) if one.subject in sheets[label]]
        parts = [sheets[label][one.subject] for label in halves if one.subject in sheets[label]]
        totals = [part["total"] for part in parts]
        expected = None if None in totals else oracle.of_year(plain, taken, totals, paper.unit.places)
        effects = [paper.lines[veto].indicator.effect for part in parts for veto in part["vetoes"]]
        wiped = any(effect is not None and effect.zero == "year" for effect in effects)
        assert one.total == (0 if wiped and expected is not None else expected)


@QUICK
@given(SEEDS)
def test_the_order_of_the_rows_changes_nothing(seed: int) -> None:
    dice, plain, paper, people = drawn(seed)
    rows = drawing.ratings(dice, plain, people)
    before = settle(Versions.of(paper), people, rows, "2022")
    dice.shuffle(rows)
    dice.shuffle(people)
    assert settle(Versions.of(paper), people, rows, "2022") == before


@QUICK
@given(SEEDS)
def test_nothing_exceeds_its_full_mark_and_ranks_follow_totals(seed: int) -> None:
    dice, plain, paper, people = drawn(seed)
    found = settle(Versions.of(paper), people, drawing.ratings(dice, plain, people), "2022")
    for row in found.scores:
        for points in (row.self_rating, row.rating, row.score):
            assert points is None or 0 <= points <= max(row.full, 0)
    open_sheets = {hole.subject for hole in found.missing}
    for one in found.results:
        assert one.bonus >= 0 <= one.penalty
        assert (one.total is None) == (one.rank is None) == (one.subject in open_sheets)
        if paper.bonus and paper.bonus.limit is not None:
            assert one.bonus <= paper.bonus.limit
    for one in found.results:
        for other in found.results:
            if one.rank is None or other.rank is None or compared(paper, one) != compared(paper, other):
                continue
            assert one.total is not None
            assert other.total is not None
            assert not (one.total > other.total and one.rank >= other.rank)
            if not paper.rank.tie_break:
                assert (one.total == other.total) == (one.rank == other.rank)


def compared(paper: Assessment, one: object) -> tuple[str, ...]:
    within = paper.rank.within
    return tuple(
        getattr(one, name)
        for name, column in (("group", "group"), ("klass", "class"))
        if column in within and "all" not in within
    )


@QUICK
@given(SEEDS)
def test_a_quota_is_kept_but_for_ties(seed: int) -> None:
    """With ties out no step has more than its share from the top; with ties in, only equals of the last go beyond."""
    dice = random.Random(seed)
    size, quota, ties = (
        dice.randint(1, 12),
        dice.choice([(3, 5, 2), (1, 1), (2, 8)]),
        dice.choice(["in", "out"]),
    )
    steps = [{"grade": f"{n}"} for n in range(len(quota))]
    paper = Assessment.model_validate(
        {
            "assessment": "x",
            "rater_groups": [{"id": "t"}],
            "parts": [{"id": "p", "full": "10", "indicators": [{"id": "i", "mode": "panel", "full": "10"}]}],
            "grades": {"quota": ":".join(str(part) for part in quota), "ties": ties, "steps": steps},
        }
    )
    marks = {f"s{n}": dice.randint(0, 5) for n in range(size)}
    rows = [Rating(n, name, "i", "t", "r", Decimal(mark)) for n, (name, mark) in enumerate(marks.items(), 1)]
    found = settle(Versions.of(paper), [Subject(name) for name in marks], rows, "2022")
    grades = {one.subject: int(one.grade) for one in found.results}
    for step in range(len(quota) - 1):
        room = size * sum(quota[: step + 1]) // sum(quota)
        inside = [name for name, grade in grades.items() if grade <= step]
        worst = min((marks[name] for name in inside), default=6)
        if ties == "out":
            assert len(inside) <= room
            better = [name for name, mark in marks.items() if inside and mark >= worst]
            assert sorted(better) == sorted(inside)
        else:
            assert len([name for name in inside if marks[name] > worst]) <= room
            assert len(inside) >= room


@QUICK
@given(SEEDS)
def test_a_better_rating_never_lowers_a_score(seed: int) -> None:
    dice, plain, paper, people = drawn(seed)
    rows = drawing.ratings(dice, plain, people)
    rising = {
        name
        for name, line in paper.lines.items()
        if line.indicator.mode in ("panel", "count", "linear") or line.indicator.target is not None
    }
    chosen = [row for row in rows if row.indicator in rising and row.rater_group != "leaders"]
    if not chosen:
        return
    one = dice.choice(chosen)
    scale = paper.lines[one.indicator].indicator.scale
    most = scale if paper.lines[one.indicator].indicator.mode == "panel" else Decimal(10**6)
    better = replace(
        one,
        value=None if one.value is None else min(max(one.value, Decimal(0)) + 1, most),
        count=None if one.count is None else max(one.count, 0) + 1,
    )
    before = settle(Versions.of(paper), people, rows, "2022")
    after = settle(Versions.of(paper), people, [better if row is one else row for row in rows], "2022")
    if [row.line for row in before.rejected] != [row.line for row in after.rejected]:
        return
    ratings = {(row.subject, row.indicator): row.rating for row in before.scores}
    for row in after.scores:
        if row.rating is not None and (row.subject, row.indicator) == (one.subject, one.indicator):
            assert row.rating >= (ratings[row.subject, row.indicator] or 0)
