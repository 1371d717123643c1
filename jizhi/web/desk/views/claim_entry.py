"""Keying in a paper sheet of claims: one household, several lines; and the empty workbook to hand out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext

from jizhi.channels import selectors as channels
from jizhi.channels import services as papers
from jizhi.claims import services
from jizhi.claims.rules import Channel
from jizhi.participants import selectors as participants
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
    """One household's sheet: filed whole or not at all. A sheet with a code comes with its village, scheme and name."""
    villages = scope.villages(request, Action.KEY_IN_CLAIMS)
    sheet = None
    if request.method != "POST" and request.GET.get("sheet"):
        sheet = channels.sheet_page(request.user, request.GET["sheet"], on=localdate(request.at)).line
        if not sheet.may_be_keyed_in:
            return redirect("desk:paper", sheet.code)
    code = sheet.village_code if sheet else request.POST.get("village", "") or request.GET.get("village", "")
    village = scope.village(request, Action.KEY_IN_CLAIMS, code)
    wanted = sheet.scheme if sheet else scope.scheme(request, village)
    scheme = schemes.scheme_on(village, wanted, localdate(request.at))
    kwargs = {"items": _item_choices(scheme)}
    choices = [(one.code, words.named(one)) for one in villages]
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    initial = {"village": village.code, "no": request.GET.get("no", "")}
    if sheet:
        initial |= {"code": sheet.written, "no": said.household_no(sheet.subject_key)}
    form = forms.SheetForm(
        data, files, villages=choices, initial=initial, of_households=scheme.subject == "household"
    )
    rows = forms.RowFormSet(data, prefix="row", form_kwargs=kwargs)
    if data is not None and form.is_valid() and rows.is_valid():
        filled = [row.cleaned_data for row in rows if row.cleaned_data]
        if not filled:
            form.add_error(None, gettext("请至少填写一行。"))
        else:
            with guarded(request, form):
                count = _file(request, village, scheme.id, form, filled)
                text = ngettext(
                    "已录入%(count)d条，等待网格员核实。", "已录入%(count)d条，等待网格员核实。", count
                )
                again = f"{reverse('desk:claim_new')}?village={village.code}&scheme={scheme.id}"
                return done(request, text % {"count": count}, again)
    status = 422 if data is not None else 200
    context = {"form": form, "rows": rows, "village": village, "many": len(choices) > 1}
    context |= {"scheme": scheme, "schemes": scope.schemes(request, [village])}
    return page_or_partial(request, "desk/claims/new.html", status=status, **context)


@transaction.atomic
def _file(
    request: HttpRequest, village: Area, scheme: str, form: forms.SheetForm, filled: list[dict[str, Any]]
) -> int:
    """File every line for the subject; the sheet's photos go with each. Returns how many lines."""
    sheet = form.cleaned_data
    subject = participants.subject_numbered(village, scheme, sheet["no"])
    drafts = [_draft(subject, row, f"{sheet['request_key']}-{n}") for n, row in enumerate(filled)]
    claims: list[Any]
    if sheet["code"]:
        claims = papers.key_in_sheet(
            code=sheet["code"], subject=subject, drafts=drafts, by=request.user, at=request.at
        )
    elif sheet["channel"] == Channel.SPOKEN:
        claims = papers.file_spoken(
            village=village, scheme=scheme, drafts=drafts, speaker=sheet["speaker"],
            spoken_at=sheet["spoken_at"] or request.at, read_back=sheet["read_back"],
            by=request.user, at=request.at,
        )  # fmt: skip
    else:
        claims = services.file_claims(
            village=village, scheme=scheme, drafts=drafts, channel=Channel(sheet["channel"]),
            by=request.user, at=request.at,
        )  # fmt: skip
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


def numbered(scheme: Any) -> list[tuple[int, Any]]:
    """The items with the number that the printed sheet gives them."""
    return list(enumerate(scheme.items, 1))


def _item_choices(scheme: Any) -> list[Any]:
    """Items that a recorder may enter, by section; an item with grades once for each grade."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for number, item in numbered(scheme):
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
def template(request: HttpRequest) -> HttpResponse:
    """The workbook to fill in and import."""
    village = scope.village(request, Action.KEY_IN_CLAIMS, request.GET.get("village", ""))
    scheme = schemes.scheme_on(village, scope.scheme(request, village), localdate(request.at))
    return exports.template([item for item in scheme.items if "recorder" in item.claim])
