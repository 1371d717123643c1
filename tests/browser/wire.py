"""The wire between a phone and the site, which a test can cut, or on which an answer gets lost.

A relay of bytes on localhost: what the browser's own "offline" switch does not reach (a service worker woken at the
start of the browser) finds it cut as well. It knows no more of HTTP than how a request begins.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from urllib.parse import urlsplit


class Wire:
    """Relays connections to the site. `is_cut`: nothing passes; `loses`: requests that begin so get no answer."""

    def __init__(self, site: str) -> None:
        parts = urlsplit(site)
        self.target = (parts.hostname or "localhost", parts.port or 80)
        self.is_cut = False
        self.loses = b""
        self.lost = 0
        self._open: set[socket.socket] = set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self._door.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Ends what is open and lets nothing through any more."""
        self.is_cut = True
        for end in list(self._open):
            _end(end)

    def mend(self) -> None:
        """The network is back."""
        self.is_cut = False

    def close(self) -> None:
        """For good."""
        self.cut()
        self._door.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the door is closed
            while True:
                near, _ = self._door.accept()
                threading.Thread(target=self._relay, args=(near,), daemon=True).start()

    def _relay(self, near: socket.socket) -> None:
        if self.is_cut:
            _end(near)
            return
        far = socket.create_connection(self.target)
        self._open |= {near, far}
        losing = threading.Event()
        back = threading.Thread(target=self._bring_back, args=(far, near, losing), daemon=True)
        back.start()
        with contextlib.suppress(OSError):
            while chunk := near.recv(65536):
                if self.loses and chunk.startswith(self.loses):
                    losing.set()
                far.sendall(chunk)
        _end(far)
        back.join()
        self._open -= {near, far}

    def _bring_back(self, far: socket.socket, near: socket.socket, losing: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while chunk := far.recv(65536):
                if losing.is_set():
                    self.lost += 1
                    break
                near.sendall(chunk)
        _end(near)


def _end(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
