"""The other parts of a draft: frame, chapters, limits, levels, outcomes; each in a form and as text."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext

from jizhi.drafting import selectors, services
from jizhi.drafting.rules import Part
from jizhi.posts.rules import Action
from jizhi.web.pages import done, staff_page
from jizhi.web.schemework.forms import keys, limits
from jizhi.web.schemework.forms import parts as forms
from jizhi.web.schemework.views import kernel
from jizhi.web.schemework.views.items import MOVES

# Single keys with a form of their own on a part's page.
EXTRAS: dict[Part, tuple[type[keys.KeyForm], ...]] = {
    Part.FRAME: (keys.TermForm, keys.ShareForm),
    Part.LEVELS: (keys.RankForm,),
}


@staff_page(action=Action.MANAGE_SCHEMES)
def part(request: HttpRequest, draft_id: int, part: str) -> HttpResponse:
    """One part: its form where the text can be shown as one, and its text in any case."""
    try:
        chosen = Part(part)
    except ValueError as unknown:
        raise Http404 from unknown
    found = kernel.draft_of(request, draft_id)
    what = request.POST.get("what", "")
    as_text, posted = what == "text", request.POST if request.method == "POST" else None
    extras = _extras(chosen, found, what, posted)
    form = _form(chosen, found, None if what else posted)
    text = forms.PartText(
        posted if as_text else None,
        initial={"number": found.number, "what": "text", "text": selectors.items.part_text(found, chosen)},
    )
    problems: list[Any] = []
    sent = text if as_text else extras.get(what, form)
    if sent is not None and sent.is_valid():
        with kernel.saving(request, sent, problems):
            _save(request, draft_id, chosen, sent)
            return done(request, gettext("已保存。"), "schemework:part", draft_id, part)
    refused = bool(posted and sent is not None and sent.errors)
    return kernel.editor(
        request, f"part_{chosen.value}.html", found, chosen.value, form=form, text=text, part=chosen,
        problems=problems or found.problems, scheme=found.document.scheme, status=422 if refused else 200,
        text_open=as_text or _only_text(chosen, found, form), extras=list(extras.values()), moves=MOVES,
        outcomes=selectors.parts.outcome_lines(found) if chosen is Part.OUTCOMES else [],
    )  # fmt: skip


def _only_text(part: Part, found: selectors.DraftPage, form: Any) -> bool:
    """Whether nothing but the text shows the part; outcomes have forms of their own."""
    return found.document.scheme is None or (form is None and part is not Part.OUTCOMES)


def _extras(part: Part, found: selectors.DraftPage, what: str, data: Any) -> dict[str, keys.KeyForm]:
    """The forms of single keys that stand on the part's page beside its own, by key."""
    if found.document.scheme is None:
        return {}
    start = {"number": found.number}
    return {
        kind.key: kind(
            data if what == kind.key else None, found=found, initial=start, auto_id=f"id_{kind.key}_%s"
        )
        for kind in EXTRAS.get(part, ())
    }


def _form(part: Part, found: selectors.DraftPage, data: Any) -> Any:
    """The part's form, or None where only its text can be shown."""
    start, language = {"number": found.number}, kernel.language()
    if found.document.scheme is None:
        return None
    if part is Part.FRAME:
        return forms.FrameForm(data, plain=found.document.plain, initial=start)
    if part is Part.SECTIONS:
        rows = selectors.items.part_values(found, part) or []
        return forms.SectionsForm(data, rows=rows, language=language, initial=start)
    if part is Part.LIMITS:
        return limits.LimitsForm(
            data, rows=selectors.items.limit_values(found) or [], language=language, initial=start
        )
    if part is Part.LEVELS:
        values = selectors.items.level_values(found)
        return forms.LevelsForm(data, values=values, initial=start) if values is not None else None
    return None


def _save(request: HttpRequest, draft_id: int, part: Part, form: Any) -> None:
    who = {"by": request.user, "at": request.at, "number": form.cleaned_data["number"], "part": part}
    if isinstance(form, forms.PartText):
        services.replace_part(draft_id=draft_id, text=form.cleaned_data["text"], **who)
    elif isinstance(form, keys.KeyForm):
        services.change_keys(draft_id=draft_id, values=form.values, **who)
    elif part is Part.SECTIONS:
        services.change_rows(draft_id=draft_id, rows=form.rows, **who)
    elif part is Part.LIMITS:
        services.change_keys(draft_id=draft_id, values={"limits": form.rows or None}, **who)
    elif part is Part.LEVELS:
        services.change_keys(draft_id=draft_id, values={"levels": form.values}, **who)
    else:
        services.change_keys(draft_id=draft_id, values=form.values, **who)
