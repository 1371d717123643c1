"""The published JSON Schemas: they accept what the loader accepts, and refuse unknown keys, names and forms.

YAML is read here as editors read it (version 1.2: no dates, no numbers in base sixty), not as the loader does.
"""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

import jizhi
from jizhi.engine import assessments, checking, features, loader, stars
from jizhi.engine.document import json_schema
from jizhi.engine.document.problem import DocumentError
from tests.engine import test_loader_spellings as spellings
from tests.engine.pay.star_documents import WHOLE as STARS
from tests.engine.test_loader import WHOLE as SCHEME
from tests.engine.test_loader_packs import ASSESSMENT, PACK

PACKS = Path(jizhi.__file__).parent / "packs"
ROOT = Path(__file__).resolve().parents[2]
PAY = "pay:\n  standard: 50580\n  base: 60%\n  performance: {share: 40%, by_level: {1: 60%, 9: 100%}}\n"
VALIDATORS = {name: Draft202012Validator(json_schema.schema(name)) for name in json_schema.DOCUMENTS}


class Editor(yaml.SafeLoader):
    """YAML 1.2 as editors resolve it."""


Editor.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    Editor.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first)


def complaints(name: str, text: str) -> list[str]:
    plain: Any = yaml.load(text, Loader=Editor)  # noqa: S506 - a safe loader
    return [one.message for one in VALIDATORS[name].iter_errors(plain)]


@pytest.mark.parametrize("name", list(json_schema.DOCUMENTS))
def test_a_schema_is_one_and_explains_every_key(name: str) -> None:
    schema = json_schema.schema(name)
    Draft202012Validator.check_schema(schema)
    unexplained = [key for key, value in _properties(schema) if "/ " not in value.get("description", "")]
    assert not unexplained
    assert len(list(_properties(schema))) > 5


def _properties(form: Any) -> list[tuple[str, Any]]:
    if isinstance(form, list):
        return [one for part in form for one in _properties(part)]
    if not isinstance(form, dict):
        return []
    own = form.get("properties", {}) if "additionalProperties" in form else {}
    inner = [one for key, part in form.items() if key != "properties" for one in _properties(part)]
    return [*own.items(), *inner, *(one for part in own.values() for one in _properties(part))]


FILES = [
    (kind, file)
    for kind, pattern in (
        ("pack", "*/pack.yaml"),
        ("scheme", "*/schemes/*/*.yaml"),
        ("assessment", "*/assessments/*/*.yaml"),
        ("stars", "*/stars/*/*.yaml"),
    )
    for file in sorted(PACKS.glob(pattern))
]


@pytest.mark.parametrize(("kind", "file"), FILES, ids=lambda one: str(getattr(one, "name", one)))
def test_the_packs_are_accepted(kind: str, file: Path) -> None:
    assert complaints(kind, file.read_text(encoding="utf-8")) == []


def _cases(test: Any) -> list[str]:
    return [str(one) for mark in test.pytestmark for one in mark.args[1]]


VALID = [
    *_cases(spellings.test_a_scheme_may_say),
    *(spellings.item(one) for one in _cases(spellings.test_an_item_may_say)),
    *(spellings.outcome(one) for one in _cases(spellings.test_an_outcome_may_say)),
]


@pytest.mark.parametrize("text", VALID)
def test_what_loads_is_accepted(text: str) -> None:
    assert complaints("scheme", f"scheme: x\n{text}\n") == []


def _chapters() -> list[str]:
    """Every scheme of the language's chapters that is in order."""
    found = []
    for feature in features.load(ROOT / "tests" / "engine" / "spec" / "features").values():
        for example in map(feature.completed, feature.examples):
            if not example.problems:
                found += [example.scheme] if example.scheme else list(example.versions.values())
    return [features.document(text) for text in dict.fromkeys(found)]


@pytest.mark.parametrize("text", _chapters())
def test_the_chapters_of_the_language_are_accepted(text: str) -> None:
    assert complaints("scheme", text) == []


def _guides() -> list[tuple[str, str]]:
    """Every whole document that a how-to shows."""
    blocks = [
        block
        for file in sorted((ROOT / "docs" / "howto").glob("write-*.md"))
        for block in re.findall(r"```yaml\n(.*?)```", file.read_text(encoding="utf-8"), re.DOTALL)
    ]
    known = [(re.match(r"\w+", block), block) for block in blocks]
    return [(found[0], block) for found, block in known if found and found[0] in json_schema.DOCUMENTS]


@pytest.mark.parametrize(
    ("kind", "text"), [*_guides(), ("stars", STARS), ("assessment", ASSESSMENT)], ids=lambda one: one[:10]
)
def test_what_the_guides_show_is_accepted(kind: str, text: str, tmp_path: Path) -> None:
    assert complaints(kind, text) == []
    file = tmp_path / "2022-03-01.yaml"
    file.write_text(text, encoding="utf-8")
    assert [one.say("en") for one in checking.problems(file) if one.level == "error"] == []


@pytest.mark.parametrize(
    ("kind", "text", "old", "new"),
    [
        ("assessment", ASSESSMENT, "mode: panel", "mode: pannel"),
        ("assessment", ASSESSMENT, "rater_groups", "rater_group"),
        ("assessment", ASSESSMENT, "grade: rest", "grad: rest"),
        ("assessment", ASSESSMENT, "full: 100, ind", "full: lots, ind"),
        ("stars", STARS, "removal:", "removals:"),
        ("stars", STARS, "ceiling: 6", "ceiling: six"),
        ("stars", STARS, "takes: all", "take: all"),
        ("stars", STARS, "per: term", "per: terms"),
        ("pack", PACK, "pack: p", "pak: p"),
        ("pack", f"{PACK}clocks: {{window_days: 10}}\n", "window_days: 10", "window_days: ten"),
        ("pay", PAY, "standard: 50580", "standerd: 50580"),
        ("pay", PAY, "base: 60%", "base: 60"),
    ],
)
def test_other_documents_are_refused_for_a_slip(kind: str, text: str, old: str, new: str) -> None:
    assert complaints(kind, text) == []
    assert old in text
    assert complaints(kind, text.replace(old, new, 1))


LOADERS = {"scheme": loader.load_scheme, "stars": stars.load, "assessment": assessments.load_assessment}
SLIPS = (
    "[]",
    "{}",
    "~",
    "-1",
    "x",
    "[1, 2]",
    "{a: 1}",
    "true",
    "1e9",
    "*a",
    "#",
    "{zh: 1}",
    "5%",
    "0",
    "\n",
    "：",
    "1 year",
)


@pytest.mark.parametrize(
    ("kind", "text"),
    [("scheme", SCHEME), ("stars", STARS), ("assessment", ASSESSMENT)],
    ids=lambda one: one[:10],
)
def test_slips_anywhere_are_told_or_accepted_by_both(kind: str, text: str) -> None:
    """No slip of the pen breaks the loader, and what it lets pass the editor lets pass too."""
    chance = random.Random(20220301)
    told, accepted = [], 0
    for _ in range(400):
        places = list(re.finditer(r"[\w.%-]+", text))
        where, other = chance.choice(places), chance.choice(places)[0]
        slip = text[: where.start()] + chance.choice([*SLIPS, other]) + text[where.end() :]
        try:
            LOADERS[kind](f"{slip}\n")
        except DocumentError as error:
            told.append(error.problems)
            continue
        accepted += 1
        assert complaints(kind, slip) == [], slip
    assert all(told)
    assert all(one.line >= 1 and one.say("zh") and one.say("en") for problems in told for one in problems)
    assert accepted > 10


# What only the loader can know: names that resolve, limits that bind, order of numbers, decimals of the unit.
BEYOND = ("duplicate", "idle", "places", "yaml")
SEEN = [
    text
    for text, _, code, found, _ in spellings.MISTAKES
    if not code.startswith(BEYOND)
    and found
    not in (
        "*a",
        "5 > 1",
        "none",
        "A",
        "五級",
        "五级",
        "month",
        "a",
        "3:5",
        "1e3",
        None,
        "times",
        "02-30",
        "kind: ruling",
        "130%",
        " ",
    )
]


@pytest.mark.parametrize("text", SEEN)
def test_what_is_misspelt_is_refused(text: str) -> None:
    assert complaints("scheme", f"scheme: x\n{text}\n")
