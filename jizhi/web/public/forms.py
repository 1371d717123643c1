"""Search boxes and filters of the public lists, and the receipt that somebody hands in. Nothing of it is kept."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from jizhi.notices.rules import LetterAbout, NoticeKind
from jizhi.seals.rules import receipts
from jizhi.web.forms import Form, SearchForm


class VillageSearch(SearchForm):
    """Finds a village by name, pinyin or code."""

    q = forms.CharField(
        label=gettext_lazy("找村（社区）"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": gettext_lazy("村名、拼音首字母或代码")}
        ),
    )


class ItemSearch(SearchForm):
    """Finds an item of the scheme by its words."""

    q = forms.CharField(
        label=gettext_lazy("找条目"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("例如：义务劳动")}),
    )


class NoticeSearch(SearchForm):
    """Narrows a notice to a household, person or organisation, or to those with entries."""

    q = forms.CharField(
        label=gettext_lazy("找农户"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("户号或姓氏")}),
    )
    shown = forms.ChoiceField(
        label=gettext_lazy("显示"),
        required=False,
        choices=[("", gettext_lazy("全部农户")), ("entries", gettext_lazy("有记录的农户"))],
    )

    def __init__(self, *args: Any, of_households: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not of_households:
            self.fields["q"].label = gettext("查找")
            self.fields["q"].widget.attrs["placeholder"] = gettext("编号或姓氏")
            self.fields["shown"].choices = [("", gettext("全部")), ("entries", gettext("有记录的"))]


class SealSearch(SearchForm):
    """Finds a seal by its number, its month or day, or the beginning of its root."""

    q = forms.CharField(
        label=gettext_lazy("找存证"),
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": gettext_lazy("编号、日期（2026-05）或根的开头")}
        ),
    )


class ReceiptForm(Form):
    """A receipt, pasted or uploaded."""

    text = forms.CharField(
        label=gettext_lazy("粘贴凭证"),
        required=False,
        max_length=receipts.LONGEST_FILE,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy("凭证文件的内容，或扫码得到的网址。"),
    )
    file = forms.FileField(
        label=gettext_lazy("或上传凭证文件"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".json,application/json,text/plain"}),
    )

    receipt: receipts.Receipt

    def clean(self) -> dict[str, Any]:
        """What was handed in as a receipt; the file goes before the text."""
        given = self.cleaned_data
        upload = given.get("file")
        handed: bytes | str = upload.read(receipts.LONGEST_FILE + 1) if upload else given.get("text", "")
        if not handed:
            raise forms.ValidationError(gettext("请粘贴凭证，或选择凭证文件。"))
        try:
            self.receipt = receipts.read(handed)
        except receipts.Unreadable as wrong:
            raise forms.ValidationError(
                gettext("这不是存证凭证，或者不完整。请从头到尾全部复制，或直接上传文件。")
            ) from wrong
        return given


class NoticeKindSearch(SearchForm):
    """One kind of notices, or all."""

    q = None  # type: ignore[assignment]
    kind = forms.ChoiceField(label=gettext_lazy("种类"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [
            ("", gettext("全部")), *((kind.value, gettext(kind.label)) for kind in NoticeKind)
        ]  # fmt: skip

    @property
    def kind_wanted(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("kind") or "")


class LetterForm(Form):
    """An objection by whoever is not signed in. Machines fill in `website`, which people do not see."""

    about = forms.ChoiceField(label=gettext_lazy("反映什么"), widget=forms.RadioSelect)
    name = forms.CharField(label=gettext_lazy("您的姓名"), max_length=40)
    contact = forms.CharField(
        label=gettext_lazy("怎样答复您"),
        max_length=120,
        help_text=gettext_lazy("电话，或者“到家里说”“张贴在门口”都可以。只有村里的经办人看得到。"),
    )
    reference = forms.CharField(
        label=gettext_lazy("哪一条"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("哪个月、哪一户、什么事项；有回执的写回执编号。"),
    )
    words = forms.CharField(
        label=gettext_lazy("为什么不对"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6})
    )
    website = forms.CharField(
        label=gettext_lazy("此栏请不要填"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = [(one.value, gettext(one.label)) for one in LetterAbout]

    @property
    def is_a_machines(self) -> bool:
        """Whether the field that nobody sees was filled in."""
        return bool(self.cleaned_data.get("website"))


class LetterAppealForm(Form):
    """What the writer of a letter says against the answer."""

    grounds = forms.CharField(
        label=gettext_lazy("对答复有什么不同意见"),
        max_length=1000,
        help_text=gettext_lazy("写明答复哪里不对、有什么依据。"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
