"""`jizhi demo` and `jizhi serve`: the database, the pages, and their orderly end, in one foreground process.

`demo` loads the demonstration township into an empty installation first. Neither is a process manager: on a
server, systemd keeps `jizhi serve` running.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Annotated, Protocol

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

from config import environment
from jizhi import database
from jizhi.cli import console, house, jobs
from jizhi.database import orphans

READY_SECONDS = 120.0
STOP_SECONDS = 10.0
Report = Callable[[str, float], None]
screen = Console(highlight=False, soft_wrap=True)


class Ended(BaseException):
    """Ctrl-C or SIGTERM; everything started is stopped on the way out."""


class CannotStart(Exception):
    """The message says what to do."""


class Demonstration(Protocol):
    """What an empty installation is filled with, and how to sign in afterwards."""

    def load(self, report: Report) -> None:
        """Fill the empty database."""

    def sign_in_lines(self) -> list[str]:
        """One line for each audience."""


class Township:
    """Three villages with a year behind them."""

    def load(self, report: Report) -> None:
        """Fill the empty database."""
        from jizhi.demo import load

        load.load(progress=report)

    def sign_in_lines(self) -> list[str]:
        """One line for each audience."""
        from jizhi.demo import cast

        return cast.sign_in_lines()


@dataclass(frozen=True)
class County:
    """A county of Linyi's size, or a fortieth of it."""

    scale: str

    def load(self, report: Report) -> None:
        """Fill the empty database."""
        from jizhi.demo import county

        county.load(county.SCALES[self.scale], progress=report)

    def sign_in_lines(self) -> list[str]:
        """One line for each audience."""
        from jizhi.demo import county

        return county.sign_in_lines()


def demo(
    county: Annotated[
        str,
        typer.Option(help="gaoyang 青禾镇三个村一年 · a township's year；linyi 一个大县 · a large county"),
    ] = "gaoyang",
    scale: Annotated[
        str, typer.Option(help="linyi: full 十五万户 · 150,000 households；small 四十分之一")
    ] = "full",
    load_only: Annotated[bool, typer.Option("--load-only", help="只生成，不启动网页 · no pages")] = False,
) -> None:
    """启动演示 · Start the demonstration: a township, or with --county linyi a county of 150,000 households."""
    if county not in {"gaoyang", "linyi"} or scale not in {"full", "small"}:
        raise typer.BadParameter("--county gaoyang | linyi, --scale full | small")
    _run(Township() if county == "gaoyang" else County(scale), load_only=load_only)


def serve() -> None:
    """启动服务 · Start an installation without demonstration data."""
    _run(None)


def _run(demonstration: Demonstration | None, *, load_only: bool = False) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    if os.environ.get("MAKELEVEL"):  # started by make: when make is killed, nobody else would end us
        orphans.end_with_parent()
    try:
        _serve(demonstration, load_only=load_only)
    except (CannotStart, database.DatabaseUnavailable) as error:
        screen.print(str(error), style="red", markup=False)
        raise SystemExit(1) from None
    except Ended:
        screen.print("\n已停止，数据已保留。 Stopped; the data are kept.")


def _end(number: int, frame: FrameType | None) -> None:
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)  # a second Ctrl-C must not cut off the orderly end
    raise Ended


def _serve(demonstration: Demonstration | None, *, load_only: bool) -> None:
    host, port = os.environ.get("JIZHI_HOST") or "127.0.0.1", environment.number("PORT", 8000)
    check_port(host, port)
    with _steps() as report:
        report("数据库 · database", 0)
        with house.open_house(share=False) as server:
            _prepare(server, report, demonstration)
            if load_only:
                report("", 1)
                return
            report("网页 · pages", 0)
            database.check_web_role(server.url, server.web_url)
            with jobs.worker(), _pages(host, port, server.web_url) as pages:
                _wait_until_served(pages, host, port)
                report("", 1)
                _announce(host, port, demonstration)
                pages.wait()
                raise CannotStart("The web server ended unexpectedly; its messages are above.")


def check_port(host: str, port: int) -> None:
    """Raise CannotStart when somebody listens there: the web server itself would share the port silently."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CannotStart(
                f"Port {port} needs an administrator. Choose another one: PORT=8080 make demo"
            ) from None
        except OSError as error:
            raise CannotStart(
                f"Port {port} on {host} is taken ({error.strerror}): another program, or another jizhi, uses it.\n"
                f"Stop it, or choose another port: PORT={port + 1} make demo"
            ) from None


def _prepare(server: database.Server, report: Report, demonstration: Demonstration | None) -> None:
    marker = environment.data_dir() / "demo.unfinished"
    if (
        demonstration is not None and marker.exists()
    ):  # an earlier load was interrupted: begin again with an empty database
        server.recreate()
        marker.unlink()
    report("数据表 · tables", 0)
    console.migrate_if_behind()
    report("静态文件 · static files", 0)
    _collect_static()
    if demonstration is not None:
        _load_demo(marker, report, demonstration)


def _load_demo(marker: Path, report: Report, demonstration: Demonstration) -> None:
    from django.contrib.auth import get_user_model

    if get_user_model()._default_manager.exists():
        return
    from django.db import connection

    marker.touch()
    with (
        connection.cursor() as cursor
    ):  # a load that is cut off begins again, so it need not wait for the disk
        cursor.execute("SET synchronous_commit = off")
    demonstration.load(report)
    connection.close()
    marker.unlink()


def _collect_static() -> None:
    """Copy the static files when any of them changed."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(f"{path} {storage.size(path)} {storage.get_modified_time(path)}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest.hexdigest())


@contextlib.contextmanager
def _pages(host: str, port: int, database_url: str) -> Iterator[subprocess.Popen[bytes]]:
    """The web server as a child, ended with us; it knows the address of the web role alone."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += [
        "--workers",
        str(environment.number("JIZHI_WORKERS", 2)),
        "--blocking-threads",
        "4",
        "--no-ws",
    ]
    command += ["--log-level", "warning", "--workers-kill-timeout", "5", "--respawn-failed-workers"]
    command += ["config.wsgi:application"]
    starter = os.getpid()
    process = subprocess.Popen(
        command,
        cwd=environment.CHECKOUT,
        env={
            **os.environ,
            **jobs.said(),
            "DATABASE_URL": database_url,
            "JIZHI_POOL": "1",
            "JIZHI_END_WITH_PARENT": "1",
        },
        start_new_session=True,  # Ctrl-C reaches us alone; we end it in order
        preexec_fn=lambda: orphans.end_with_parent(signal.SIGTERM, starter),
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_served(pages: subprocess.Popen[bytes], host: str, port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if pages.poll() is not None:
            raise CannotStart("The web server did not start; its messages are above.")
        if _answers(_shown(host).strip("[]"), port):
            return
        time.sleep(0.1)
    raise CannotStart(f"No page was served within {READY_SECONDS:.0f} s.")


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _shown(host: str) -> str:
    """The host as one types it into a browser on this machine."""
    if host in {"127.0.0.1", "0.0.0.0", "::", "::1"}:  # noqa: S104
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _announce(host: str, port: int, demonstration: Demonstration | None) -> None:
    screen.print(f"\n[bold]积治 Jizhi[/bold]  http://{_shown(host)}:{port}\n")
    if demonstration is not None:
        for line in demonstration.sign_in_lines():
            screen.print(f"  {line}", markup=False)
    screen.print("\nCtrl-C 停止 · stops")


@contextlib.contextmanager
def _steps() -> Iterator[Report]:
    """A bar that names the step; `report(text, share)` with share from 0 to 1; an empty text ends it."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task("", total=1.0)
        shown = ""

        def report(text: str, share: float = 0.0) -> None:
            nonlocal shown
            if not text:
                bar.stop()
            elif text != shown and not screen.is_terminal:
                screen.print(text, markup=False)  # a log file gets a line per step instead of a bar
            shown = text
            bar.update(task, description=text, completed=share)

        yield report
