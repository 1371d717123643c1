"""How values read on a page, in both languages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from jizhi.web import pager
from jizhi.web.templatetags import jizhi as tags


@pytest.mark.parametrize(
    ("hundredths", "plain", "signed"),
    [
        (120, "1.2", "+1.2"),
        (-50, "−0.5", "−0.5"),
        (0, "0", "0"),
        (123456, "1,234.56", "+1,234.56"),
        (-1000, "−10", "−10"),
    ],
)
def test_points(hundredths: int, plain: str, signed: str) -> None:
    assert tags.points(hundredths) == plain
    assert tags.signed_points(hundredths) == signed


def test_points_with_fixed_places() -> None:
    assert tags.points(100, 1) == "1.0"
    assert tags.points(None) == "—"


def test_a_figure_says_its_sign_in_words() -> None:
    with translation.override("zh-hans"):
        assert "扣分" in tags.figure(-500)
        assert "points--minus" in tags.figure(-500)


def test_money() -> None:
    assert tags.fen(124280) == "¥1,242.80"
    assert tags.fen(-5) == "−¥0.05"


@pytest.mark.parametrize(("language", "day", "month"), [
    ("zh-hans", "2026年11月22日", "2026年11月"), ("en", "22 Nov 2026", "Nov 2026"),
])  # fmt: skip
def test_dates(language: str, day: str, month: str) -> None:
    with translation.override(language):
        assert tags.day(dt.date(2026, 11, 22)) == day
        assert tags.month("2026-11") == month
        assert tags.month(dt.date(2026, 11, 1)) == month


def test_moments_are_local() -> None:
    late = dt.datetime(2026, 11, 21, 17, 30, tzinfo=dt.UTC)
    with translation.override("zh-hans"):
        assert tags.moment(late) == "2026年11月22日 01:30"
        assert tags.day(late) == "2026年11月22日"


def test_deadlines() -> None:
    at = timezone.make_aware(dt.datetime(2026, 11, 22, 23, 0))  # noqa: DTZ001 - made aware at once
    with translation.override("en"):
        assert tags.days_left(dt.date(2026, 11, 22), at) == "due today"
        assert tags.days_left(dt.date(2026, 11, 23), at) == "1 day left"
        assert tags.days_left(dt.date(2026, 11, 20), at) == "2 days overdue"


def test_words_in_the_reader_s_language() -> None:
    text = SimpleNamespace(zh="义务劳动", en="Volunteer work")
    area = SimpleNamespace(name="石桥村", name_en="Shiqiao Village")
    with translation.override("en"):
        assert tags.say(text) == "Volunteer work"
        assert tags.say(SimpleNamespace(zh="义务劳动", en="")) == "义务劳动"
        assert tags.named(area) == "Shiqiao Village"
    with translation.override("zh-hans"):
        assert tags.say(text) == "义务劳动"
        assert tags.named(area) == "石桥村"


def test_icons_are_drawn_inline_and_misspelt_ones_fail() -> None:
    assert "<path" in tags.icon("check")
    with pytest.raises(FileNotFoundError):
        tags.icon("no-such-icon")


@dataclass(frozen=True)
class _Page:
    number: int
    size: int
    total: int


def test_pages() -> None:
    middle = pager.describe(_Page(5, 20, 187))
    assert middle.numbers == (1, None, 3, 4, 5, 6, 7, None, 10)
    assert (middle.first, middle.last) == (81, 100)
    assert pager.describe(_Page(1, 20, 0)).numbers == (1,)
    assert pager.describe(_Page(10, 20, 187)).last == 187


def test_links_keep_the_other_choices(rf: object) -> None:
    request = rf.get("/list/?q=王&sort=name&page=3")  # type: ignore[attr-defined]
    context = Context({"request": request, "page": _Page(3, 20, 187)})
    page = Template("{% load jizhi %}{% paginate page 'results' %}{% sort_link 'name' '户主' %}").render(
        context
    )
    assert "sort=name&amp;page=4" in page
    assert "sort=-name" in page
    assert "page=3" not in page.split("sort=-name")[1]
