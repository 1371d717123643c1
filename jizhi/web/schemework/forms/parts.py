"""Forms of the other parts: the frame, chapters with their limits, levels. They give the document's own keys."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.web.schemework.forms.items import both, two
from jizhi.web.schemework.forms.limits import LimitRows
from jizhi.web.schemework.forms.steps import NumberForm

NEW_SECTIONS = 2
NEW_STEPS = 3
PERIODS = [
    ("", gettext_lazy("不设")), ("month", gettext_lazy("每月")), ("quarter", gettext_lazy("每季度")),
    ("half", gettext_lazy("每半年")), ("year", gettext_lazy("每年")),
]  # fmt: skip
LEVEL_PERIODS = [*PERIODS[1:], ("standing", gettext_lazy("现行总分"))]
BY = [
    ("from", gettext_lazy("总分不低于")), ("over", gettext_lazy("总分超过")), ("top", gettext_lazy("排在前")),
    ("rest", gettext_lazy("其余")),
]  # fmt: skip
AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?")
YUAN = re.compile(r"[0-9]+(\.[0-9]{1,2})?")
BAD_YUAN = gettext_lazy("应为不小于 0 的金额，最多两位小数，如 5000 或 5000.50。")


def yuan_of(fen: int) -> str:
    """An amount in fen as a form shows it, in yuan."""
    return f"{Decimal(fen) / 100:f}"


def fen_of(yuan: str) -> int:
    """What a field holds that `YUAN` allows, in fen."""
    return int(Decimal(yuan.strip()) * 100)


def words_field(
    label: Any, *, longest: int = 200, help_text: Any = "", area: bool = False
) -> forms.CharField:
    """Some words, or none."""
    widget = forms.Textarea(attrs={"rows": 3}) if area else forms.TextInput()
    return forms.CharField(
        label=label, required=False, max_length=longest, help_text=help_text, widget=widget
    )


class FrameForm(NumberForm):
    """Title, base, range, rhythm, redemption and basis of the whole scheme."""

    title = forms.CharField(label=gettext_lazy("细则名称"), max_length=100)
    title_en = words_field(gettext_lazy("英文名称"))
    description = words_field(gettext_lazy("说明"), longest=1000, area=True)
    description_en = words_field(gettext_lazy("英文说明"), longest=1000, area=True)
    base = words_field(gettext_lazy("基础分"), help_text=gettext_lazy("每户一开始就有的分，可不填"))
    base_per = forms.ChoiceField(label=gettext_lazy("基础分按"), choices=PERIODS[1:], required=False)
    lowest = words_field(gettext_lazy("总分最低"))
    highest = words_field(gettext_lazy("总分最高"))
    publish = forms.ChoiceField(label=gettext_lazy("公示"), choices=PERIODS, required=False)
    summarise = forms.ChoiceField(label=gettext_lazy("汇总"), choices=PERIODS, required=False)
    appraise = forms.ChoiceField(label=gettext_lazy("评定"), choices=PERIODS, required=False)
    fen_per_point = words_field(
        gettext_lazy("兑换时一分值多少元"), help_text=gettext_lazy("如：1 或 0.5；不填则不规定")
    )
    reference = words_field(gettext_lazy("依据"), longest=1000, area=True)
    reference_en = words_field(gettext_lazy("依据（英文）"), longest=1000, area=True)

    def __init__(self, *args: Any, plain: dict[str, Any], **kwargs: Any) -> None:
        self.plain = plain
        kwargs["initial"] = self._spelt(plain) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    @staticmethod
    def _spelt(plain: dict[str, Any]) -> dict[str, Any]:
        base, span = plain.get("base"), plain.get("range") or {}
        base = base if isinstance(base, dict) else {"points": base or "", "per": "year"}
        periods, redeem = plain.get("periods") or {}, plain.get("redeem") or {}
        found = {"base": base.get("points", ""), "base_per": base.get("per", "year")}
        found |= {"lowest": span.get("min", ""), "highest": span.get("max", "")}
        found |= {name: periods.get(name) or "" for name in ("publish", "summarise", "appraise")}
        for name in ("title", "description", "reference"):
            found[name], found[f"{name}_en"] = both(plain.get(name))
        fen = redeem.get("fen_per_point", "")
        found["fen_per_point"] = yuan_of(int(fen)) if str(fen).isdigit() else ""
        return found

    def clean(self) -> dict[str, Any]:
        """Only what was changed in the form is changed in the document."""
        data: dict[str, Any] = super().clean() or {}
        for name in ("base", "lowest", "highest"):
            if data.get(name) and not AMOUNT.fullmatch(data[name].strip()):
                self.add_error(name, gettext("应为数，如 100 或 0.5。"))
        if data.get("fen_per_point") and not YUAN.fullmatch(data["fen_per_point"].strip()):
            self.add_error("fen_per_point", BAD_YUAN)
        if not self.errors:
            self.values = self._values(data)
        return data

    def _values(self, data: dict[str, Any]) -> dict[str, Any]:
        had, found = self._spelt(self.plain), {}

        def changed(*names: str) -> bool:
            return any(str(data[name]) != str(had[name]) for name in names)

        for name in ("title", "description"):
            if changed(name, f"{name}_en"):
                found[name] = two(data[name], data[f"{name}_en"])
        if changed("base", "base_per"):
            yearly = data["base_per"] in ("", "year")
            base = data["base"] if yearly else {"points": data["base"], "per": data["base_per"]}
            found["base"] = base if data["base"] else None
        if changed("lowest", "highest"):
            ends = {"min": data["lowest"], "max": data["highest"]}
            found["range"] = {key: value for key, value in ends.items() if value} or None
        if changed("publish", "summarise", "appraise"):
            names = ("publish", "summarise", "appraise")
            rest = {
                key: value for key, value in (self.plain.get("periods") or {}).items() if key not in names
            }
            found["periods"] = rest | {name: data[name] for name in names if data[name]} or None
        if changed("fen_per_point"):
            fen = fen_of(data["fen_per_point"] or "0")
            rest = {
                key: value
                for key, value in (self.plain.get("redeem") or {}).items()
                if key != "fen_per_point"
            }
            found["redeem"] = {"fen_per_point": str(fen), **rest} if data["fen_per_point"] else (rest or None)
        if changed("reference", "reference_en"):
            found["reference"] = self._reference(data)
        return found

    def _reference(self, data: dict[str, Any]) -> Any:
        before = self.plain.get("reference")
        rest = before if isinstance(before, dict) else {}
        rest = {key: value for key, value in rest.items() if key not in ("zh", "en")}
        named = {"zh": data["reference"], "en": data["reference_en"]}
        return {key: value for key, value in named.items() if value} | rest or None


class SectionsForm(LimitRows, NumberForm):
    """All chapters, in order, each with its limits; an emptied name takes a chapter away."""

    def __init__(self, *args: Any, rows: list[dict[str, Any]], language: str, **kwargs: Any) -> None:
        self.before = rows
        initial: dict[str, Any] = {}
        for n, row in enumerate(rows):
            title, english = both(row.get("title"))
            initial |= {
                f"id_{n}": row["id"],
                f"title_{n}": title,
                f"title_en_{n}": english,
                f"order_{n}": n + 1,
            }
            initial |= self.spelt_limits(row.get("limits") or [], f"limit{n}")
        kwargs["initial"] = initial | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.count = len(rows) + NEW_SECTIONS
        for n in range(self.count):
            self.fields[f"title_{n}"] = forms.CharField(
                label=gettext("章节名称"), required=False, max_length=60
            )
            self.fields[f"title_en_{n}"] = forms.CharField(
                label=gettext("英文名称"), required=False, max_length=60
            )
            self.fields[f"id_{n}"] = forms.RegexField(
                r"^[A-Za-z0-9_.-]*$", label=gettext("编号"), required=False, max_length=40
            )
            self.fields[f"order_{n}"] = forms.IntegerField(label=gettext("次序"), required=False, min_value=1)
            have = len(rows[n].get("limits") or ()) if n < len(rows) else 0
            self.add_limits(have + 1, language, f"limit{n}")

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """Chapter by chapter, for the template."""
        return [
            {
                "title": self[f"title_{n}"],
                "title_en": self[f"title_en_{n}"],
                "id": self[f"id_{n}"],
                "order": self[f"order_{n}"],
                "limits": self.limit_lines(f"limit{n}"),
                "is_new": n >= len(self.before),
            }
            for n in range(self.count)
        ]

    def clean(self) -> dict[str, Any]:
        """The document's rows are put together here."""
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        rows = []
        taken = {data[f"id_{n}"] for n in range(self.count) if data[f"title_{n}"]}
        for n in range(self.count):
            if not data[f"title_{n}"]:
                continue
            row_id = data[f"id_{n}"] or next(
                name for k in range(1, 1000) if (name := f"chapter-{k}") not in taken
            )
            taken.add(row_id)
            before = self.before[n] if n < len(self.before) else {}
            row = {"id": row_id, "title": two(data[f"title_{n}"], data[f"title_en_{n}"])}
            row["limits"] = self.limit_rows(data, f"limit{n}")
            row["reasons"] = before.get("reasons")
            rows.append((data[f"order_{n}"] or 999, n, row))
        if len({row["id"] for *_order, row in rows}) < len(rows):
            self.add_error(None, gettext("两个章节用了同一个编号。"))
        self.rows = [row for *_order, row in sorted(rows, key=lambda one: one[:2])]
        return data


class LevelsForm(NumberForm):
    """The levels, top down; the first that fits is given."""

    period = forms.ChoiceField(label=gettext_lazy("按哪个周期评"), choices=LEVEL_PERIODS)

    def __init__(self, *args: Any, values: dict[str, Any], **kwargs: Any) -> None:
        self.before = values["steps"]
        initial: dict[str, Any] = {"period": values["period"]}
        for n, step in enumerate(self.before):
            by = next((key for key, _ in BY if key in step), "rest")
            name, english = both(step["level"])
            initial |= {
                f"name_{n}": name,
                f"name_en_{n}": english,
                f"by_{n}": by,
                f"value_{n}": step.get(by, ""),
            }
        kwargs["initial"] = initial | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.count = len(self.before) + NEW_STEPS
        for n in range(self.count):
            self.fields[f"name_{n}"] = forms.CharField(
                label=gettext("等级名称"), required=False, max_length=40
            )
            self.fields[f"name_en_{n}"] = forms.CharField(
                label=gettext("英文名称"), required=False, max_length=40
            )
            self.fields[f"by_{n}"] = forms.ChoiceField(label=gettext("条件"), choices=BY, required=False)
            self.fields[f"value_{n}"] = forms.CharField(label=gettext("数值"), required=False, max_length=12)

    @property
    def lines(self) -> list[list[Any]]:
        """Level by level, for the template."""
        return [
            [self[f"{name}_{n}"] for name in ("name", "name_en", "by", "value")] for n in range(self.count)
        ]

    def clean(self) -> dict[str, Any]:
        """The document's levels are put together here."""
        data: dict[str, Any] = super().clean() or {}
        steps = []
        for n in range(self.count):
            name, value = data.get(f"name_{n}"), str(data.get(f"value_{n}") or "").strip()
            if not name:
                continue
            by = data.get(f"by_{n}") or "rest"
            step: dict[str, Any] = {"level": two(name, data.get(f"name_en_{n}") or "")}
            if by != "rest":
                plain = value.removesuffix("%") if by == "top" else value
                if not AMOUNT.fullmatch(plain):
                    self.add_error(f"value_{n}", gettext("应为数；“排在前”可写 5 或 30%。"))
                step[by] = value
            before = self.before[n] if n < len(self.before) else {}
            if "ties" in before:
                step["ties"] = before["ties"]
            steps.append(step)
        self.values = {"period": data.get("period"), "steps": steps} if steps else None
        return data


class PartText(NumberForm):
    """A part as it stands in the document."""

    what = forms.CharField(widget=forms.HiddenInput, initial="text")
    text = forms.CharField(
        label=gettext_lazy("这一部分的原文"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "code", "rows": 12, "spellcheck": "false"}),
        help_text=gettext_lazy("表单里没有的写法可以在这里直接修改，检查完全一样。"),
    )
