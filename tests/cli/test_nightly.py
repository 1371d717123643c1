"""What the worker does every night: registered with its hour, and harmless when it runs twice."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from typer.testing import CliRunner

from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.channels import services as channels
from jizhi.cli import console, main
from jizhi.intake import nightly, tasks
from jizhi.oversight.services import reports
from jizhi.seals import services as seals
from jizhi.visits import selectors as visits
from tests.county import make_county
from tests.web import shiqiao

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = dt.date(2026, 6, 15)


def test_nightly_work_is_registered() -> None:
    from procrastinate.contrib.django import app

    hours = {one.task.name: one.cron for one in app.periodic_registry.periodic_tasks.values()}
    assert hours == {
        "jizhi.remind_of_answers": "50 23 * * *",
        "jizhi.pass_on_work": "5 16 * * *",
        "jizhi.seal_ledgers": "10 16 * * *",
        "jizhi.follow_registers": "15 16 * * *",
        "jizhi.count_uncorrected": "20 16 * * *",
        "jizhi.conclude_circulations": "30 16 * * *",
        "jizhi.escalate_objections": "40 16 * * *",
        "jizhi.escalate_matters": "50 16 * * *",
        "jizhi.derive_claims": "0 17 * * *",
        "jizhi.plan_visits": "20 17 * * *",
        "jizhi.send_weekly_reports": "40 17 * * *",
    }


def test_nightly_work_runs_while_the_villages_sleep() -> None:
    from procrastinate.contrib.django import app

    evening = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC).timestamp()
    for one in app.periodic_registry.periodic_tasks.values():
        if one.task.name == "jizhi.remind_of_answers":  # read in the morning, so written then
            continue
        runs = dt.datetime.fromtimestamp(one.croniter.get_next(ret_type=float, start_time=evening), SHANGHAI)
        assert (runs.date(), runs.hour < 2) == (dt.date(2026, 6, 16), True), one.task.name


@pytest.mark.django_db
def test_one_village_that_fails_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    county = make_county()
    (broken, *others), done = areas.villages(), []

    def work(*, village: Any, at: dt.datetime, **_more: Any) -> int:
        if village == broken:
            with transaction.atomic():
                Area.objects.filter(pk=village.pk).update(name="半途")
            raise RuntimeError("broken")
        done.append(village)
        return 1

    at = dt.datetime(2026, 6, 15, 16, tzinfo=dt.UTC)
    monkeypatch.setattr(channels, "derive_claims", work)
    monkeypatch.setattr(channels, "follow_all", work)
    monkeypatch.setattr(reports, "send_report", work)
    monkeypatch.setattr(seals, "seal_village", work)
    monkeypatch.setattr(seals.selectors, "villages", areas.villages)
    monkeypatch.setattr(seals.selectors, "waits", lambda village: True)
    monkeypatch.setattr(reports.selectors, "is_report_day", lambda village, today: True)
    steps = {step.name: step.run for step in nightly.STEPS}
    for name in ("derive_claims", "follow_registers", "send_weekly_reports", "seal_ledgers"):
        done.clear()
        assert steps[name](at) == len(others) > 0, name
        assert done == others, name
    assert Area.objects.get(pk=broken.pk).name == county.home.area.name != "半途", "taken back"


@pytest.mark.django_db
def test_one_command_does_the_whole_night(clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "installation", nullcontext)
    make_county()
    told = CliRunner().invoke(main.app, ["nightly"])
    assert told.exit_code == 0, told.output
    assert [line.split(":")[0] for line in told.output.splitlines()] == [step.title for step in nightly.STEPS]
    monkeypatch.setattr(nightly.matters, "escalate_overdue", lambda *, at: 1 // 0)
    told = CliRunner().invoke(main.app, ["nightly"])
    assert told.exit_code == 1 and "✗" in told.output
    assert nightly.STEPS[-1].title in told.output, "what comes after it is done all the same"


@pytest.mark.django_db
def test_every_household_has_its_visits_of_the_month(clock: Any) -> None:
    place = shiqiao.build(TODAY)
    for _night in range(2):
        for job in tasks.NIGHTLY.values():
            job(timestamp=0)
    progress = visits.progress(place.users["worker"], on=TODAY)
    assert progress.planned == 5, "the five households of the first grid, once each"
