"""`jizhi escalate`: what lay for too long goes up one storey, once, and the operator reads how many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from typer.testing import CliRunner

from jizhi.changes import services as changes
from jizhi.cli import console, main
from jizhi.core.models import AuditEvent
from jizhi.matters import services as matters
from jizhi.matters.rules import Storey, Verb
from tests import factories
from tests.county import make_county
from tests.domain.matters import world


@pytest.fixture(autouse=True)
def own_installation(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def here() -> Iterator[None]:
        yield

    monkeypatch.setattr(console, "installation", here)


def test_overdue_matters_go_up_once_a_stretch(clock: Any) -> None:
    place = world.make_place(make_county())
    late, done = world.report(place), world.closed(place, world.report(place, kind="facility"))
    assert "0 件" in CliRunner().invoke(main.app, ["escalate"]).output
    clock.shift(dt.timedelta(days=10))
    first = CliRunner().invoke(main.app, ["escalate"])
    assert first.exit_code == 0, first.output
    assert "1 件" in first.output and "1 overdue" in first.output
    late.refresh_from_db()
    done.refresh_from_db()
    assert late.storey == Storey.TOWNSHIP and done.storey == Storey.VILLAGE
    step = late.steps.latest("no")
    assert step.verb == Verb.ESCALATE and step.by is None and step.words
    assert AuditEvent.objects.filter(verb="matter.escalate", target_id=str(late.pk)).count() == 1
    assert "0 件" in CliRunner().invoke(main.app, ["escalate"]).output


def test_work_waiting_for_a_successor_is_passed_on_once(clock: Any) -> None:
    place = world.make_place(make_county())
    matter = world.report(place)
    matters.dispatch_matter(matter_id=matter.pk, assignee=place.worker, by=place.committee, at=world.AT)
    next_one = factories.staff()
    changes.hand_over(
        post=place.worker.posts.get(), successor=next_one, last_day=world.DAY + dt.timedelta(days=3), by=None,
        at=world.AT,
    )  # fmt: skip
    assert "0 件" in CliRunner().invoke(main.app, ["pass-on"]).output
    clock.shift(dt.timedelta(days=4))
    told = CliRunner().invoke(main.app, ["pass-on"])
    assert told.exit_code == 0 and "1 件" in told.output, told.output
    matter.refresh_from_db()
    assert matter.assignee == next_one
    assert "0 件" in CliRunner().invoke(main.app, ["pass-on"]).output
