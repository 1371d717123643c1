"""The public half of the seals: a village's chain to read and to copy, and the check of a receipt for anybody."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from jizhi.seals import selectors
from jizhi.seals.rules import receipts
from jizhi.web import sealing
from jizhi.web.pages import anyone, page_or_partial
from jizhi.web.public.forms import ReceiptForm, SealSearch
from jizhi.web.public.views import _village

ROWS = 30
CHECK_SECONDS = 300
LEAVES_SECONDS = 3600  # of one seal's number: the next night's seal is another file
AGAIN_SECONDS = 30


@dataclass(frozen=True)
class Shown:
    """What a check found, and when."""

    checked: selectors.Checked
    at: dt.datetime

    @property
    def sealed(self) -> int:
        return self.checked.records - self.checked.waiting


@anyone
def seals(request: HttpRequest, code: str) -> HttpResponse:
    """The village's seals, newest first, and the chain as a file."""
    area = _village(code)
    form = SealSearch(request.GET)
    found = selectors.seals_of(area, words=form.data.get("q", ""))
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "village": area,
        "search": form,
        "rows": page,
        "lines": selectors.lines(page.object_list),
        "latest": next(iter(selectors.lines(selectors.seals_of(area)[:1])), None),
    }
    return page_or_partial(request, "public/seals.html", **context)


@anyone
def chain(request: HttpRequest, code: str) -> HttpResponse:
    """The whole chain for whoever keeps a copy; `?leaves=1` with every fingerprint, which tells nothing of anybody."""
    area, leaves = _village(code), request.GET.get("leaves") == "1"

    def written() -> bytes:
        document = selectors.chain_of(area, leaves=leaves).document()
        return json.dumps(document, ensure_ascii=False).encode()

    latest = next(iter(selectors.lines(selectors.seals_of(area)[:1])), None)
    content = (
        _kept(f"seals.leaves.{area.pk}.{latest.hash}", written, LEAVES_SECONDS)
        if leaves and latest
        else written()
    )
    if content is None:
        return HttpResponse(
            gettext("有人正在取存证链，请过一会儿再试。"),
            content_type="text/plain; charset=utf-8",
            status=HTTPStatus.SERVICE_UNAVAILABLE,
            headers={"Retry-After": str(AGAIN_SECONDS)},
        )
    return HttpResponse(
        content,
        content_type="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="{area.code}-chain.json"',
            "Access-Control-Allow-Origin": "*",
        },
    )


def _kept(key: str, make: Callable[[], Any], seconds: int) -> Any:
    """What was made lately, or made now by one at a time; None while somebody else makes something as large."""
    found = cache.get(key)
    if found is not None:
        return found
    with selectors.alone() as mine:
        if mine:
            found = make()
            cache.set(key, found, seconds)
    return found


@anyone
def check(request: HttpRequest, code: str) -> HttpResponse:
    """The whole ledger of the village against all its seals, as `jizhi verify` does it; kept for some minutes."""
    area = _village(code)
    shown = _kept(
        f"seals.check.{area.pk}",
        lambda: Shown(selectors.check_village(area), request.at),
        CHECK_SECONDS,
    )
    answer = page_or_partial(
        request,
        "public/seal_check.html" if shown else "public/seal_busy.html",
        status=HTTPStatus.OK if shown else HTTPStatus.SERVICE_UNAVAILABLE,
        village=area,
        shown=shown,
    )
    if shown is None:
        answer["Retry-After"] = str(AGAIN_SECONDS)
    return answer


@anyone
def verify(request: HttpRequest) -> HttpResponse:
    """Paste a receipt or upload its file, and read what holds and what does not. Nothing is kept."""
    form = ReceiptForm(request.POST or None, request.FILES or None)
    verdict = selectors.verdict_on(form.receipt) if form.is_valid() else None
    return _answer(request, form, verdict)


@anyone
def scanned(request: HttpRequest, short: str) -> HttpResponse:
    """Where the code on a receipt leads: the verdict at once."""
    try:
        verdict = selectors.verdict_on(receipts.read(short))
    except receipts.Unreadable:
        form = ReceiptForm({"text": short})
        form.add_error(None, gettext("这个二维码不完整，请重新扫一次，或上传凭证文件。"))
        return _answer(request, form, None)
    return _answer(request, ReceiptForm(), verdict)


def _answer(request: HttpRequest, form: ReceiptForm, verdict: selectors.Verdict | None) -> HttpResponse:
    said = sealing.said(verdict) if verdict else None
    return page_or_partial(request, "public/verify.html", form=form, verdict=verdict, said=said)
