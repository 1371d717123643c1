"""The examples of the language and the cases of the packs, as what a settlement is given."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from jizhi import packs
from jizhi.engine import cases, files, loader
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


def pack_cases() -> Iterator[Case]:
    """Every case of every pack."""
    for place in sorted(Path(next(iter(packs.__path__))).iterdir()):
        if (place / "pack.yaml").exists():
            for one in cases.of_pack(loader.load_pack(place)):
                yield Case(one.name, one.versions, one.subjects, one.facts, one.start, one.end, one.pool)
