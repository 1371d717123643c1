"""One edit changes what it is about and not a character more; whatever the spelling, the text says what was meant."""

from __future__ import annotations

import copy
import difflib
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from jizhi.engine import editing, loader
from jizhi.engine.document.item import Item
from jizhi.engine.editing import edits, written

PACKS = Path(loader.__file__).parents[2] / "packs"
SCHEMES = sorted(PACKS.glob("*/schemes/*/*.yaml"))
BLOCK = """# head
scheme: s
items:
  # first
  - id: a   # stays
    kind: merit
    title: 甲
    points: 1
    # between
    limits:
      - points: 5
        per: month
  - id: b
    kind: merit
    title: |
      乙
      续
    points: {each: 2, per: hour}
# tail
base: 3
"""


def changed_lines(old: str, new: str) -> tuple[list[str], list[str]]:
    diff = list(difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm=""))[2:]
    return [line[1:] for line in diff if line[0] == "-"], [line[1:] for line in diff if line[0] == "+"]


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.parts[-4])
def test_saving_without_a_change_keeps_every_byte(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    scheme = loader.load_scheme(text)
    for place, item in enumerate(scheme.items):
        values = written.item(item)
        assert Item.model_validate(values) == item
        again = edits.plain(text)["items"][place]
        for key in values:
            if edits._as_read(values[key]) == again.get(key):
                assert editing.set_value(text, ("items", place, key), values[key]) == text


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.parts[-4])
def test_one_value_one_line(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    place = next(n for n, row in enumerate(edits.plain(text)["items"]) if isinstance(row.get("points"), str))
    gone, new = changed_lines(text, editing.set_value(text, ("items", place, "points"), "77"))
    assert len(gone) == len(new) == 1
    assert "points: 77" in new[0]


def test_blocks_keep_their_remarks() -> None:
    text = editing.change(BLOCK, ("items", 0), {"points": "4", "valid": "1 year"}, written.ITEM_KEYS)
    assert changed_lines(BLOCK, text) == (["    points: 1"], ["    points: 4", "    valid: 1 year"])
    assert "# stays" in text and "# between" in text and "# tail" in text
    shorter = editing.remove(text, ("items", 0, "id"))
    assert "- kind: merit" in shorter
    assert editing.remove(BLOCK, ("items", 1)).endswith("per: month\n# tail\nbase: 3\n")
    assert editing.remove(BLOCK, ("base",)).endswith("# tail\n")


def test_rows_move_past_each_other_and_headings_stay() -> None:
    text = editing.move(BLOCK, ("items",), 0, 1)
    assert [row["id"] for row in edits.plain(text)["items"]] == ["b", "a"]
    assert text.index("# first") < text.index("id: b")


def test_a_shared_passage_is_not_changed_in_secret() -> None:
    text = "scheme: s\nitems:\n  - {id: a, limits: &l [{points: 1, per: month}]}\n  - {id: b, limits: *l}\n"
    with pytest.raises(editing.Entangled):
        editing.set_value(text, ("items", 1, "limits", 0, "points"), "9")


def test_a_part_is_replaced_as_lines() -> None:
    text = editing.replace_text(BLOCK, "base", "base:\n  points: 9  # nine\n")
    assert edits.plain(text)["base"] == {"points": "9"} and "# tail" in text
    assert editing.part_text(text, "base") == "base:\n  points: 9  # nine"
    assert "base" not in edits.plain(editing.replace_text(text, "base", ""))
    added = editing.replace_text(BLOCK, "limits", "limits:\n  - {points: 1, per: day}\n")
    assert edits.plain(added)["limits"] == [{"points": "1", "per": "day"}]


def test_a_new_key_stands_where_the_language_has_it() -> None:
    text = "scheme: s\nitems:\n  - {id: a}  # one\n# what follows\noutcomes: []\n"
    keys = written.SCHEME_KEYS
    ways = [
        editing.change(text, (), {"rank": {"within": "group"}}, keys),
        editing.replace_text(text, "rank", "rank:\n  within: group  # here", keys),
    ]
    for changed in ways:
        assert list(edits.plain(changed)) == ["scheme", "items", "rank", "outcomes"]
        assert "# one\nrank:" in changed and changed.endswith("# what follows\noutcomes: []\n")
    listed = editing.insert(text, ("limits",), 0, {"points": "5", "per": "month"}, keys)
    assert list(edits.plain(listed)) == ["scheme", "limits", "items", "outcomes"]
    assert editing.replace_text(text, "rank", "", keys) == text


WORDS = st.text(alphabet="ab中#:-,[]{}'\"| 1.\n\t~é😀", max_size=6)
KEYS = st.text(alphabet="abc中", min_size=1, max_size=3)
VALUES: Any = st.recursive(
    WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
TREES = st.dictionaries(KEYS, VALUES, min_size=1, max_size=4)


def paths_of(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, one in pairs for path in [(*above, key), *paths_of(one, (*above, key))]]


@settings(max_examples=150)
@given(tree=TREES, style=st.sampled_from([True, False, None]), value=VALUES, data=st.data())
def test_any_tree_in_any_spelling(
    tree: dict[str, Any], style: bool | None, value: Any, data: st.DataObject
) -> None:
    text = yaml.safe_dump(tree, default_flow_style=style, allow_unicode=True, sort_keys=False)
    plain = edits.plain(text)
    path = data.draw(st.sampled_from(paths_of(plain)))
    wanted = copy.deepcopy(plain)
    holder = wanted
    for place in path[:-1]:
        holder = holder[place]
    holder[path[-1]] = edits._as_read(value)
    done = editing.set_value(text, path, value)
    assert edits.plain(done) == wanted
    less = editing.remove(text, path)
    assert edits.plain(less) != plain


@settings(max_examples=60)
@given(rows=st.lists(WORDS, min_size=2, max_size=5), style=st.booleans(), data=st.data())
def test_rows_in_any_order(rows: list[str], style: bool, data: st.DataObject) -> None:
    text = yaml.safe_dump({"x": rows, "y": "z"}, default_flow_style=style, allow_unicode=True)
    plain = edits.plain(text)["x"]
    old, new = (data.draw(st.integers(0, len(rows) - 1)) for _ in range(2))
    moved = edits.plain(editing.move(text, ("x",), old, new))["x"]
    row = plain.pop(old)
    plain.insert(new, row)
    assert moved == plain
    word = data.draw(WORDS)
    longer = edits.plain(editing.insert(text, ("x",), new, word))["x"]
    assert longer[new] == edits._as_read(word)
