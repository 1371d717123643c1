"""Gaoyang's household points: lists that are whole, in both languages, referenced, lawful, found by people's words.

What the rules yield is in the pack's own cases; `test_cases.py` runs them.
"""

import datetime
from collections import Counter
from pathlib import Path

import pytest

import jizhi
from jizhi.engine import guard, loader
from jizhi.engine.document.item import Item, Kind
from jizhi.engine.document.points import Bands, Between, Each, Fixed, Grades, Ladder
from jizhi.sheets.claims.matching import ItemMatcher
from jizhi.sheets.claims.records import ItemName

PACK = Path(jizhi.__file__).parent / "packs" / "gaoyang"
FIRST_DAY = datetime.date(2022, 3, 1)


@pytest.fixture(scope="module")
def pack() -> loader.Pack:
    return loader.load_pack(PACK)


@pytest.fixture(scope="module")
def items(pack: loader.Pack) -> tuple[Item, ...]:
    scheme = pack.schemes["household"].on(FIRST_DAY)
    assert scheme is not None
    return scheme.items


def test_pack_names_its_places_and_clocks(pack: loader.Pack) -> None:
    levels = pack.document.area_levels
    assert [level.key for level in levels] == [
        "county",
        "township",
        "village",
        "district",
        "grid",
        "building",
    ]
    assert [level.key for level in levels if level.grid] == ["district", "grid", "building"]
    assert len(pack.document.organisation_levels) == 6
    clocks = pack.document.clocks
    assert (clocks.post_by_day, clocks.window_days, clocks.answer_days, clocks.escalate_days) == (
        15,
        10,
        3,
        10,
    )
    assert (pack.document.store.every, pack.document.store.day) == ("month", 1)


def test_lists_are_as_long_as_the_county_says(items: tuple[Item, ...]) -> None:
    assert Counter(item.kind for item in items) == {Kind.MERIT: 25, Kind.FAULT: 19, Kind.VETO: 4}


def test_nothing_applies_before_the_first_day(pack: loader.Pack) -> None:
    assert pack.schemes["household"].on(FIRST_DAY - datetime.timedelta(days=1)) is None


def test_every_text_stands_in_both_languages(pack: loader.Pack, items: tuple[Item, ...]) -> None:
    scheme = pack.schemes["household"].latest
    texts = [item.title for item in items] + [item.description for item in items]
    texts += [section.title for section in scheme.sections] + [outcome.title for outcome in scheme.outcomes]
    assert scheme.levels is not None
    texts += [step.level for step in scheme.levels.steps]
    assert [text for text in texts if text is None or not (text.zh and text.en)] == []


def test_every_rule_says_where_it_comes_from(pack: loader.Pack, items: tuple[Item, ...]) -> None:
    rules = [*items, *pack.schemes["household"].latest.outcomes]
    assert [
        rule.id for rule in rules if not (rule.reference and rule.reference.zh and rule.reference.en)
    ] == []


def test_figures_that_the_county_did_not_publish_are_said_to_be_set(items: tuple[Item, ...]) -> None:
    for item in items:
        assert item.reference is not None
        assert "未载明" in item.reference.zh, item.id


def test_law_guard_has_nothing_against_it(pack: loader.Pack) -> None:
    assert guard.check(pack.schemes["household"].latest) == []


def test_every_form_of_points_is_used(items: tuple[Item, ...]) -> None:
    used = {type(item.points) for item in items if item.points is not None}
    assert used == {Fixed, Each, Grades, Ladder, Bands, Between}
    assert any(isinstance(item.points, Each) and item.points.per_member for item in items)


def test_what_money_or_titles_bring_cannot_be_spent(items: tuple[Item, ...]) -> None:
    assert {item.id for item in items if item.kind == Kind.MERIT and not item.spendable} == {
        "donation",
        "honours",
    }
    assert all(item.spendable for item in items if item.kind == Kind.FAULT)


def test_faults_are_told_and_never_claimed_by_the_household(items: tuple[Item, ...]) -> None:
    for item in items:
        if item.kind in (Kind.FAULT, Kind.VETO):
            assert item.notify, item.id
            assert "self" not in item.claim, item.id


def test_vetoes_only_close_a_quarter_and_awards(items: tuple[Item, ...]) -> None:
    for item in items:
        if item.effect is not None:
            assert item.effect.zero == "quarter"
            assert item.effect.bar == ("awards",)


def test_nobodys_words_mean_two_items(items: tuple[Item, ...]) -> None:
    words = Counter(word for item in items for word in (item.title.zh, *item.aliases))
    assert [word for word, times in words.items() if times > 1] == []


@pytest.mark.parametrize(
    ("words", "item_id"),
    [
        ("志愿服务", "volunteering"),
        ("参加志愿服务", "volunteering"),
        ("调解邻里纠纷", "mediation"),
        ("参加村民会议", "village-meeting"),
        ("清扫公共卫生", "public-cleaning"),
        ("乱倒垃圾", "littering"),
        ("义务劳动", "voluntary-labour"),
        ("打扫卫生", "public-cleaning"),
        ("积极参加志愿服务活动", "volunteering"),
    ],
)
def test_peoples_words_find_the_item(items: tuple[Item, ...], words: str, item_id: str) -> None:
    matched = matcher(items).match(words)
    assert matched is not None
    assert matched.id == item_id


def test_every_alias_is_understood_on_a_claim_sheet(items: tuple[Item, ...]) -> None:
    reader = matcher(items)
    for item in items:
        for words in (item.title.zh, *item.aliases):
            matched = reader.match(words)
            assert matched is not None, words
            assert matched.id == item.id, words


def matcher(items: tuple[Item, ...]) -> ItemMatcher:
    return ItemMatcher([ItemName(item.id, item.title.zh, item.aliases) for item in items])
