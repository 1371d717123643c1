"""The files of the code base, for the house tests: what is ours, and what is only carried along.

Knows directories, not rules; the rules stand in the tests.
"""

from __future__ import annotations

import functools
import os
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FOREIGN = {".git", ".venv", "vendor", "node_modules", "build", "__pycache__", "fonts"}


@functools.cache
def files(*suffixes: str) -> tuple[Path, ...]:
    """Our own files with one of these suffixes, sorted; caches, data and vendored files left out."""
    found = []
    for place, directories, names in os.walk(ROOT):
        directories[:] = sorted(d for d in directories if not _left_out(d))
        found += [Path(place) / name for name in sorted(names) if name.endswith(suffixes)]
    return tuple(found)


def _left_out(directory: str) -> bool:
    hidden = directory.startswith(".") and directory != ".ci"
    return hidden or directory in _FOREIGN or directory.endswith(".egg-info")


def is_test(path: Path) -> bool:
    """Whether the file belongs to the tests."""
    return path.relative_to(ROOT).parts[0] == "tests"


def is_migration(path: Path) -> bool:
    """Whether Django wrote most of the file."""
    return "migrations" in path.parts


def shown(path: Path) -> str:
    """The path as a reader knows it."""
    return str(path.relative_to(ROOT))


@functools.cache
def contracts() -> tuple[dict[str, object], ...]:
    """The import contracts of pyproject.toml."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tuple(tomllib.load(file)["tool"]["importlinter"]["contracts"])


@functools.cache
def storeys() -> dict[str, int]:
    """How high each package of jizhi stands: a larger number may import a smaller one."""
    layers = contracts()[0]["layers"]
    assert isinstance(layers, list)
    return {
        name.strip(" ()"): height
        for height, layer in enumerate(reversed(layers))
        for name in layer.split("|")
    }


@functools.cache
def domain_apps() -> tuple[str, ...]:
    """The apps that have the five files, from the second contract."""
    containers = contracts()[1]["containers"]
    assert isinstance(containers, list)
    return tuple(name.removeprefix("jizhi.") for name in containers)
