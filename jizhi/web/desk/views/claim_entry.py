"""Keying in a paper sheet of claims: one household, several lines; and the empty sheets to hand out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext

from jizhi.claims import services
from jizhi.claims.rules import Channel
from jizhi.claims.selectors import HOUSEHOLD_SCHEME
from jizhi.people import selectors as people
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.web.desk import scope
from jizhi.web.desk.exports import claims as exports
from jizhi.web.desk.forms import claims as forms
from jizhi.web.desk.templatetags import desk as said
from jizhi.web.pages import done, guarded, page_or_partial, staff_page
from jizhi.web.templatetags import jizhi as words
from jizhi.web.templatetags import scheme_words

if TYPE_CHECKING:
    from jizhi.areas.models import Area


@staff_page(action=Action.KEY_IN_CLAIMS)
def claim_new(request: HttpRequest) -> HttpResponse:
    """One household's sheet: filed whole or not at all."""
    villages = scope.villages(request, Action.KEY_IN_CLAIMS)
    village = scope.village(
        request, Action.KEY_IN_CLAIMS, request.POST.get("village", "") or request.GET.get("village", "")
    )
    scheme = schemes.scheme_on(village, HOUSEHOLD_SCHEME, localdate(request.at))
    kwargs = {"items": _item_choices(scheme)}
    choices = [(one.code, words.named(one)) for one in villages]
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = forms.SheetForm(data, files, villages=choices, initial={"village": village.code})
    rows = forms.RowFormSet(data, prefix="row", form_kwargs=kwargs)
    if data is not None and form.is_valid() and rows.is_valid():
        filled = [row.cleaned_data for row in rows if row.cleaned_data]
        if not filled:
            form.add_error(None, gettext("请至少填写一行。"))
        else:
            with guarded(request, form):
                count = _file(request, village, form, filled)
                text = ngettext(
                    "已录入%(count)d条，等待网格员核实。", "已录入%(count)d条，等待网格员核实。", count
                )
                return done(request, text % {"count": count}, "desk:claim_new")
    status = 422 if data is not None else 200
    context = {"form": form, "rows": rows, "village": village, "many": len(choices) > 1}
    return page_or_partial(request, "desk/claims/new.html", status=status, **context)


@transaction.atomic
def _file(request: HttpRequest, village: Area, form: forms.SheetForm, filled: list[dict[str, Any]]) -> int:
    """File every line for the household; the sheet's photos go with each. Returns how many lines."""
    sheet = form.cleaned_data
    subject = people.household_by_no(village, sheet["no"]).subject
    claims = services.file_claims(
        village=village,
        scheme=HOUSEHOLD_SCHEME,
        drafts=[_draft(subject, row, f"{sheet['request_key']}-{n}") for n, row in enumerate(filled)],
        channel=Channel(sheet["channel"]),
        by=request.user,
        at=request.at,
    )
    for claim in claims if sheet["photos"] else ():
        for photo in sheet["photos"]:
            photo.seek(0)
        services.attach_photos(claim=claim, photos=sheet["photos"], by=request.user, at=request.at)
    return len(claims)


def _draft(subject: Any, row: dict[str, Any], key: str) -> services.Draft:
    item, _, grade = row["item"].partition(":")
    return services.Draft(
        subject, item, row["act_date"], key, quantity=row["quantity"], grade=grade, words=row["words"]
    )


def _numbered(scheme: Any) -> list[tuple[int, Any]]:
    """The items with the number that the printed sheet gives them."""
    return list(enumerate(scheme.items, 1))


def _item_choices(scheme: Any) -> list[Any]:
    """Items that a recorder may enter, by section; an item with grades once for each grade."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for number, item in _numbered(scheme):
        if "recorder" in item.claim:
            section = scheme.section(item.section)
            group = words.say(section.title) if section else gettext("其他")
            groups.setdefault(group, []).extend(_choices_of(number, item))
    return list(groups.items())


def _choices_of(number: int, item: Any) -> list[tuple[str, str]]:
    title = f"{number} {words.say(item.title)}"
    if item.needs == "grade" and not schemes.panel_decides(item):
        return [(f"{item.id}:{key}", f"{title} · {text}") for key, text in said.grade_choices(item)]
    if item.needs == "quantity":
        return [(item.id, f"{title}（{said.unit(item)}）")]
    return [(item.id, f"{title} · {scheme_words.points_words(item)}")]


@staff_page(action=Action.KEY_IN_CLAIMS)
def paper_sheet(request: HttpRequest) -> HttpResponse:
    """The empty sheet as a print, for households that claim on paper."""
    village = scope.village(request, Action.KEY_IN_CLAIMS, request.GET.get("village", ""))
    scheme = schemes.scheme_on(village, HOUSEHOLD_SCHEME, localdate(request.at))
    return exports.paper_sheet(village, [pair for pair in _numbered(scheme) if "self" in pair[1].claim])


@staff_page(action=Action.KEY_IN_CLAIMS)
def template(request: HttpRequest) -> HttpResponse:
    """The workbook to fill in and import."""
    village = scope.village(request, Action.KEY_IN_CLAIMS, request.GET.get("village", ""))
    scheme = schemes.scheme_on(village, HOUSEHOLD_SCHEME, localdate(request.at))
    return exports.template([item for item in scheme.items if "recorder" in item.claim])
