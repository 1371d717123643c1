"""How quickly lists and trees answer as a county grows: the same pages on a county and on a fortieth of it.

`python -m bench.pages SMALL_DATA FULL_DATA` with two data directories made by `jizhi demo --county linyi --load-only`.
Each is served as ever, under the web role; every page is asked several times as the reader whose page it is. Beside the
time stands the processor's, of the pages and the database together: on a busy machine it is what says something.
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from bench.timing import heading, row
from config import environment

PASSWORD = "jizhi-demo-2026"  # the demonstration's, as its sign-in lines print it
TIMES = 5
READY_SECONDS = 180
DESK = (
    "/desk/", "/desk/households/", "/desk/households/?q=林", "/desk/persons/", "/desk/persons/?q=高山",
    "/desk/persons/duplicates/", "/desk/areas/", "/desk/areas/?q=第3网格", "/desk/posts/",
    "/desk/posts/?kind=grid_worker",
    "/desk/posts/vacancies/", "/desk/staff/", "/desk/organisations/", "/desk/organisations/tree/",
    "/desk/organisations/bodies/", "/desk/reports/", "/desk/reports/services/", "/desk/changes/", "/desk/matters/",
    "/desk/matters/?q=路灯", "/desk/coverage/", "/desk/coverage/matters/", "/desk/visits/", "/desk/activities/",
    "/desk/needs/", "/desk/teams/", "/desk/imports/", "/desk/audit/", "/desk/claims/", "/desk/ledger/",
    "/desk/meetings/",
    "/desk/notices/", "/desk/objections/", "/desk/settlements/", "/desk/schemes/", "/desk/store/redemptions/",
    "/desk/claims/verification/", "/desk/claims/telling/", "/desk/papers/", "/desk/papers/missing/",
    "/desk/recognition/", "/desk/panels/", "/desk/daily/", "/desk/weekly-reports/", "/desk/decisions/",
    "/desk/notices/late/", "/desk/notices/clocks/", "/desk/objections/statistics/", "/desk/letters/", "/desk/store/",
    "/desk/households/rosters/", "/desk/organisations/?q=支部", "/desk/assemblies/", "/desk/funds/", "/desk/pledges/",
    "/desk/fairness/", "/desk/fairness/claims/", "/desk/drafts/", "/desk/systems/",
)  # fmt: skip
READERS = {
    "county": DESK,
    "town01": DESK,
    "v001-committee": DESK,
    "w0001": ("/field/", "/field/households/", "/field/visits/", "/field/matters/", "/field/activities/"),
}


@dataclass(frozen=True)
class Answer:
    """A page asked several times: median and processor time in milliseconds, and what it answered."""

    taken: float
    spent: float
    status: int


Asked = dict[tuple[str, str], Answer]


def run(small: str, full: str) -> None:
    """Print a line for each reader's page: milliseconds on both, and the ratio."""
    heading("Pages of a county and of a fortieth of it, milliseconds (median of five)")
    before, after = _ask_all(small), _ask_all(full)
    for key, answer in sorted(after.items(), key=lambda one: -one[1].spent):
        if answer.status != 200:
            row(" ".join(key), f"answers {answer.status}")
            continue
        other = before[key]
        row(
            " ".join(key),
            f"{answer.taken:.0f} (processor {answer.spent:.0f}); "
            f"on the small one {other.taken:.0f} ({other.spent:.0f})",
        )


def _ask_all(data: str) -> Asked:
    found: Asked = {}
    with _site(data) as (root, site):
        for reader, pages in READERS.items():
            browser = _signed_in(root, reader)
            for page in pages:
                found[reader, page] = _asked(browser, root + urllib.parse.quote(page, safe="/?=&"), site)
    return found


def _asked(browser: urllib.request.OpenerDirector, address: str, site: psutil.Process) -> Answer:
    taken, status = [], _get(browser, address)
    spent = _processor_seconds(site)
    for _n in range(TIMES):
        begun = time.perf_counter()
        _get(browser, address)
        taken.append((time.perf_counter() - begun) * 1000)
    spent = _processor_seconds(site) - spent
    return Answer(statistics.median(taken), spent * 1000 / TIMES, status)


def _get(browser: urllib.request.OpenerDirector, address: str) -> int:
    try:
        with browser.open(address, timeout=120) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def _processor_seconds(site: psutil.Process) -> float:
    """Of the site, its database, and their children, also those that have ended."""
    return sum(sum(one.cpu_times()[:4]) for one in [site, *site.children(recursive=True)])


def _signed_in(root: str, reader: str) -> urllib.request.OpenerDirector:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = browser.open(f"{root}/sign-in/staff/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    fields = {"csrfmiddlewaretoken": token[1], "username": reader, "password": PASSWORD}
    answer = browser.open(f"{root}/sign-in/staff/", urllib.parse.urlencode(fields).encode())
    assert "/sign-in/" not in answer.url, f"{reader} could not sign in"
    return browser


@contextmanager
def _site(data: str) -> Iterator[tuple[str, psutil.Process]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    site = subprocess.Popen(
        [sys.executable, "-m", "jizhi.cli.main", "serve"],
        cwd=environment.CHECKOUT,
        env={**os.environ, "JIZHI_DATA": data, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
                break
            except OSError:
                time.sleep(0.3)
        yield f"http://127.0.0.1:{port}", psutil.Process(site.pid)
    finally:
        site.send_signal(signal.SIGTERM)
        site.wait()


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2])
