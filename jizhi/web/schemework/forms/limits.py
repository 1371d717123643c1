"""Rows of limits inside a form: how much, of what, in which window; blank rows are left out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.drafting.selectors import items as words
from jizhi.web.forms import Form
from jizhi.web.schemework.forms.steps import NumberForm

LIMIT_ROWS = 4
MEASURES = [("points", gettext_lazy("分")), ("times", gettext_lazy("次"))]


class LimitRows(Form):
    """A form with some rows of limits; `limits_of` says whether faults can be limited apart."""

    limits_of = "both"

    def add_limits(self, count: int, language: str, prefix: str = "limit") -> None:
        """Puts the fields in, filled from the form's `initial`."""
        windows = words.window_choices(language)
        for n in range(count):
            names = f"{prefix}_{n}"
            self.fields[f"{names}_per"] = forms.ChoiceField(
                label=gettext("期间"), choices=windows, required=False, initial="month"
            )
            self.fields[f"{names}_amount"] = forms.CharField(
                label=gettext("最多"), required=False, max_length=12
            )
            self.fields[f"{names}_measure"] = forms.ChoiceField(
                label=gettext("单位"), choices=MEASURES, required=False
            )
            self.fields[f"{names}_member"] = forms.BooleanField(label=gettext("按人"), required=False)
            if self.limits_of == "both":
                self.fields[f"{names}_fault"] = forms.BooleanField(label=gettext("限扣分"), required=False)

    @classmethod
    def spelt_limits(cls, rows: list[dict[str, Any]], prefix: str = "limit") -> dict[str, Any]:
        """The document's limits as these fields show them."""
        found: dict[str, Any] = {}
        for n in range(max(len(rows), 1)):
            row = rows[n] if n < len(rows) else {"per": "month"}
            found[f"{prefix}_{n}_per"] = row["per"]
            found[f"{prefix}_{n}_amount"] = row.get("points") or row.get("times") or ""
            found[f"{prefix}_{n}_measure"] = "times" if "times" in row else "points"
            found[f"{prefix}_{n}_member"] = row.get("per_member") == "true"
            found[f"{prefix}_{n}_fault"] = row.get("kind") == "fault"
        return found

    def limit_lines(self, prefix: str = "limit") -> list[list[Any]]:
        """The fields, row by row, for the template."""
        rows: list[list[Any]] = []
        for n in range(50):
            names = [name for name in self.fields if name.startswith(f"{prefix}_{n}_")]
            if not names:
                return rows
            rows.append([self[name] for name in names])
        return rows

    def limit_rows(self, data: dict[str, Any], prefix: str = "limit") -> list[dict[str, Any]]:
        """What the rows say, as the document has it."""
        found = []
        for n in range(50):
            if f"{prefix}_{n}_amount" not in self.fields:
                break
            amount = str(data.get(f"{prefix}_{n}_amount") or "").strip()
            if not amount:
                continue
            try:
                amount = words.read_number(amount)
            except ValueError:
                self.add_error(f"{prefix}_{n}_amount", gettext("应为不带正负号的数，如 20。"))
                continue
            row: dict[str, Any] = {str(data[f"{prefix}_{n}_measure"] or "points"): amount}
            row["per"] = data[f"{prefix}_{n}_per"]
            if data.get(f"{prefix}_{n}_member"):
                row["per_member"] = "true"
            if data.get(f"{prefix}_{n}_fault"):
                row["kind"] = "fault"
            found.append(row)
        return found


class LimitsForm(LimitRows, NumberForm):
    """The limits of the whole scheme."""

    def __init__(self, *args: Any, rows: list[dict[str, Any]], language: str, **kwargs: Any) -> None:
        kwargs["initial"] = self.spelt_limits(rows) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.add_limits(len(rows) + 2, language)

    def clean(self) -> dict[str, Any]:
        """The document's list is put together here."""
        data: dict[str, Any] = super().clean() or {}
        self.rows = self.limit_rows(data)
        return data
