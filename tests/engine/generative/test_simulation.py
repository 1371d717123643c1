"""A draft compared with the document in force gives what settling it from the beginning gives, whatever it touches."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jizhi.engine import batch, simulate
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.loader import Versions
from jizhi.engine.tables import Result, Subject
from tests.engine.generative import drawing
from tests.engine.generative.test_agreement import QUICK

START, END = dt.date(2022, 1, 1), dt.date(2022, 12, 31)


def redrawn(data: st.DataObject, written: dict[str, Any]) -> dict[str, Any]:
    """The same scheme with one thing moved, as a person at a slider would."""
    draft, places = copy.deepcopy(written), written["unit"]["places"]
    what = data.draw(
        st.sampled_from(["points", "limits", "section", "scheme", "levels", "item", "redeem", "nothing"])
    )
    limits = st.lists(drawing.caps(places, kinds=what in ("section", "scheme")), max_size=2)
    if what == "levels":
        draft["levels"] = data.draw(drawing.levels())
    elif what == "scheme":
        draft["limits"] = data.draw(limits)
    elif what == "redeem":
        draft["redeem"] = {"fen_per_point": data.draw(st.integers(0, 300))}
    elif what == "section":
        draft["sections"][0]["limits"] = data.draw(limits)
    elif draft["items"] and what != "nothing":
        place = data.draw(st.integers(0, len(draft["items"]) - 1))
        if what == "item":
            draft["items"][place] = data.draw(drawing.items(draft["items"][place]["id"], places))
        elif "points" in draft["items"][place]:
            draft["items"][place][what] = data.draw(drawing.forms() if what == "points" else limits)
    return draft


def totals(ground: simulate.Ground, side: str) -> list[tuple[Any, ...]]:
    return sorted(
        ground.database.rows(
            "SELECT s.key, p.kind, p.label, t.total, t.rank, t.level "
            f"FROM {side}_totals t JOIN subjects s ON s.subject = t.subject JOIN spans p ON p.span = t.span"
        )
    )


def of(result: Result) -> list[tuple[Any, ...]]:
    return sorted(
        (one.subject, one.period_kind, one.period, one.total, one.rank, one.level) for one in result.totals
    )


@QUICK
@given(st.data(), drawing.written_schemes(1, "01-01"), drawing.subjects())
def test_every_draft_after_the_other_is_settled_as_if_alone(
    data: st.DataObject, written: dict[str, Any], subjects: list[Subject]
) -> None:
    old = Versions.of(Scheme.model_validate(written))
    facts = data.draw(drawing.facts([one.subject for one in subjects] + ["nobody"]))
    with simulate.ground(old, simulate.from_rows(subjects, facts), START, END, pool=1000) as ground:
        before = batch.settle(old, subjects, facts, START, END, pool=1000)
        for _ in range(3):
            draft = Versions.of(Scheme.model_validate(redrawn(data, written)))
            found = ground.compare(draft)
            after = batch.settle(draft, subjects, facts, START, END, pool=1000)
            assert totals(ground, "old") == of(before)
            assert totals(ground, "new") == of(after)
            assert found.rejected_after == after.rejected
            assert (found.old_cost, found.new_cost) == (cost(old, before), cost(draft, after))
            assert sum(after for *_, after in found.outcomes) == len(after.outcomes)


def cost(versions: Versions, result: Result) -> simulate.Cost:
    """The same by plain counting."""
    spendable = worth = 0
    for award in result.awards:
        scheme = versions.on(award.date)
        item = scheme.item(award.item) if scheme else None
        if scheme is not None and item is not None and item.spendable:
            spendable += award.awarded
            worth += award.awarded * (scheme.redeem.fen_per_point if scheme.redeem else 0)
    return simulate.Cost(spendable, worth // 100, sum(share.fen for share in result.shares))
