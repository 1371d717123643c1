"""The shape of the code base: nothing grows too long, every module says what it is, every app has the same files.

The numbers are those of CONTRIBUTING.md. Directions of imports are import-linter's business (`make check`).
"""

import ast
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps

from tests.house import sources

FUNCTION_LINES = 70
PRODUCTION_LINES, TEST_LINES, TEMPLATE_LINES = 400, 1000, 150
FIVE = {"apps", "services", "selectors", "models", "rules"}
ALLOWED_BESIDE = {"migrations", "management", "tasks", "locale", "__init__", "__pycache__"}


def _python() -> list[Path]:
    return [path for path in sources.files(".py") if not sources.is_migration(path)]


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_functions_are_short() -> None:
    long = []
    for path in _python():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > FUNCTION_LINES:
                    long.append(f"{sources.shown(path)}:{node.lineno} {node.name}: {length} lines")
    assert not long, f"functions over {FUNCTION_LINES} lines:\n" + "\n".join(long)


@pytest.mark.parametrize(
    ("suffixes", "tests", "most"),
    [
        ((".py", ".css", ".js", ".typ"), False, PRODUCTION_LINES),
        ((".py",), True, TEST_LINES),
        ((".html",), False, TEMPLATE_LINES),
    ],
)
def test_files_are_short(suffixes: tuple[str, ...], tests: bool, most: int) -> None:
    ours = [path for path in sources.files(*suffixes) if not sources.is_migration(path)]
    found = [path for path in ours if sources.is_test(path) == tests]
    long = [f"{sources.shown(path)}: {_lines(path)}" for path in found if _lines(path) > most]
    assert not long, f"files over {most} lines:\n" + "\n".join(long)


def test_every_module_says_what_it_is() -> None:
    silent = []
    for path in _python():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if tree.body and len(ast.get_docstring(tree) or "") < 40:
            silent.append(sources.shown(path))
    assert not silent, "modules without an opening docstring:\n" + "\n".join(silent)


@pytest.mark.parametrize("app", sources.domain_apps())
def test_every_domain_app_has_the_same_five_files(app: str) -> None:
    place = sources.ROOT / "jizhi" / app
    names = {entry.stem for entry in place.iterdir()}
    assert names >= FIVE, f"missing in {app}: {sorted(FIVE - names)}"
    assert names <= FIVE | ALLOWED_BESIDE, f"strange in {app}: {sorted(names - FIVE - ALLOWED_BESIDE)}"


def test_foreign_keys_point_down_the_stack() -> None:
    height = sources.storeys()
    upward = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            target = field.related_model
            if field.auto_created or not isinstance(target, type):
                continue
            mine, theirs = model.__module__.split("."), target.__module__.split(".")
            if mine[0] == theirs[0] == "jizhi" and height[mine[1]] < height[theirs[1]]:
                upward.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    assert not upward, "foreign keys that point up:\n" + "\n".join(upward)


def test_migrations_are_named() -> None:
    automatic = [
        sources.shown(path)
        for path in sources.files(".py")
        if sources.is_migration(path) and "_auto_" in path.name
    ]
    assert not automatic, "migrations nobody named:\n" + "\n".join(automatic)


def test_no_stray_files_at_the_root() -> None:
    expected = {
        "README.md", "README.zh-CN.md", "ARCHITECTURE.md", "GLOSSARY.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE",
        "Makefile", "manage.py", "pyproject.toml", "requirements.lock", "requirements-dev.lock",
    }  # fmt: skip
    found = {
        entry.name for entry in sources.ROOT.iterdir() if entry.is_file() and not entry.name.startswith(".")
    }
    assert not found - expected - {"uv.lock"}


def test_the_glossary_says_each_word_once() -> None:
    rows = [
        line
        for line in (sources.ROOT / "GLOSSARY.md").read_text("utf-8").splitlines()
        if line.startswith("| ")
    ]
    words = Counter(row.split("|")[1].strip() for row in rows)
    assert len(words) > 100 and not [word for word, count in words.items() if count > 1]
