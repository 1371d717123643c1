"""The jobs of the worker process: running an import or a simulation, and what is due every night.

A job says only which import; what is left to do stands in the import itself, so a repeated job is harmless. The nightly
work is `nightly.STEPS`, each step at its hour.
"""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from jizhi.drafting import services as drafting
from jizhi.imports import services
from jizhi.intake import nightly
from jizhi.intake.kinds import KINDS

QUEUE = "imports"


@app.task(name="jizhi.run_import", queue=QUEUE)
def run_import(*, import_id: int, kind: str) -> None:
    """Read, check or write an import, whichever it waits for."""
    try:
        services.run_import(import_id=import_id, kind=KINDS[kind], now=timezone.now)
    except services.ImportBusy:  # another job or a command does it already
        return


@app.task(name="jizhi.run_simulation", queue=QUEUE)
def run_simulation(*, simulation_id: int) -> None:
    """A draft on the facts of many villages."""
    drafting.run_simulation(simulation_id=simulation_id, now=timezone.now)


def _every_night(step: nightly.Step) -> Task:
    def run(timestamp: int) -> None:
        step.run(timezone.now())

    return app.periodic(cron=step.cron)(app.task(name=f"jizhi.{step.name}", queue=QUEUE)(run))


NIGHTLY = {step.name: _every_night(step) for step in nightly.STEPS}
