"""Edits of a draft's cases: all of them as text, one more, one less. Running them is `selectors.casework`."""

import datetime as dt
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.drafting import models
from jizhi.drafting.rules import Deed
from jizhi.drafting.services.drafts import Text, UnusableText, edit_draft, tidy
from jizhi.engine import editing
from jizhi.engine import reading as yaml_reading
from jizhi.engine.document.problem import DocumentError


def replace_cases(*, draft_id: int, number: int, cases: str, by: User, at: dt.datetime) -> models.Draft:
    """All cases as text. Raises UnusableText where they cannot be understood, DraftChanged."""
    text = tidy(cases) if cases.strip() else ""

    def edit(present: Text) -> Text:
        try:
            yaml_reading.read(text) if text else None
        except DocumentError as error:
            raise UnusableText(_("这不是有效的 YAML，没有保存。"), error.problems, "cases") from error
        return Text(present.source, text)

    return _change_cases(draft_id, number, edit, "", by, at)


def add_case(*, draft_id: int, number: int, case: str, name: str, by: User, at: dt.datetime) -> models.Draft:
    """A case more, written as the cases are. Raises DraftChanged."""

    def edit(present: Text) -> Text:
        above = f"{present.cases.rstrip()}\n\n" if present.cases.strip() else ""
        return Text(present.source, f"{above}{case.rstrip()}\n")

    return _change_cases(draft_id, number, edit, name, by, at)


def remove_case(*, draft_id: int, number: int, place: int, by: User, at: dt.datetime) -> models.Draft:
    """Without the case at that place. Raises DraftChanged."""

    def edit(present: Text) -> Text:
        left = editing.remove(present.cases, (place,))
        return Text(present.source, "" if left.strip() == "[]" else left)

    return _change_cases(draft_id, number, edit, "", by, at)


def _change_cases(
    draft_id: int, number: int, edit: Callable[[Text], Text], about: str, by: User, at: dt.datetime
) -> models.Draft:
    return edit_draft(
        draft_id=draft_id, number=number, edit=edit, touches=lambda text: text.cases,
        deed=Deed.CASES_CHANGED, about=about, by=by, at=at,
    )  # fmt: skip
