"""The whole house: how long the demonstration takes to stand, and how quickly it serves pages.

Everything happens in a temporary data directory; the demonstration of the checkout is left alone.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.timing import heading, row, timed
from config import environment
from jizhi import database

PAGES = ("/healthz", "/", "/sign-in/")
READY_SECONDS = 1_800


def run() -> None:
    heading("Standing up and serving")
    with tempfile.TemporaryDirectory(prefix="jizhi-bench-") as home:
        Path(home).chmod(0o755)
        _database(Path(home) / "alone")
        port = _free_port()
        for what in ("demonstration township, first start", "demonstration township, second start"):
            taken, site = timed(lambda: _start(Path(home) / "demo", port))
            row(what, f"{taken:.1f} s")
            if what.endswith("second start"):
                _pages(port)
            site.send_signal(signal.SIGTERM)
            site.wait()


def _database(home: Path) -> None:
    for what in ("embedded PostgreSQL, first start", "embedded PostgreSQL, second start"):
        taken, server = timed(lambda: database.start(home))
        row(what, f"{taken:.2f} s")
        server.stop()


def _start(data_dir: Path, port: int) -> subprocess.Popen[bytes]:
    site = subprocess.Popen(
        [sys.executable, "-m", "jizhi.cli.main", "demo"],
        cwd=environment.CHECKOUT,
        env={**os.environ, "JIZHI_DATA": str(data_dir), "PORT": str(port)},
        stdout=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and site.poll() is None:
        if _get(port, "/healthz")[0] == 200:
            return site
        time.sleep(0.2)
    site.kill()
    raise SystemExit("the demonstration did not start")


def _pages(port: int) -> None:
    for page in PAGES:
        status = _get(port, page)[0]
        singly = sorted(_get(port, page)[1] for _ in range(50))
        begun = time.perf_counter()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _, page=page: _get(port, page), range(400)))
        rate = 400 / (time.perf_counter() - begun)
        median, slow = statistics.median(singly) * 1000, singly[47] * 1000
        row(
            f"`{page}` ({status})",
            f"median {median:.0f} ms, 95 % within {slow:.0f} ms; {rate:.0f} a second from 8 readers",
        )


def _get(port: int, path: str) -> tuple[int, float]:
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("localhost", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status, time.perf_counter() - begun
    except OSError:
        return 0, time.perf_counter() - begun
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
