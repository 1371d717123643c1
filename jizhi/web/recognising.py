"""What the household's and the desk's pages of recognition share: the form over the whole list, scores in words.

They decide nothing: recognition.services says what a line may hold.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext

from jizhi.claims import selectors as claims
from jizhi.recognition.rules import AMOUNT_MAX, Party, Score, read_days, written_day
from jizhi.recognition.selectors import Row, SheetPage
from jizhi.web import claiming
from jizhi.web.forms import Form, PhotosField
from jizhi.web.templatetags import jizhi as tags


@dataclass(frozen=True, slots=True)
class Cell:
    """What a party says of an item, in words, and its worth in hundredths."""

    party: Party
    text: str
    points: int
    words: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """A line of the list as a page shows it; `heading` where a section begins, `fields` where the form asks."""

    row: Row
    heading: Any
    points: str
    unit: str
    cells: list[Cell]
    fields: list[Any]


class ScoreForm(Form):
    """One party's column over the whole list; starts from `start`, the column of whoever spoke before."""

    def __init__(
        self, *args: Any, page: SheetPage, party: Party, start: Party | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.page, self.party = page, party
        self.days: dict[str, tuple[dt.date, ...]] = {}
        for row in page.rows:
            self._add(row, row.scores.get(party) or row.scores.get(start) if start else row.scores.get(party))

    def _add(self, row: Row, score: Score | None) -> None:
        name, said = row.item.id, score or Score()
        whole = row.item.needs in ("none", "grade")
        self.fields[f"a-{name}"] = forms.DecimalField(
            label=_asked(row), required=False, min_value=0, max_value=AMOUNT_MAX,
            decimal_places=0 if whole else 2, initial=None if said.says_nothing else _plain(said.amount),
            widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "1" if whole else "any", "min": "0"}),
        )  # fmt: skip
        if row.item.needs == "grade":
            choices = [("", "—"), *claims.grade_choices(row.item.item, claiming.language())]
            self.fields[f"g-{name}"] = forms.ChoiceField(
                label=gettext("档次"), required=False, choices=choices, initial=said.grade
            )
        if self.party is not Party.DECIDED:
            self.fields[f"w-{name}"] = forms.CharField(
                label=gettext("说明"), required=False, max_length=200,
                initial=said.words if self.party in row.scores else "",
            )  # fmt: skip
            self.fields[f"d-{name}"] = forms.CharField(
                label=gettext("哪几天"), required=False, max_length=200,
                initial=self._days(said.days),
                widget=forms.TextInput(attrs={"placeholder": gettext("如 3.5 3.20")}),
            )  # fmt: skip
        if self.party is Party.TEAM:
            self.fields[f"p-{name}"] = PhotosField(label=gettext("佐证照片"), required=False)

    def _days(self, days: tuple[dt.date, ...]) -> str:
        """Days as somebody types them; with the year where the round has that day more than once."""
        over = self.page.sheet.round
        return " ".join(written_day(day, over.from_date, over.to_date) for day in days)

    @property
    def scores(self) -> dict[str, Score]:
        """The column as the service takes it."""
        found = {}
        for row in self.page.rows:
            name = row.item.id
            amount = self.cleaned_data.get(f"a-{name}") or Decimal(0)
            grade = self.cleaned_data.get(f"g-{name}", "")
            days = self.days.get(name, ())
            found[name] = Score(amount, grade, self.cleaned_data.get(f"w-{name}", ""), days)
        return found

    def clean(self) -> dict[str, Any]:
        """Days as they were written become days of the round."""
        given: dict[str, Any] = super().clean() or {}
        over, self.days = self.page.sheet.round, {}
        for row in self.page.rows:
            name = row.item.id
            found = read_days(given.get(f"d-{name}") or "", over.from_date, over.to_date)
            if found is None:
                self.add_error(f"d-{name}", gettext("请写本轮时段内的日期，如 3.5 3.20。"))
            else:
                self.days[name] = found
        return given

    @property
    def photos(self) -> dict[str, list[Any]]:
        """The photos of each line that has some."""
        sent = {row.item.id: self.cleaned_data.get(f"p-{row.item.id}") or [] for row in self.page.rows}
        return {name: files for name, files in sent.items() if files}

    def place_of(self, place: str) -> str | None:
        """A refusal names the item; it stands at that item's amount."""
        return super().place_of(f"a-{place}")


def picture(photo: Any) -> HttpResponse:
    """A photo of a line; nobody keeps a shared copy."""
    with photo.file.open("rb") as file:
        answer = HttpResponse(file.read(), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def table(page: SheetPage, form: ScoreForm | None = None) -> Iterator[TableRow]:
    """The whole list with its columns, and the form's fields where there is one."""
    last: Any = None
    for row in page.rows:
        heading = row.item.section if row.item.section != last else None
        last = row.item.section
        names = [f"{key}-{row.item.id}" for key in "agdwp"]
        yield TableRow(
            row=row,
            heading=heading,
            points=claims.points_words(row.item.item, claiming.language()),
            unit=_asked(row),
            cells=[_cell(row, party) for party in page.parties],
            fields=[form[name] for name in names if name in form.fields] if form else [],
        )


def _cell(row: Row, party: Party) -> Cell:
    score = row.scores[party]
    days = "、".join(tags.short_day(day) for day in score.days) if party is not Party.DECIDED else ""
    words = " · ".join(part for part in (score.words, days) if part)
    return Cell(party, _said(row, score), row.points[party], words)


def _said(row: Row, score: Score) -> str:
    """A score in words: 3 次, 4 小时, 出机具 × 2."""
    if score.says_nothing:
        return ""
    amount = _plain(score.amount)
    if row.item.needs == "grade":
        title = (
            tags.say(row.item.item.grades[score.grade])
            if score.grade in row.item.item.grades
            else score.grade
        )
        return title if score.amount == 1 else f"{title} × {amount}"
    joint = " " if claiming.language() == "en" else ""
    return f"{amount}{joint}{_asked(row)}"


def _asked(row: Row) -> str:
    """What the amount of an item counts."""
    if row.item.needs == "quantity":
        return claims.unit_words(row.item.item, claiming.language())
    return gettext("分") if row.item.needs == "given" else gettext("次")


def _plain(amount: Decimal) -> str:
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
