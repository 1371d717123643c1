"""What the editor's views share: the draft of an address, its tabs, and what becomes of a refused save."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import get_language

from jizhi.drafting import selectors, services
from jizhi.web.pages import guarded, or_404, page_or_partial
from jizhi.web.schemework.forms.steps import NumberForm


def language() -> str:
    """The reader's language, for words of the engine."""
    return get_language() or "zh"


def draft_of(request: HttpRequest, draft_id: int) -> selectors.DraftPage:
    """The draft as last saved; 404 where the reader may not write it."""
    with or_404():
        return selectors.draft_page(request.user, draft_id, on=localdate(request.at))


def cases_of(found: selectors.DraftPage) -> selectors.casework.CaseRun:
    """The draft's cases, run."""
    since = selectors.casework.first_day(found.base)
    return selectors.casework.run(found.document, found.cases, since)


def editor(
    request: HttpRequest, template: str, found: selectors.DraftPage, tab: str, **context: Any
) -> HttpResponse:
    """A page of the editor, its tabs with how many errors and failing cases there are."""
    since = selectors.casework.first_day(found.base)
    run = context.pop("run", None) or selectors.casework.known(found.document, found.cases, since)
    context |= {
        "found": found,
        "line": found.line,
        "tab": tab,
        "run": run,
        "step": NumberForm(initial={"number": found.number}),
    }
    return page_or_partial(request, f"schemework/{template}", **context)


@contextmanager
def saving(request: HttpRequest, form: Any, problems: list[Any]) -> Iterator[None]:
    """As `guarded`; lists what is wrong with the text, and after a clash the form goes on top of the last save."""
    with guarded(request, form):
        try:
            yield
        except (services.UnusableItem, services.UnusableText) as refusal:
            problems += refusal.problems
            raise
        except services.DraftChanged as clash:
            if form is not None:
                form.data = form.data.copy()
                form.data["number"] = str(clash.number)
            raise
