"""The migrated template kept from one run of the tests to the next, since migrating takes half a minute.

What is kept is a whole stopped cluster under a key of everything that decides what migrating makes of an empty
database: migrations, what they import, models (policies follow from them), the libraries and the PostgreSQL. Any change
of these makes another key, and the run migrates as if nothing were there. It lies in the user's cache directory;
deleting it is always safe.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from jizhi.database import find_binaries

CHECKOUT = Path(__file__).parents[1]
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jizhi-tests"
UNUSED_SECONDS = 7 * 24 * 3600


def key() -> str:
    """What the kept cluster was made of, as a short digest."""
    digest = hashlib.sha256(f"{sys.version} {find_binaries()} {os.name}".encode())
    for path in [CHECKOUT / "requirements-dev.lock", *sorted((CHECKOUT / "jizhi").rglob("*"))]:
        if path.name.endswith(".lock") or _decides(path):
            digest.update(f"{path.relative_to(CHECKOUT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _decides(path: Path) -> bool:
    inside = path.relative_to(CHECKOUT / "jizhi").with_suffix("").parts
    whole = inside[0] in {"core", "database"} or bool({"migrations", "models", "rules"} & set(inside))
    return whole and path.suffix in {".py", ".sql"}


def fetch(home: Path, made_of: str) -> bool:
    """Put the kept cluster at `home`; False when none was kept."""
    kept = CACHE / made_of
    if not kept.is_dir():
        return False
    os.utime(kept)
    return subprocess.run(["cp", "-a", str(kept), str(home)], check=False).returncode == 0


def keep(home: Path, made_of: str) -> None:
    """Keep the stopped cluster of `home`, unless another run was quicker; what was long unused goes."""
    CACHE.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in CACHE.iterdir():
        if time.time() - old.stat().st_mtime > UNUSED_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    unfinished = CACHE / f"{made_of}.{os.getpid()}"
    subprocess.run(["cp", "-a", str(home), str(unfinished)], check=True)
    os.utime(unfinished)
    with contextlib.suppress(OSError):
        unfinished.rename(CACHE / made_of)
    shutil.rmtree(unfinished, ignore_errors=True)
