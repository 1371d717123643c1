"""Processes that must not outlive whoever started them.

Linux tells a process when its parent is gone; elsewhere nothing is arranged, and the next start tidies up.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with_parent(how: signal.Signals = signal.SIGTERM, parent: int | None = None) -> None:
    """Have this process receive `how` when its parent ends; at once, when `parent` is already gone."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), how)
