"""Every example of the language, settled by every evaluator: tables in, tables out. The examples are in `features/`.

Numbers in them were worked out by hand from the rules; an evaluator that disagrees is wrong until shown otherwise.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import get_args

import pytest
import yaml

from jizhi.engine import features, files
from jizhi.engine.document.base import Model
from jizhi.engine.document.problem import DocumentError
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.features import Example, Table
from jizhi.engine.loader import Versions
from jizhi.engine.tables import Rejected, Result
from tests.engine.spec.evaluators import EVALUATORS

PLACE = Path(__file__).parent / "features"
FEATURES = features.load(PLACE)
EXAMPLES = {
    f"{name}-{number}": feature.completed(example)
    for name, feature in FEATURES.items()
    for number, example in enumerate(feature.examples, 1)
}
SETTLED = {name: example for name, example in EXAMPLES.items() if not example.problems}
MISTAKEN = {name: example for name, example in EXAMPLES.items() if example.problems}


@pytest.mark.parametrize("evaluator", EVALUATORS)
@pytest.mark.parametrize("example", SETTLED.values(), ids=SETTLED)
def test_example(example: Example, evaluator: str, tmp_path: Path) -> None:
    versions = example.load()
    result, rejected = settled(example, versions, evaluator, tmp_path)
    places = versions.latest.unit.places
    found = {
        "awards": [texts(row, places) for row in result.awards],
        "totals": [texts(row, places) for row in result.totals],
        "outcomes": [texts(row, places) for row in result.outcomes],
        "shares": [texts(row, places) for row in result.shares],
        "rejected": [texts(row, places) for row in rejected],
    }
    if example.periods:
        assert sorted({row["period"] for row in found["totals"]}) == sorted(example.periods.split())
    for name, table in example.outputs():
        assert shown(found[name], table, name) == [list(row) for row in table.rows], name
    if not example.rejected:
        assert rejected == []


@pytest.mark.parametrize("example", MISTAKEN.values(), ids=MISTAKEN)
def test_a_mistake_is_told(example: Example) -> None:
    with pytest.raises(DocumentError) as told:
        example.load()
    found = [[str(getattr(one, name)) for name in example.problems.columns] for one in told.value.problems]
    assert found == [list(row) for row in example.problems.rows]


def settled(
    example: Example, versions: Versions, evaluator: str, folder: Path
) -> tuple[Result, list[Rejected]]:
    """The result by way of files, as the command reads them, so that a refused row has the line of its file."""
    subjects, facts = folder / "subjects.csv", folder / "facts.csv"
    write(subjects, example.subjects.completed(group="1"))
    first = example.subjects.rows[0][example.subjects.columns.index("subject")]
    write(facts, example.facts.numbered().completed(subject=first, item="", date=""))
    rows = files.read(subjects, facts)
    result = EVALUATORS[evaluator](
        versions, rows.subjects, rows.facts, example.from_, example.to, pool=example.pool
    )
    return result, rows.lined(result)


def write(path: Path, table: Table) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([table.columns, *table.rows])


def texts(row: object, places: int) -> dict[str, str]:
    """A result row as its file would show it."""
    return {name: text(name, getattr(row, name), places) for name in row.__slots__}  # type: ignore[attr-defined]


def text(name: str, value: object, places: int) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if name in files.POINTS and isinstance(value, int):
        return files.decimal(value, places)
    return str(value)


def shown(rows: list[dict[str, str]], table: Table, name: str) -> list[list[str]]:
    """The columns and, of totals, the periods that an example names; of a reason as much as it says."""
    if name == "totals":
        periods = {row[table.columns.index("period")] for row in table.rows}
        kinds = "period_kind" in table.columns
        rows = [
            row for row in rows if row["period"] in periods and (kinds or row["period_kind"] != "standing")
        ]
    if name == "rejected" and "reason" in table.columns:
        place = table.columns.index("reason")
        for row, expected in zip(rows, table.rows, strict=False):
            if row["reason"].startswith(expected[place]):
                row["reason"] = expected[place]
    return [[row[column] for column in table.columns] for row in rows]


def test_every_chapter_is_said_in_both_languages() -> None:
    silent = [
        f"{name}: {words.zh}"
        for name, feature in FEATURES.items()
        for words in (feature.title, feature.text, *(example.name for example in feature.examples))
        if not words.en or words.en == words.zh
    ]
    assert not silent


def test_every_example_expects_something() -> None:
    assert [name for name, one in EXAMPLES.items() if not one.periods and not list(one.outputs())] == []


def test_every_key_of_the_language_is_in_a_chapter() -> None:
    """A key that no example shows is a key that nobody can learn, and that nothing checks."""
    shown = {
        key for example in SETTLED.values() for text in sources(example) for key in keys(yaml.safe_load(text))
    }
    assert sorted(known_keys(Scheme) - SHORT - shown) == []


SHORT = {"fixed", "action", "name", "conditions"}
"""Keys that documents leave out: `points: 5`, `then: talk`, `from: {scheme: village, level: 五星}` stand for them."""


def sources(example: Example) -> list[str]:
    return [features.document(text) for text in (example.versions.values() or [example.scheme])]


def keys(value: object) -> set[str]:
    """All keys of mappings, at any depth."""
    if isinstance(value, dict):
        return {str(key) for key in value} | {key for inner in value.values() for key in keys(inner)}
    return {key for inner in value for key in keys(inner)} if isinstance(value, list) else set()


def known_keys(part: object) -> set[str]:
    """The keys of a model and of every model inside it."""
    if isinstance(part, type) and issubclass(part, Model):
        inner = {key for info in part.model_fields.values() for key in known_keys(info.annotation)}
        return inner | set(part.written_keys())
    return {key for one in get_args(part) for key in known_keys(one)}
