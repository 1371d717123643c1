"""A case as a clerk fills it in: up to six acts of some households, and the points that should come out."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.web.forms import DateInput
from jizhi.web.schemework.forms.steps import NumberForm
from jizhi.web.templatetags import jizhi as words

ACTS = 6
HOUSEHOLDS = 3
NAMES = ("甲户", "乙户", "丙户")
PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2])|-Q[1-4]|-H[12])?")
POINTS = re.compile(r"-?[0-9]+(\.[0-9]+)?")
QUANTITY = re.compile(r"[0-9]+(\.[0-9]+)?")


class CaseForm(NumberForm):
    """One case; the text of it is put together in `clean`."""

    name = forms.CharField(
        label=gettext_lazy("用例说明"),
        max_length=120,
        help_text=gettext_lazy("一句话，如：一个月最多计 8 分"),
    )
    period = forms.CharField(
        label=gettext_lazy("期间"), max_length=10, help_text=gettext_lazy("如 2026-07、2026-Q3、2026")
    )

    def __init__(self, *args: Any, scheme: Any, language: str, **kwargs: Any) -> None:
        self.scheme = scheme
        super().__init__(*args, **kwargs)
        names = [(name, name) for name in NAMES]
        items = [("", "—"), *((item.id, f"{words.say(item.title)}") for item in scheme.items)]
        for n in range(ACTS):
            self.fields[f"who_{n}"] = forms.ChoiceField(label=gettext("谁"), choices=names, required=False)
            self.fields[f"item_{n}"] = forms.ChoiceField(label=gettext("条目"), choices=items, required=False)
            self.fields[f"date_{n}"] = forms.DateField(
                label=gettext("日期"), required=False, widget=DateInput
            )
            self.fields[f"amount_{n}"] = forms.CharField(
                label=gettext("数量、档次或评定分"), required=False, max_length=40
            )
        for n, name in enumerate(NAMES):
            title = gettext("%(name)s应得") % {"name": name}
            self.fields[f"total_{n}"] = forms.CharField(label=title, required=False, max_length=12)
            self.fields[f"size_{n}"] = forms.IntegerField(
                label=gettext("%(name)s人口") % {"name": name}, required=False, min_value=1, max_value=99
            )

    @property
    def acts(self) -> list[list[Any]]:
        """Act by act, for the template."""
        return [[self[f"{name}_{n}"] for name in ("who", "item", "date", "amount")] for n in range(ACTS)]

    @property
    def totals(self) -> list[list[Any]]:
        """Household by household."""
        return [[self[f"total_{n}"], self[f"size_{n}"]] for n in range(HOUSEHOLDS)]

    def clean_period(self) -> str:
        """A month, quarter, half or year."""
        text = str(self.cleaned_data["period"]).strip()
        if not PERIOD.fullmatch(text):
            raise forms.ValidationError(gettext("期间写成 2026-07、2026-Q3、2026-H2 或 2026。"))
        return text

    def clean(self) -> dict[str, Any]:
        """The case as it is written among the others."""
        data: dict[str, Any] = super().clean() or {}
        acts = [self._act(data, n) for n in range(ACTS) if data.get(f"item_{n}")]
        totals = {NAMES[n]: data[f"total_{n}"] for n in range(HOUSEHOLDS) if data.get(f"total_{n}")}
        for n, name in enumerate(NAMES):
            if name in totals and not POINTS.fullmatch(totals[name].strip()):
                self.add_error(f"total_{n}", gettext("应为数，如 8 或 -5。"))
        if not acts or not totals:
            self.add_error(None, gettext("至少填一条事实和一户应得的分数。"))
        if not self.errors:
            sizes = {NAMES[n]: data[f"size_{n}"] for n in range(HOUSEHOLDS) if data.get(f"size_{n}")}
            self.text = self._case(data, acts, totals, sizes)
        return data

    def _act(self, data: dict[str, Any], n: int) -> tuple[str, ...]:
        """subject, item, date, quantity, grade, given."""
        item = self.scheme.item(data[f"item_{n}"])
        amount = str(data.get(f"amount_{n}") or "").strip()
        if not data.get(f"date_{n}"):
            self.add_error(f"date_{n}", gettext("请填日期。"))
        column = {"quantity": 0, "grade": 1, "given": 2}.get(item.needs)
        cells = ["", "", ""]
        if column is not None:
            cells[column] = self._amount(item, amount, n)
        return (data[f"who_{n}"] or NAMES[0], item.id, str(data.get(f"date_{n}") or ""), *cells)

    def _amount(self, item: Any, amount: str, n: int) -> str:
        if item.needs == "grade":
            names = {title.zh: key for key, title in item.grades.items()} | {key: key for key in item.grades}
            names |= {words.say(title): key for key, title in item.grades.items()}
            if amount not in names:
                choices = "、".join(words.say(title) for title in item.grades.values())
                self.add_error(f"amount_{n}", gettext("档次应为：%(choices)s") % {"choices": choices})
            return str(names.get(amount, ""))
        if not QUANTITY.fullmatch(amount):
            self.add_error(f"amount_{n}", gettext("这个条目要填数量或评定分。"))
        return amount

    def _case(
        self, data: dict[str, Any], acts: list[tuple[str, ...]], totals: dict[str, str], sizes: dict[str, int]
    ) -> str:
        name = data["name"].replace('"', "”").replace("\\", "/")
        lines = [
            f'- name: "{name}"',
            f"  scheme: {self.scheme.id}",
            f"  period: {data['period']}",
            "  input:",
        ]
        if sizes:
            lines += ["    subjects: |", "      subject | size"]
            lines += [f"      {who} | {size}" for who, size in sizes.items()]
        lines += ["    facts: |", "      subject | item | date | quantity | grade | given"]
        lines += [f"      {' | '.join(act)}" for act in acts]
        out = ", ".join(f"{who}: {{total: {total.strip()}}}" for who, total in totals.items())
        return "\n".join([*lines, f"  output: {{{out}}}"]) + "\n"
