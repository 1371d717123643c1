"""Whether a simulation runs while the user waits or in the worker process, and picking up what a power cut left."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction

from jizhi.drafting import rules, services
from jizhi.intake import tasks


def go_on(simulation_id: int, *, facts: int, villages: int, at: dt.datetime) -> None:
    """Here and now where it is little work, else by a job."""
    if settings.JOBS_IN_WORKER and (facts > rules.AT_ONCE_FACTS or villages > 1):
        transaction.on_commit(lambda: tasks.run_simulation.defer(simulation_id=simulation_id) and None)
        return
    services.run_simulation(simulation_id=simulation_id, now=lambda: at)


def pick_up() -> int:
    """New jobs for simulations that nobody finished; returns how many."""
    waiting = services.unfinished()
    for simulation_id in waiting:
        services.take_up(simulation_id)
        tasks.run_simulation.defer(simulation_id=simulation_id)
    return len(waiting)
