"""Receipts of sealed entries on any page: the links to them, their page, file, print and code.

Whose entries they are each audience checks itself; what a receipt proves is in `jizhi.seals`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.claims.selectors import EntryRow
from jizhi.ledger.rules import Cause
from jizhi.prints import forms, pdf, qr
from jizhi.schemes import selectors as schemes
from jizhi.seals import selectors
from jizhi.seals.rules import receipts
from jizhi.web import printouts
from jizhi.web.templatetags import jizhi as tags


@dataclass(frozen=True)
class ReceiptLink:
    """An entry and the seal that holds it; without a seal it waits for the night, and `address` leads nowhere."""

    row: EntryRow
    seal: int | None
    address: str


def links(rows: Sequence[EntryRow], address: Callable[[int], str]) -> list[ReceiptLink]:
    """One for each entry, in order."""
    sealed = selectors.sealed_entries([row.line.id for row in rows])
    return [ReceiptLink(row, sealed.get(row.line.id), address(row.line.id)) for row in rows]


def found(rows: Sequence[EntryRow], entry_id: int) -> tuple[EntryRow, selectors.SealedEntry]:
    """The entry among those the reader may see, with its receipt; 404 where it is not sealed yet."""
    row = next((one for one in rows if one.line.id == entry_id), None)
    sealed = selectors.receipt_of(entry_id) if row else None
    if row is None or sealed is None:
        raise Http404(gettext("这一条还没有存证，今晚存证以后就有凭证。"))
    return row, sealed


def code_address(request: HttpRequest, sealed: selectors.SealedEntry) -> str:
    """What the QR code says: in capitals throughout, which makes the picture a third smaller."""
    return f"{request.scheme}://{request.get_host()}".upper() + receipts.MARK + sealed.receipt.short()


def context(request: HttpRequest, row: EntryRow, sealed: selectors.SealedEntry) -> dict[str, Any]:
    """What `web/sealing/receipt.html` shows."""
    return {
        "row": row,
        "sealed": sealed,
        "qr": _drawn(code_address(request, sealed)),
        "seals_address": reverse("public:seals", args=[sealed.receipt.seal.village]),
        "check_address": reverse("public:scanned", args=[sealed.receipt.short()]),
        "verdict": selectors.verdict_on(sealed.receipt),
    }


def _drawn(text: str) -> SafeString:
    return mark_safe(qr.svg(text, border=4))  # noqa: S308 - our own drawing


def file(sealed: selectors.SealedEntry) -> HttpResponse:
    """The receipt as a file."""
    name = f"{sealed.receipt.seal.village}-{sealed.number}.json"
    return HttpResponse(
        sealed.receipt.file(),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def printed(request: HttpRequest, row: EntryRow, sealed: selectors.SealedEntry, village: Any) -> HttpResponse:
    """The receipt on paper, for the household to keep."""
    line, seal = row.line, sealed.seal
    form = forms.SealReceipt(
        lang="en" if tags.in_english() else "zh",
        code=f"CZ-{line.id}",
        link=code_address(request, sealed),
        issuer=printouts.committee(village),
        number=str(line.id),
        household_no=line.subject_key.rpartition("-")[2],
        head=line.subject_label,
        item=tags.say(row.item.title),
        act_date=line.act_date,
        cause=tags.label(line.cause),
        points=tags.signed_points(line.points),
        posted_date=localdate(line.posted_at),
        seal=str(seal.number),
        seal_date=seal.day,
        root=seal.root,
        seal_hash=seal.hash,
        where=request.build_absolute_uri(reverse("public:verify")),
    )
    headers = {"Content-Disposition": f'inline; filename="{village.code}-{line.id}.pdf"'}
    return HttpResponse(pdf.render("seal_receipt", form), content_type="application/pdf", headers=headers)


@dataclass(frozen=True)
class Said:
    """What stands on a receipt, in a reader's words. A stranger wrote it: whatever does not fit is left out."""

    number: str
    cause: Cause | None
    household: str
    item: str
    act_date: dt.date | None
    points: int | None
    seal_date: dt.date


def said(verdict: selectors.Verdict) -> Said:
    """The receipt's own words; the item by its title where the village's scheme knows it."""
    leaf, fact = verdict.receipt.leaf, verdict.receipt.leaf.get("fact")
    about = fact if isinstance(fact, dict) else {}
    number, points = leaf.get("number"), leaf.get("points")
    day = _day(leaf.get("act_date"))
    return Said(
        number=str(number) if isinstance(number, int) else "",
        cause=next((one for one in Cause if one.value == leaf.get("cause")), None),
        household=_text(leaf.get("subject")).rpartition("-")[2],
        item=_item(verdict.village, _text(about.get("scheme")), _text(about.get("item")), day),
        act_date=day,
        points=points if isinstance(points, int) and abs(points) < 10**12 else None,
        seal_date=dt.date.fromisoformat(verdict.receipt.seal.day),
    )


def _text(value: Any) -> str:
    return value[:100] if isinstance(value, str) else ""


def _day(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(_text(value))
    except ValueError:
        return None


def _item(village: Any, scheme: str, item: str, day: dt.date | None) -> str:
    if village is None or day is None or not item:
        return item
    try:
        document = schemes.scheme_on(village, scheme, day)
    except schemes.NotInForce:
        return item
    known = next((one for one in document.items if one.id == item), None)
    return tags.say(known.title) if known else item
