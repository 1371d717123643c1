"""Importing a sheet of claims: upload, dry run with its questions, then file. Nothing is written before that."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import ngettext

from jizhi.claims import selectors, services
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.web.desk import scope
from jizhi.web.desk.forms import claims as forms
from jizhi.web.pages import done, guarded, page_or_partial, staff_page
from jizhi.web.templatetags import jizhi as words

ANSWER = "answer:"


@staff_page(action=Action.KEY_IN_CLAIMS)
def claim_import_new(request: HttpRequest) -> HttpResponse:
    """Take a file and check it."""
    villages = scope.villages(request, Action.KEY_IN_CLAIMS)
    choices = [(one.code, words.named(one)) for one in villages]
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    offered = scope.scheme_titles(request, villages)
    form = forms.UploadForm(data, files, villages=choices, schemes=offered)
    if form.is_valid():
        file = form.cleaned_data["file"]
        with guarded(request, form):
            village = scope.village(request, Action.KEY_IN_CLAIMS, form.cleaned_data["village"])
            row = services.upload_claims(
                village=village,
                scheme=scope.scheme(request, village),
                content=file.read(),
                file_name=file.name,
                by=request.user,
                at=request.at,
            )
            text = ngettext(
                "读到%(count)d行，请核对下面的检查结果。",
                "读到%(count)d行，请核对下面的检查结果。",
                row.report["read"],
            )
            return done(request, text % {"count": row.report["read"]}, "desk:claim_import", row.pk)
    return page_or_partial(request, "desk/claims/import_new.html", form=form)


@staff_page(action=Action.KEY_IN_CLAIMS)
def claim_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """The dry run; POST files what is ready, with the answers to the questions."""
    found = selectors.import_page(request.user, import_id, on=localdate(request.at))
    answers = {key[len(ANSWER) :]: value for key, value in request.POST.items() if key.startswith(ANSWER)}
    if request.method == "POST":
        with guarded(request):
            row = services.apply_import(claim_import=found, answers=answers, by=request.user, at=request.at)
            filed = row.report["filed"]
            text = ngettext("已导入%(count)d条申报，等待核实。", "已导入%(count)d条申报，等待核实。", filed)
            return done(request, text % {"count": filed}, "desk:claim_import", import_id)
    titles = _titles(found, localdate(request.at))
    context = {
        "found": found,
        "report": found.report,
        "questions": [_question(one, titles, answers) for one in found.report["questions"]],
        "ready": [{**one, "title": titles.get(one["item"], one["item"])} for one in found.report["ready"]],
        "new_count": len(found.report["ready"]) - found.report["repeats"],
    }
    return page_or_partial(request, "desk/claims/import.html", **context)


def _titles(found: Any, today: Any) -> dict[str, str]:
    scheme = schemes.scheme_on(found.village, found.scheme, today)
    return {item.id: words.say(item.title) for item in scheme.items if "recorder" in item.claim}


def _question(one: dict[str, Any], titles: dict[str, str], answers: dict[str, str]) -> dict[str, Any]:
    """A question with its choices: the likeliest first, then, for items, all others."""
    if one["kind"] == "item":
        likely = [item for item in one["candidates"] if item in titles]
        order = [*likely, *(item for item in titles if item not in likely)]
        choices = [(item, titles[item]) for item in order]
    else:
        choices = [(str(value), str(value)) for value in one["candidates"]]
    asked = one["question_en"] if words.in_english() and one["question_en"] else one["question"]
    chosen = answers.get(one["key"], one["answer"])
    return {**one, "choices": choices, "asked": asked, "chosen": chosen, "name": f"{ANSWER}{one['key']}"}
