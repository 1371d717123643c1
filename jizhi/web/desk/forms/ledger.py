"""The ledger's search form. What is not understood is left aside, never an error."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from jizhi.ledger.rules import Cause
from jizhi.web.desk.forms.search import SchemeSearch, every, months


class LedgerSearch(SchemeSearch):
    """Month of the act and cause."""

    month = forms.ChoiceField(label=gettext_lazy("月份"), required=False)
    cause = forms.ChoiceField(label=gettext_lazy("原因"), required=False)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = months(today)
        self.fields["cause"].choices = every(Cause)

    @property
    def filters(self) -> dict[str, str]:
        """What the selector takes."""
        return {
            "village_code": self.value("village"),
            "month": self.value("month"),
            "cause": self.value("cause"),
            "words": self.value("q"),
            "scheme": self.value("scheme") if "scheme" in self.fields else "",
        }
