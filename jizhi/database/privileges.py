"""Which user runs PostgreSQL when jizhi itself runs as root, since PostgreSQL refuses root.

The server gets the owner of the surrounding directory, or `nobody`; no user is ever added to the system. Where a
parent directory is closed to that user (a checkout below /root), the server keeps the one Linux capability that
opens directories.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jizhi.database import orphans

NOBODY = 65534
_PR_SET_KEEPCAPS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 8, 47, 2
_CAP_DAC_OVERRIDE, _CAPABILITY_VERSION_3 = 1, 0x20080522


@dataclass(frozen=True)
class RunAs:
    """The user of the server process. `uid` None: the user we already are."""

    uid: int | None
    gid: int | None
    opens_directories: bool

    def own(self, path: Path) -> None:
        """Hand `path` to that user."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def before_exec(self, *, dies_with_us: bool) -> Callable[[], None]:
        """What the child does between fork and exec: become that user, and end when its starter ends."""
        starter = os.getpid()

        def become() -> None:
            if self.uid is not None and self.gid is not None:
                _become(self.uid, self.gid, keep_capability=self.opens_directories)
            if dies_with_us:  # after the change of user, which would forget it
                orphans.end_with_parent(signal.SIGINT, starter)

        return become


def choose_user(data_dir: Path, bin_dir: Path) -> RunAs:
    """The user for a cluster below `data_dir` (which exists) with the programs of `bin_dir`."""
    if os.geteuid() != 0:
        return RunAs(None, None, opens_directories=False)
    uid, gid = _owner_around(data_dir)
    closed = not (_reachable(data_dir, uid, gid) and _reachable(bin_dir / "postgres", uid, gid))
    return RunAs(uid, gid, opens_directories=closed)


def _owner_around(data_dir: Path) -> tuple[int, int]:
    """The owner of the nearest directory around `data_dir` that is not root's, else nobody.

    Only users with a name: initdb refuses a number that no user of the system has.
    """
    for place in (data_dir, *data_dir.parents):
        owner = place.stat().st_uid
        if owner != 0:
            with contextlib.suppress(KeyError):
                return owner, pwd.getpwuid(owner).pw_gid
            break
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return NOBODY, NOBODY
    return nobody.pw_uid, nobody.pw_gid


def _reachable(path: Path, uid: int, gid: int) -> bool:
    """Whether that user may search every directory above `path` and use `path` itself."""
    return all(_may_enter(place, uid, gid) for place in (path.resolve(), *path.resolve().parents))


def _may_enter(path: Path, uid: int, gid: int) -> bool:
    found = path.stat()
    if found.st_uid == uid:
        return bool(found.st_mode & 0o100)
    if found.st_gid == gid:
        return bool(found.st_mode & 0o010)
    return bool(found.st_mode & 0o001)


def _become(uid: int, gid: int, *, keep_capability: bool) -> None:
    libc = _libc()
    os.setgroups([])
    os.setgid(gid)
    if keep_capability:
        libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setuid(uid)
    if keep_capability:
        bit = 1 << _CAP_DAC_OVERRIDE
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
        sets = (ctypes.c_uint32 * 6)(
            bit, bit, bit, 0, 0, 0
        )  # effective, permitted, inheritable; low and high words
        libc.capset(header, sets)
        libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
