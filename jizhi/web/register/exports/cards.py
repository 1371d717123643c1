"""Household cards on paper: eight to a sheet, and for new ones the letters that carry the PIN."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.people.services import IssuedCard
from jizhi.prints import forms, pdf
from jizhi.prints import qr as drawing
from jizhi.web.desk.exports import files
from jizhi.web.templatetags import jizhi


def qr(link: str) -> SafeString:
    """The card's code as a drawing for the page."""
    return mark_safe(drawing.svg(link))  # noqa: S308 - drawn by our own library from our own address


def cards(
    issued: Sequence[IssuedCard], households: Sequence[Any], area: Any, root: str, *, at: dt.datetime
) -> HttpResponse:
    """The cards as a PDF; with the PIN letters in a zip where there are new PINs."""
    grids = {row.pk: jizhi.named(row.area) for row in households if row.area_id != row.village_id}
    name = f"{gettext('积分卡')}-{jizhi.named(area)}-{localdate(at):%Y%m%d}"
    sheet = pdf.render("cards", _form(issued, grids, root))
    fresh = [card for card in issued if card.pin]
    if not fresh:
        return _never_kept(files.print_(name, sheet))
    letters = pdf.render("pin_letters", _form(fresh, grids, root))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.pdf", sheet)
        archive.writestr(f"{gettext('PIN码信')}-{localdate(at):%Y%m%d}.pdf", letters)
    return _never_kept(files.archive(name, packed.getvalue()))


def _never_kept(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    return answer


def _form(issued: Sequence[IssuedCard], grids: Mapping[int, str], root: str) -> forms.Cards:
    return forms.Cards(
        lang="en" if jizhi.in_english() else "zh",
        village=issued[0].village_name,
        cards=tuple(
            forms.Card(
                household_no=card.household_no,
                head=card.head_name,
                grid=grids.get(card.household_id, ""),
                link=root.rstrip("/") + reverse("signin:card", args=[card.code]),
                code=card.printed_code,
                pin=card.pin,
            )
            for card in issued
        ),
    )
