"""The examples of the language, as what a settlement is given."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from jizhi.engine import files
from tests.engine.spark.together import Case
from tests.engine.spec.test_features import SETTLED, write


def spec_cases() -> Iterator[Case]:
    """Every example of every feature, read by way of files as its own test reads it."""
    with tempfile.TemporaryDirectory() as name:
        subjects, facts = Path(name) / "subjects.csv", Path(name) / "facts.csv"
        for example_name, example in SETTLED.items():
            write(subjects, example.subjects.completed(group="1"))
            first = example.subjects.rows[0][example.subjects.columns.index("subject")]
            write(facts, example.facts.numbered().completed(subject=first, item="", date=""))
            rows = files.read(subjects, facts)
            span = example.from_, example.to
            yield Case(example_name, example.load(), rows.subjects, rows.facts, *span, example.pool)
