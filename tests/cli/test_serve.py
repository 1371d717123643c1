"""`jizhi serve` as an operator meets it: serves, says what is in its way, ends in order, survives being killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from config import environment
from jizhi.cli import serve

READY_SECONDS = 180


class Site:
    """One `jizhi serve` process on a data directory and port of its own."""

    def __init__(self, data_dir: Path, port: int) -> None:
        kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "MAKELEVEL"}}
        self.address = f"http://localhost:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jizhi.cli.main", "serve"],
            cwd=environment.CHECKOUT,
            env={**kept, "JIZHI_DATA": str(data_dir), "PORT": str(port), "JIZHI_WORKERS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_until_served(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/healthz") as answer:
                    assert answer.read() == b"ok"
                    return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        pytest.fail(f"not served: {self.end()}")

    def family(self) -> list[psutil.Process]:
        """The process, its web server with workers, and its database."""
        own = psutil.Process(self.process.pid)
        return [own, *own.children(recursive=True)]

    def end(self, how: signal.Signals = signal.SIGTERM) -> str:
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.communicate(timeout=30)[0]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    return tmp_path / "村 data"


def _all_gone(family: list[psutil.Process], seconds: float = 10) -> bool:
    gone, alive = psutil.wait_procs(family, timeout=seconds)
    return not alive


def test_serves_ends_in_order_and_survives_a_kill(data_dir: Path, port: int) -> None:
    first = Site(data_dir, port)
    first.wait_until_served()
    family = first.family()
    assert len(family) >= 4
    second = Site(data_dir, port)
    assert "is taken" in second.end(signal.SIGCONT)
    assert second.process.returncode == 1
    assert "Stopped" in first.end(signal.SIGINT)
    assert first.process.returncode == 0
    assert _all_gone(family)

    killed = Site(data_dir, port)
    killed.wait_until_served()
    family = killed.family()
    killed.end(signal.SIGKILL)
    assert _all_gone(family), "a killed jizhi left its children behind"

    again = Site(data_dir, port)
    again.wait_until_served()
    again.end()
    assert again.process.returncode == 0


def test_a_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        with pytest.raises(serve.CannotStart, match=f"PORT={number + 1}"):
            serve.check_port("127.0.0.1", number)
    serve.check_port("127.0.0.1", number)


def test_a_data_directory_that_cannot_be_made(tmp_path: Path, port: int) -> None:
    (tmp_path / "file").write_text("in the way")
    site = Site(tmp_path / "file" / "data", port)
    said = site.end(signal.SIGCONT)
    assert site.process.returncode == 1
    assert "Traceback" not in said
    assert "JIZHI_DATA" in said or "data directory" in said
