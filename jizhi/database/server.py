"""A running PostgreSQL: started on a free loopback port, shared when it already runs, stopped on exit.

The server ends with its starter, even when the starter is killed. Not a supervisor: a server that dies is
reported, never restarted behind the caller's back.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import psutil
import psycopg
from psycopg import sql

from jizhi.database import cluster as clusters
from jizhi.database import extensions, faults
from jizhi.database.binaries import find_binaries
from jizhi.database.cluster import ROLE, SUPERUSER, WEB_ROLE, WHOLE_ROLE, Cluster

START_SECONDS = 60.0
STOP_SECONDS = 15.0
WAIT_FOR_OTHER_SECONDS = 20.0
_TRIES_FOR_A_PORT = 5


class Server:
    """A database to talk to at `.url`. Only the one who started it stops it."""

    def __init__(
        self, url: str, process: subprocess.Popen[bytes] | None = None, cluster: Cluster | None = None
    ) -> None:
        self.url = url
        self._process = process
        self._cluster = cluster

    @property
    def web_url(self) -> str:
        """The address for the pages: the role that owns nothing. Empty for an external server that names none."""
        if self._cluster is None:
            return os.environ.get("JIZHI_WEB_DATABASE_URL", "")
        return _url(self._cluster, urlsplit(self.url).port or 0, WEB_ROLE)

    @property
    def owned(self) -> bool:
        """Whether this object started the server, so that `stop` ends it."""
        return self._process is not None

    def stop(self) -> None:
        """End the server after its running statements were cut off cleanly; harmless when called twice."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait(STOP_SECONDS)
        if self._cluster is not None:
            self._cluster.starter.unlink(missing_ok=True)

    def recreate(self) -> None:
        """Empty our own database by making it anew. Raises DatabaseUnavailable for a server that is not ours."""
        if self._cluster is None:
            raise faults.DatabaseUnavailable(
                "The database of DATABASE_URL holds unfinished data; empty it by hand."
            )
        port = urlsplit(self.url).port or 0
        with psycopg.connect(_url(self._cluster, port, SUPERUSER, "postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(ROLE))
            )
        _ensure_roles_and_database(self._cluster, port)
        extensions.ensure_extensions(self.url)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(data_dir: Path, *, durable: bool = True, share: bool = True) -> Server:
    """The database of `data_dir`: DATABASE_URL when set, else a server of our own.

    `durable=False` leaves out fsync (tests only). `share=True` joins a server another process of ours
    runs on the same directory; otherwise we wait for it to end. Raises DatabaseUnavailable.
    """
    if url := os.environ.get("DATABASE_URL"):
        return Server(url)
    cluster = clusters.prepare(Path(data_dir).absolute(), binaries := find_binaries(), sync=durable)
    if port := _wait_for_other(cluster, share=share):
        return Server(_url(cluster, port), cluster=cluster)
    return _launch(cluster, binaries.postgres, durable=durable)


def _launch(cluster: Cluster, program: str, *, durable: bool) -> Server:
    for _ in range(_TRIES_FOR_A_PORT):
        port = _free_port()
        process = _spawn(cluster, program, port, durable=durable)
        if _wait_until_ready(cluster, process):
            server = Server(_url(cluster, port), process, cluster)
            _ensure_roles_and_database(cluster, port)
            return server
        output = cluster.log.read_text(encoding="utf-8", errors="replace")
        if "could not bind" not in output and "Address already in use" not in output:
            break
    raise faults.explain(f"PostgreSQL did not start in {cluster.home}.", output, cluster.log)


def _spawn(cluster: Cluster, program: str, port: int, *, durable: bool) -> subprocess.Popen[bytes]:
    switch = "on" if durable else "off"
    options = {
        "port": str(port),
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": "200",
        "fsync": switch,
        "synchronous_commit": switch,
        "full_page_writes": switch,
        "jit": "off",  # our queries are short; compiling them costs more than it saves
        "timezone": "Asia/Shanghai",
    }
    command = [program, "-D", str(cluster.files)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    try:
        with cluster.log.open("wb") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=clusters.environment(),
                start_new_session=True,  # Ctrl-C reaches us, not the server; we stop it in order
                preexec_fn=cluster.run_as.before_exec(dies_with_us=True),
            )
        cluster.starter.write_text(str(os.getpid()), encoding="ascii")
    except OSError as error:
        raise faults.explain_os_error(error, cluster.home) from error
    return process


def _wait_until_ready(cluster: Cluster, process: subprocess.Popen[bytes]) -> bool:
    """True once the server answers; False when it ended instead."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            return False
        lines = _pid_file(cluster)
        if len(lines) >= 8 and lines[0] == str(process.pid) and lines[7].strip() == "ready":
            return True
        time.sleep(0.02)
    process.kill()
    process.wait()
    return False


def _wait_for_other(cluster: Cluster, *, share: bool) -> int | None:
    """The port of a server to share, or None when the directory is free for ours."""
    deadline = time.monotonic() + WAIT_FOR_OTHER_SECONDS
    asked_to_end = False
    while other := _other_server(cluster):
        pid, port, ready = other
        orphan = not _starter_lives(cluster)
        if share and ready and not orphan:
            return port
        if orphan and not asked_to_end:  # its starter was killed; normally it is already ending
            os.kill(pid, signal.SIGINT)
            asked_to_end = True
        if time.monotonic() > deadline:
            raise faults.DatabaseUnavailable(
                f"Another jizhi already uses the data directory {cluster.home} (PostgreSQL is process {pid}).\n"
                "Stop that one first, or set JIZHI_DATA to another directory."
            )
        time.sleep(0.1)
    (cluster.files / "postmaster.pid").unlink(missing_ok=True)
    return None


def _other_server(cluster: Cluster) -> tuple[int, int, bool] | None:
    """Process, port and readiness of a live server on these files; a leftover file of a dead one is no server."""
    lines = _pid_file(cluster)
    if len(lines) < 4 or not lines[0].isdigit() or not lines[3].isdigit():
        return None
    try:
        command = psutil.Process(int(lines[0])).cmdline()
    except psutil.NoSuchProcess:
        return None
    if str(cluster.files) not in command:  # the number was given to some other program since
        return None
    return int(lines[0]), int(lines[3]), len(lines) >= 8 and lines[7].strip() == "ready"


def _starter_lives(cluster: Cluster) -> bool:
    try:
        return bool(psutil.pid_exists(int(cluster.starter.read_text(encoding="ascii"))))
    except (FileNotFoundError, ValueError):
        return False


def _pid_file(cluster: Cluster) -> list[str]:
    try:
        return (cluster.files / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _url(cluster: Cluster, port: int, role: str = ROLE, database: str = ROLE) -> str:
    password = cluster.web_password if role == WEB_ROLE else cluster.password
    return f"postgresql://{role}:{password}@127.0.0.1:{port}/{database}"


_PLAIN = sql.SQL("NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION")


def _ensure_roles_and_database(cluster: Cluster, port: int) -> None:
    """The role jizhi owns its database and may make test databases, but is no superuser: it cannot touch files."""
    owner = sql.Identifier(ROLE)
    with psycopg.connect(_url(cluster, port, SUPERUSER, "postgres"), autocommit=True) as connection:
        if not _has_role(connection, ROLE):
            statement = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
            connection.execute(statement.format(owner, sql.Literal(cluster.password)))
        _ensure_web_roles(connection, cluster.web_password)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ROLE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(owner))
        connection.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(owner))


def _ensure_web_roles(connection: psycopg.Connection[Any], password: str) -> None:
    """The web role signs in and owns nothing; for whoever reads everything it puts the whole role on.

    It inherits nothing from that role while it does not. jizhi is a member of both, to run things as the pages would.
    """
    owner, web, whole = (sql.Identifier(name) for name in (ROLE, WEB_ROLE, WHOLE_ROLE))
    for name, way in (
        (WEB_ROLE, sql.SQL("LOGIN PASSWORD {}").format(sql.Literal(password))),
        (WHOLE_ROLE, sql.SQL("NOLOGIN")),
    ):
        verb = sql.SQL("ALTER" if _has_role(connection, name) else "CREATE")
        connection.execute(sql.SQL("{} ROLE {} {} {}").format(verb, sql.Identifier(name), _PLAIN, way))
    connection.execute(sql.SQL("GRANT {} TO {}").format(whole, web))
    connection.execute(sql.SQL("GRANT {}, {} TO {}").format(web, whole, owner))


def _has_role(connection: psycopg.Connection[Any], name: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone() is not None
