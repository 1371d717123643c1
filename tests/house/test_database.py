"""The embedded database: starts, shares, survives kills, and says what to do when it cannot start."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from jizhi import database
from jizhi.database import faults


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("JIZHI_WEB_DATABASE_URL", raising=False)
    return tmp_path / "数据 of the village"


def _value(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


def test_keeps_data_and_knows_chinese(home: Path) -> None:
    with database.start(home, durable=False) as server:
        database.ensure_extensions(server.url)
        assert _value(server.url, "SELECT cardinality(show_trgm('积分'))") > 1
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT '户' AS word")
    with database.start(home, durable=False) as server:
        assert _value(server.url, "SELECT word FROM kept") == "户"


def test_the_role_is_no_superuser_and_the_password_is_private(home: Path) -> None:
    with database.start(home, durable=False) as server:
        assert _value(server.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert (home / "password").stat().st_mode & 0o077 == 0
    assert not (home / "password.once").exists()


def test_the_pages_have_a_role_that_owns_nothing(home: Path) -> None:
    with database.start(home, durable=False) as server:
        database.check_web_role(server.url, server.web_url)
        assert _value(server.web_url, "SELECT current_user") == "jizhi_web"
        with pytest.raises(
            database.DatabaseUnavailable, match="owns the database(?s:.*)CREATE ROLE .jizhi_web"
        ):
            database.check_web_role(server.url, server.url)
        with pytest.raises(database.DatabaseUnavailable, match="JIZHI_WEB_DATABASE_URL is not set"):
            database.check_web_role(server.url, "")
        superuser = server.url.replace("//jizhi:", "//postgres:")
        with psycopg.connect(superuser, autocommit=True) as connection:
            connection.execute("ALTER ROLE jizhi_web BYPASSRLS")
        with pytest.raises(database.DatabaseUnavailable, match="may bypass(?s:.*)ALTER ROLE .jizhi_web"):
            database.check_web_role(server.url, server.web_url)
    assert (home / "password.web").stat().st_mode & 0o077 == 0


def test_a_second_start_shares_the_running_server(home: Path) -> None:
    with database.start(home, durable=False) as first, database.start(home, durable=False) as second:
        assert second.url == first.url
        second.stop()
        assert _value(first.url, "SELECT 1") == 1


def test_database_url_wins(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/jizhi")
    assert database.start(home).url == "postgresql://elsewhere/jizhi"
    assert not home.exists()


def test_a_killed_starter_leaves_no_server_and_the_next_start_works(home: Path) -> None:
    code = (
        "import sys, time, pathlib; from jizhi import database;"
        "print(database.start(pathlib.Path(sys.argv[1]), durable=False).url, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(home)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        url = child.stdout.readline().strip()
        assert _value(url, "SELECT 1") == 1
        child.kill()
    begun = time.monotonic()
    with database.start(home, durable=False, share=False) as server:
        assert _value(server.url, "SELECT 1") == 1
    assert time.monotonic() - begun < 10


def test_a_killed_server_is_recovered(home: Path) -> None:
    server = database.start(home, durable=False)
    pid = int((home / "cluster" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    server.stop()
    with database.start(home, durable=False) as again:
        assert _value(again.url, "SELECT 1") == 1


def test_a_pid_given_to_another_program_is_no_server(home: Path) -> None:
    with database.start(home, durable=False):
        lines = (home / "cluster" / "postmaster.pid").read_text().splitlines()
    lines[0] = str(os.getpid())
    (home / "cluster" / "postmaster.pid").write_text("\n".join(lines))
    with database.start(home, durable=False) as server:
        assert server.owned


def test_no_programs_says_what_to_do(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIZHI_POSTGRES", "/nowhere")
    with pytest.raises(database.DatabaseUnavailable, match="DATABASE_URL"):
        database.start(home)


def test_another_version_says_so(home: Path) -> None:
    with database.start(home, durable=False):
        pass
    (home / "cluster" / "PG_VERSION").write_text("14\n")
    with pytest.raises(database.DatabaseUnavailable, match="made by PostgreSQL 14"):
        database.start(home)


def test_a_file_in_the_way_says_so(home: Path) -> None:
    home.write_text("not a directory")
    with pytest.raises(database.DatabaseUnavailable, match="Cannot use the data directory"):
        database.start(home)


@pytest.mark.parametrize(
    ("output", "advice"),
    [
        ("FATAL: could not write to file: No space left on device", "disk is full"),
        ("initdb: error: could not create directory: Permission denied", "right to write"),
        ("Read-only file system", "read-only disk"),
        ("something nobody foresaw", "something nobody foresaw"),
    ],
)
def test_advice(output: str, advice: str) -> None:
    assert advice in str(faults.explain("The database could not be created.", output))
