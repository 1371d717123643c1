"""The worker process beside the pages: runs long imports one after the other, and ends with whoever started it.

One process is enough: a job is mostly PostgreSQL's work. `JIZHI_JOBS=0` starts none; then imports run in the request.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

from config import environment
from jizhi.database import orphans

STOP_SECONDS = 10.0


def wanted() -> bool:
    """Whether this installation has a worker."""
    return os.environ.get("JIZHI_JOBS", "1") != "0"


def said() -> dict[str, str]:
    """What the pages are told about it."""
    return {"JIZHI_JOBS_IN_WORKER": "1"} if wanted() else {}


@contextlib.contextmanager
def worker() -> Iterator[None]:
    """The worker as a child. Killed in the middle of a chunk it loses that chunk only; the next start goes on."""
    if not wanted():
        yield
        return
    starter = os.getpid()
    process = subprocess.Popen(
        [sys.executable, "-m", "jizhi.cli.jobs"],
        cwd=environment.CHECKOUT,
        env={**os.environ, "JIZHI_JOBS_IN_WORKER": "1"},
        start_new_session=True,
        # The database goes with the starter, so nothing is left to end in order: it would wait for a connection.
        preexec_fn=lambda: orphans.end_with_parent(signal.SIGKILL, starter),
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def work(*, wait: bool = True) -> None:
    """Pick up what was left and what nights missed, then run jobs; with `wait=False` until none is left."""
    from django.utils import timezone
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    from jizhi.intake import jobs, simulating, tasks

    jobs.pick_up()
    jobs.seal_missed(timezone.now())
    simulating.pick_up()
    with app.replace_connector(DjangoConnector().get_worker_connector()) as running:
        running.run_worker(
            queues=[tasks.QUEUE],
            concurrency=1,
            wait=wait,
            delete_jobs="successful",
            shutdown_graceful_timeout=5,
        )


def main() -> None:
    """The process itself: `python -m jizhi.cli.jobs`, with the database's address in the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    work()


if __name__ == "__main__":
    main()
