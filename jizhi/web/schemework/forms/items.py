"""The form of an item in village words: every key of the language, and back to what stands in the document.

What the form gives are the document's own keys and texts; whether they make an item is for the services to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.drafting.selectors import items as words
from jizhi.web.forms import DateInput
from jizhi.web.schemework.forms.limits import LIMIT_ROWS, LimitRows
from jizhi.web.schemework.forms.steps import Choices, NumberForm

FORMS = [
    ("fixed", gettext_lazy("每次固定分")),
    ("each", gettext_lazy("按数量计分")),
    ("grades", gettext_lazy("分档次")),
    ("ladder", gettext_lazy("按轻重分级，由评议小组定")),
    ("bands", gettext_lazy("按金额分段累进")),
    ("between", gettext_lazy("在范围内由评议小组定")),
]
ZERO = [
    ("", gettext_lazy("不清零")), ("month", gettext_lazy("当月")), ("quarter", gettext_lazy("当季度")),
    ("half", gettext_lazy("当半年")), ("year", gettext_lazy("当年")), ("ever", gettext_lazy("全部")),
]  # fmt: skip
PIECES = re.compile(r"[、,，;；\n]+")
ID = re.compile(r"[A-Za-z0-9_.-]+")


def pieces(text: str) -> list[str]:
    """Words parted by 、 or commas."""
    return [one.strip() for one in PIECES.split(text) if one.strip()]


def two(zh: str, en: str) -> Any:
    """A text of the document."""
    if not zh:
        return None
    return {"zh": zh, "en": en} if en else zh


def both(value: Any) -> tuple[str, str]:
    """Chinese and English of a text."""
    if isinstance(value, dict):
        return str(value.get("zh") or ""), str(value.get("en") or "")
    return ("" if value is None else str(value)), ""


def _text(label: Any, *, longest: int = 200, help_text: Any = "", area: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3}) if area else forms.TextInput()
    return forms.CharField(
        label=label, required=False, max_length=longest, help_text=help_text, widget=widget
    )


class ItemForm(LimitRows, NumberForm):
    """One item."""

    title = forms.CharField(label=gettext_lazy("条目名称"), max_length=100)
    title_en = _text(gettext_lazy("英文名称"))
    id = forms.CharField(
        label=gettext_lazy("编号"), required=False, max_length=60,
        help_text=gettext_lazy("英文字母、数字和连字符；留空自动编。已有事实的条目请不要改编号。"),
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("类别"))
    section = forms.ChoiceField(label=gettext_lazy("章节"), required=False)
    description = _text(gettext_lazy("说明"), longest=500, area=True)
    description_en = _text(gettext_lazy("英文说明"), longest=500, area=True)
    aliases = _text(
        gettext_lazy("别名"),
        longest=500,
        help_text=gettext_lazy("大家的叫法，用顿号隔开；导入表格时按它们认条目"),
    )
    form = forms.ChoiceField(label=gettext_lazy("怎样计分"), choices=FORMS, required=False)
    fixed = _text(gettext_lazy("每次分值"), help_text=gettext_lazy("不写正负号，扣分条目自动算作扣分"))
    each = _text(gettext_lazy("每单位分值"))
    per = _text(gettext_lazy("单位"), help_text=gettext_lazy("如 小时、次、棵；填“户内人口”按家庭人口计"))
    grades = _text(
        gettext_lazy("档次和分值"), longest=2000, area=True,
        help_text=gettext_lazy("一行一档，名称和分值用空格隔开，如：国家级 30"),
    )  # fmt: skip
    ladder = _text(gettext_lazy("由轻到重的分值"), help_text=gettext_lazy("用逗号隔开，如：5，10，15"))
    bands = _text(
        gettext_lazy("分段"), longest=1000, area=True,
        help_text=gettext_lazy("一行一段：到多少 每单位分值；最后一行可写：以上 0.001"),
    )  # fmt: skip
    low = _text(gettext_lazy("最低分"))
    high = _text(gettext_lazy("最高分"))
    zero = forms.ChoiceField(label=gettext_lazy("积分清零"), choices=ZERO, required=False)
    bar = _text(gettext_lazy("取消资格"), help_text=gettext_lazy("如：评优、荣誉、兑换；用顿号隔开"))
    level = _text(gettext_lazy("直接定为等级"))
    bar_for = _text(gettext_lazy("为期"), help_text=gettext_lazy("如：1年、6个月"))
    repeat_factor = _text(gettext_lazy("再次发生时乘以"), help_text=gettext_lazy("如：2"))
    repeat_within = _text(gettext_lazy("多长时间以内算再次"), help_text=gettext_lazy("如：1年、6个月"))
    best_of = forms.BooleanField(label=gettext_lazy("同一行为只计最高一项"), required=False)
    valid = _text(gettext_lazy("得分有效期"), help_text=gettext_lazy("如：2年；不填则按年度"))
    classes = _text(gettext_lazy("只适用于这些类别"), help_text=gettext_lazy("用顿号隔开；不填为全部"))
    claim = forms.MultipleChoiceField(
        label=gettext_lazy("谁可以申报"), required=False, widget=forms.CheckboxSelectMultiple
    )
    evidence = forms.MultipleChoiceField(
        label=gettext_lazy("要什么佐证"), required=False, widget=forms.CheckboxSelectMultiple
    )
    spendable = forms.BooleanField(label=gettext_lazy("得分可以兑换物品"), required=False)
    published = forms.BooleanField(label=gettext_lazy("公示"), required=False, initial=True)
    notify = forms.BooleanField(label=gettext_lazy("告知本人"), required=False, initial=True)
    source_kind = forms.ChoiceField(label=gettext_lazy("自动来源"), required=False)
    source_name = _text(gettext_lazy("来源名称"))
    source_conditions = _text(gettext_lazy("来源条件"), help_text=gettext_lazy("如：level=五星，用顿号隔开"))
    reference = _text(
        gettext_lazy("依据"), longest=500, area=True, help_text=gettext_lazy("村规民约哪一条、哪次会议")
    )
    reference_en = _text(gettext_lazy("依据（英文）"), longest=500, area=True)
    article = _text(gettext_lazy("条款"))
    source = _text(gettext_lazy("文件来源"))
    meeting = _text(gettext_lazy("会议"))
    expires = forms.DateField(label=gettext_lazy("有效至"), required=False, widget=DateInput)
    limits_of = "merit"

    def __init__(
        self,
        *args: Any,
        sections: Choices,
        language: str,
        before: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.before, self.language = before or {}, language
        if before is not None:
            kwargs["initial"] = self.spelt(before, language) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        none = ("", gettext_lazy("不分章节"))
        self.fields["kind"].choices = words.kind_choices(language)
        self.fields["section"].choices = [none, *sections]
        self.fields["claim"].choices = words.channel_choices(language)
        self.fields["evidence"].choices = words.evidence_choices(language)
        kinds = {
            "assessment": gettext("考核"), "register": gettext("名册"), "scheme": gettext("另一个细则"),
            "visits": gettext("走访"), "honour": gettext("荣誉"), "activity": gettext("活动"),
            "matter": gettext("事件"),
        }  # fmt: skip
        offered = [(key, kinds.get(key, key)) for key in words.source_choices()[0]]
        self.fields["source_kind"].choices = [("", gettext_lazy("没有，由人申报")), *offered]
        self.add_limits(max(LIMIT_ROWS, len(self.before.get("limits") or ()) + 1), language)

    @classmethod
    def spelt(cls, row: dict[str, Any], language: str) -> dict[str, Any]:
        """The row as the form shows it."""
        effect, repeat = row.get("effect") or {}, row.get("repeat") or {}
        reference = row.get("reference") or {}
        reference = reference if isinstance(reference, dict) else {"zh": reference}
        found: dict[str, Any] = {name: both(row.get(name))[0] for name in ("title", "description")}
        found |= {f"{name}_en": both(row.get(name))[1] for name in ("title", "description")}
        found |= {name: row.get(name, "") for name in ("id", "kind", "section")}
        found |= {name: "、".join(map(str, row.get(name) or ())) for name in ("aliases", "classes")}
        found |= {name: row.get(name) or [] for name in ("claim", "evidence")}
        found |= {"best_of": bool(row.get("best_of")), "spendable": row.get("spendable") == "true"}
        found |= {name: row.get(name) != "false" for name in ("published", "notify")}
        found |= {"zero": effect.get("zero", ""), "bar": "、".join(effect.get("bar") or ())}
        found |= {"level": both(effect.get("level"))[0], "repeat_factor": repeat.get("factor", "")}
        spans = {
            "bar_for": effect.get("for"),
            "repeat_within": repeat.get("within"),
            "valid": row.get("valid"),
        }
        found |= {name: words.say_duration(span, language) if span else "" for name, span in spans.items()}
        found |= {"reference": reference.get("zh", ""), "reference_en": reference.get("en", "")}
        found |= {name: reference.get(name, "") for name in ("article", "source", "meeting", "expires")}
        return (
            found
            | _spelt_points(row.get("points"), language)
            | _spelt_source(row.get("from"))
            | cls.spelt_limits(row.get("limits") or [])
        )

    def clean_id(self) -> str:
        """Letters and figures, or nothing."""
        text = str(self.cleaned_data["id"]).strip()
        if text and not ID.fullmatch(text) and text != self.before.get("id"):
            raise forms.ValidationError(gettext("编号只用英文字母、数字、点、连字符和下划线。"))
        return text

    def clean(self) -> dict[str, Any]:
        """The document's row is put together here, so that what is wrong stands at its field."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self.row = self._row(data)
        return data

    def _row(self, data: dict[str, Any]) -> dict[str, Any]:
        scored = data["kind"] in ("merit", "fault")
        level = (
            self.before.get("effect", {}).get("level")
            if isinstance(self.before.get("effect"), dict)
            else None
        )
        same_level = both(level)[0] == data["level"] and level
        row = {
            "id": data["id"],
            "section": data["section"],
            "kind": data["kind"],
            "title": two(data["title"], data["title_en"]),
            "description": two(data["description"], data["description_en"]),
            "aliases": pieces(data["aliases"]),
            "points": self._points(data) if scored else None,
            "effect": None
            if scored
            else {
                key: value
                for key, value in {
                    "zero": data["zero"],
                    "bar": pieces(data["bar"]),
                    "level": same_level or data["level"],
                    "for": self._span("bar_for", data["bar_for"]),
                }.items()
                if value
            },
            "limits": self.limit_rows(data),
            "repeat": {
                "factor": self._number("repeat_factor", data["repeat_factor"]),
                "within": self._span("repeat_within", data["repeat_within"]),
            }
            if data["repeat_factor"] or data["repeat_within"]
            else None,
            "best_of": "act" if data["best_of"] else None,
            "valid": self._span("valid", data["valid"]),
            "classes": pieces(data["classes"]),
            "claim": data["claim"],
            "evidence": data["evidence"],
            "from": self._source(data),
            "spendable": "true" if data["spendable"] else None,
            "published": None if data["published"] else "false",
            "notify": None if data["notify"] else "false",
            "reasons": self.before.get("reasons"),
            "reference": self._reference(data),
        }
        return {key: value for key, value in row.items() if value not in (None, "", [], {})}

    def _reference(self, data: dict[str, Any]) -> Any:
        named = {"zh": data["reference"], "en": data["reference_en"]}
        named |= {name: data[name] for name in ("article", "source", "meeting")}
        named["expires"] = data["expires"].isoformat() if data["expires"] else ""
        rest = {key: value for key, value in named.items() if value}
        return rest["zh"] if list(rest) == ["zh"] else rest

    def _source(self, data: dict[str, Any]) -> dict[str, str] | None:
        if not data["source_kind"]:
            return None
        pairs = [one.replace("＝", "=").partition("=") for one in pieces(data["source_conditions"])]
        return {
            data["source_kind"]: data["source_name"],
            **{key.strip(): value.strip() for key, _, value in pairs},
        }

    def _number(self, field: str, text: str) -> str:
        try:
            return words.read_number(text.strip().lstrip("+"))
        except ValueError:
            self.add_error(field, gettext("应为不带正负号的数，如 5 或 0.25。"))
            return ""

    def _numbers(self, field: str, texts: Iterable[str]) -> list[str]:
        return [self._number(field, one) for one in texts]

    def _span(self, field: str, text: str) -> str | None:
        if not text:
            return None
        try:
            return words.read_duration(text)
        except ValueError:
            self.add_error(field, gettext("应为一段时间，如 1年、6个月、30天。"))
            return None

    def _points(self, data: dict[str, Any]) -> Any:
        match data["form"]:
            case "each":
                return {"each": self._number("each", data["each"]), "per": self._unit(data["per"])}
            case "grades":
                return {"grades": self._grades(data["grades"])}
            case "ladder":
                return {"ladder": self._numbers("ladder", pieces(data["ladder"]))}
            case "bands":
                return {
                    "bands": self._bands(data["bands"]),
                    **({"per": self._unit(data["per"])} if data["per"] else {}),
                }
            case "between":
                return {"between": [self._number("low", data["low"]), self._number("high", data["high"])]}
        return self._number("fixed", data["fixed"])

    def _unit(self, text: str) -> Any:
        """A known word by its key, the one from before, or a word of its own."""
        before = self.before.get("points")
        if isinstance(before, dict) and text and both(before.get("per"))[0] == text:
            return before["per"]
        if text in ("户内人口", "member of the household"):
            return "member"
        known = {word: key for key, word in words.unit_choices(self.language) if key != "member"}
        return known.get(text, text or "time")

    def _grades(self, text: str) -> dict[str, Any]:
        """Keys stay with the names that they had; a new name gets a key of its own."""
        points = self.before.get("points")
        before = points.get("grades", {}) if isinstance(points, dict) else {}
        keys = {_grade_name(key, one, self.language): key for key, one in before.items()}
        known = {pair[0]: key for key, pair in words.grade_words().items()}
        found: dict[str, Any] = {}
        for place, line in enumerate(one.strip() for one in text.splitlines() if one.strip()):
            name, _, amount = re.sub(r"[\s:：=＝]+(?=[0-9.]+分?$)", "\t", line).partition("\t")
            worth = self._number("grades", amount.removesuffix("分"))
            key = keys.get(name) or known.get(name) or f"step-{place + 1}"
            one = before.get(key)
            title = one.get("title") if isinstance(one, dict) else None
            if title is None and key not in known.values() and key != name:
                title = name
            found[key] = {"points": worth, "title": title} if title else worth
        return found

    def _bands(self, text: str) -> list[dict[str, str]]:
        found = []
        for line in (one.split() for one in text.splitlines() if one.strip()):
            end, each = (line[0], line[-1]) if len(line) > 1 else ("", line[0])
            row = {"each": self._number("bands", each)}
            if end.rstrip("元以内").replace(".", "").isdigit():
                row = {"to": end.rstrip("元以内"), **row}
            found.append(row)
        return found


def _grade_name(key: str, one: Any, language: str) -> str:
    title = both(one.get("title"))[0] if isinstance(one, dict) else ""
    pair = words.grade_words().get(key)
    return title or (pair[0] if pair else key)


def _spelt_points(points: Any, language: str) -> dict[str, Any]:
    if not isinstance(points, dict):
        return {"form": "fixed", "fixed": points or ""}
    if "each" in points:
        return {"form": "each", "each": points["each"], "per": _unit_word(points.get("per"), language)}
    if "grades" in points:
        lines = [
            f"{_grade_name(key, one, language)} {one['points'] if isinstance(one, dict) else one}"
            for key, one in points["grades"].items()
        ]
        return {"form": "grades", "grades": "\n".join(lines)}
    if "ladder" in points:
        return {"form": "ladder", "ladder": "，".join(points["ladder"])}
    if "bands" in points:
        lines = [f"{one.get('to') or '以上'} {one['each']}" for one in points["bands"]]
        return {"form": "bands", "bands": "\n".join(lines), "per": _unit_word(points.get("per"), language)}
    low, high = points["between"]
    return {"form": "between", "low": low, "high": high}


def _unit_word(per: Any, language: str) -> str:
    word = both(per)[0]
    if word == "member":
        return "member of the household" if language.startswith("en") else "户内人口"
    return dict(words.unit_choices(language)).get(word, word)


def _spelt_source(source: Any) -> dict[str, str]:
    if not isinstance(source, dict) or not source:
        return {}
    (kind, name), *rest = source.items()
    return {
        "source_kind": kind,
        "source_name": name,
        "source_conditions": "、".join(f"{key}={value}" for key, value in rest),
    }
