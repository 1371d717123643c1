"""A cluster on disk: made once by initdb, with a generated password beside it.

Knows files only; running the server is `server`'s business. A cluster is made under another name and renamed
when complete, so an interrupted first start leaves nothing half-made in its place.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from jizhi.database import faults, privileges
from jizhi.database.binaries import Binaries

SUPERUSER = "postgres"
ROLE = "jizhi"
WEB_ROLE = "jizhi_web"
WHOLE_ROLE = f"{WEB_ROLE}_whole"


@dataclass(frozen=True)
class Cluster:
    """The files of one database below `home`: the cluster, the password, the log."""

    home: Path
    run_as: privileges.RunAs

    @property
    def files(self) -> Path:
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def starter(self) -> Path:
        return self.home / "starter.pid"

    @property
    def password(self) -> str:
        return (self.home / "password").read_text(encoding="ascii").strip()

    @property
    def web_password(self) -> str:
        """The web role's own, made on first use: clusters of earlier versions have none."""
        place = self.home / "password.web"
        if not place.exists():
            _write_private(place, secrets.token_urlsafe(24))
        return place.read_text(encoding="ascii").strip()

    @property
    def major(self) -> int:
        return int((self.files / "PG_VERSION").read_text(encoding="ascii").strip())


def prepare(home: Path, binaries: Binaries, *, sync: bool) -> Cluster:
    """The cluster below `home`, made when absent. Raises DatabaseUnavailable."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        cluster = Cluster(home, privileges.choose_user(home, binaries.bin_dir))
        if not (cluster.files / "PG_VERSION").exists():
            _make(cluster, binaries, sync=sync)
    except OSError as error:
        raise faults.explain_os_error(error, home) from error
    if cluster.major != binaries.major:
        raise faults.DatabaseUnavailable(
            f"The database in {home} was made by PostgreSQL {cluster.major}; the programs found are PostgreSQL"
            f" {binaries.major}.\nSet JIZHI_POSTGRES to the bin directory of version {cluster.major}, or choose a"
            " new JIZHI_DATA."
        )
    return cluster


def _make(cluster: Cluster, binaries: Binaries, *, sync: bool) -> None:
    unfinished = cluster.home / "cluster.unfinished"
    password_copy = cluster.home / "password.once"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    cluster.run_as.own(unfinished)
    password = secrets.token_urlsafe(24)
    _write_private(cluster.home / "password", password)
    _write_private(password_copy, password)
    cluster.run_as.own(password_copy)
    try:
        done = subprocess.run(
            _initdb_command(binaries, unfinished, password_copy, sync=sync),
            capture_output=True,
            text=True,
            errors="replace",
            cwd="/",
            env=environment(),
            preexec_fn=cluster.run_as.before_exec(dies_with_us=True),
        )
    except subprocess.SubprocessError as error:
        raise faults.explain(
            "PostgreSQL could not be started as an unprivileged user.", str(error)
        ) from error
    finally:
        password_copy.unlink(missing_ok=True)
    if done.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise faults.explain(
            f"The database could not be created in {cluster.home}.", done.stdout + done.stderr
        )
    unfinished.rename(cluster.files)


def _initdb_command(binaries: Binaries, place: Path, password_file: Path, *, sync: bool) -> list[str]:
    command = [
        binaries.initdb,
        "--pgdata",
        str(place),
        "--username",
        SUPERUSER,
        "--pwfile",
        str(password_file),
    ]
    command += ["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--lc-messages", "C"]
    if binaries.major >= 17:  # the same order and the same trigrams on every machine, whatever its C library
        command += ["--locale-provider", "builtin"]
    return command if sync else [*command, "--no-sync"]


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def environment() -> dict[str, str]:
    """What the programs see: a plain locale, and none of the caller's PG… variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C.UTF-8"}
