"""Search forms of the lists: words, village and month. What is not understood is left aside, never an error."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.core.text import LabelledEnum
from jizhi.web.forms import SearchForm
from jizhi.web.templatetags import jizhi as words

if TYPE_CHECKING:
    from jizhi.areas.models import Area

MONTHS_BACK = 24


class VillageSearch(SearchForm):
    """Words and, for whoever serves several villages, the village."""

    village = forms.ChoiceField(label=gettext_lazy("村（社区）"), required=False)

    def __init__(self, *args: Any, villages: Iterable[Area] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, words.named(one)) for one in villages]
        if len(choices) > 1:
            self.fields["village"].choices = [("", gettext("全部")), *choices]
        else:
            del self.fields["village"]

    def value(self, name: str) -> str:
        """What was chosen, or nothing."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "").strip()


class RulingSearch(VillageSearch):
    """The same, and which list: single claims, or sheets of three-party recognition."""

    kind = forms.ChoiceField(
        choices=[("", ""), ("claims", ""), ("sheets", "")], required=False, widget=forms.HiddenInput
    )


class SchemeSearch(VillageSearch):
    """The same, and the scheme where several are in force; `offered` are (id, title)."""

    scheme = forms.ChoiceField(label=gettext_lazy("积分细则"), required=False)

    def __init__(self, *args: Any, schemes: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = tuple(schemes) if len(schemes) > 1 else ()
        if self.offered:
            self.fields["scheme"].choices = [("", gettext("全部")), *self.offered]
        else:
            del self.fields["scheme"]


def every(kind: type[LabelledEnum]) -> list[tuple[str, str]]:
    """The members of an enum as choices, with "all" in front."""
    return [("", gettext("全部")), *((one.value, gettext(one.label)) for one in kind)]


def months(today: dt.date, back: int = MONTHS_BACK) -> list[tuple[str, str]]:
    """The last months as choices, this one first, with "all" in front."""
    found, day = [], today.replace(day=1)
    for _n in range(back):
        found.append((f"{day:%Y-%m}", words.month(day)))
        day = (day - dt.timedelta(days=1)).replace(day=1)
    return [("", gettext("全部")), *found]
