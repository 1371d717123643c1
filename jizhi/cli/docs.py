"""`jizhi docs`: writes docs/generated from the code that is the truth, so prose and behaviour cannot part.

Each page is one function below; `--check` compares instead of writing. Nothing here needs a database.
"""

from __future__ import annotations

import enum
import importlib
import importlib.util
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from config import environment

PLACE = environment.CHECKOUT / "docs" / "generated"
_NOTE = "<!-- Written by `make docs` from {source}. Edit that, not this. -->\n\n"


def docs(
    check: Annotated[bool, typer.Option(help="only compare; exit 1 when a page is out of date")] = False,
) -> None:
    """生成文档 · Write docs/generated from the code."""
    outdated = [
        path for path, text in _pages() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if check:
        for path in outdated:
            print(f"{path.relative_to(environment.CHECKOUT)} is out of date: run `make docs`")
        raise typer.Exit(1 if outdated else 0)
    PLACE.mkdir(parents=True, exist_ok=True)
    for path, text in _pages():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print(f"{len(outdated)} pages written, the others were up to date")


def _pages() -> Iterator[tuple[Path, str]]:
    makers: dict[str, tuple[str, Callable[[], str]]] = {
        "stack.md": ("the import contracts in pyproject.toml", stack),
        "states.md": ("the transition tables in each app's rules.py", states),
        "permissions.md": ("jizhi/posts/rules.py", permissions),
        "language.zh.md": ("tests/engine/spec/features", lambda: manual("zh")),
        "language.en.md": ("tests/engine/spec/features", lambda: manual("en")),
    }
    makers["guard.md"] = ("jizhi/engine/guard/rules.py", law_guard)
    for name, (source, make) in makers.items():
        yield PLACE / name, _NOTE.format(source=source) + make().rstrip() + "\n"
    schemas = importlib.import_module("jizhi.engine.document.json_schema")
    for name in schemas.DOCUMENTS:
        yield PLACE / "schema" / f"{name}.schema.json", schemas.text(name)


def stack() -> str:
    """The storeys of the house and the rules beside them."""
    with (environment.CHECKOUT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    lines = ["# The stack", "", "An import may only go down.", "", "```"]
    lines += [layer.replace(" | ", "   ") for layer in contracts[0]["layers"]]
    lines += ["```", "", "Checked by import-linter:", ""]
    return "\n".join([*lines, *(f"- {contract['name'].split('. ', 1)[1]}" for contract in contracts)])


def states() -> str:
    """One diagram for each transition table."""
    parts = ["# States"]
    for app in _apps_with_rules():
        rules = importlib.import_module(f"jizhi.{app}.rules")
        for name, table in vars(rules).items():
            if name.endswith("TRANSITIONS") and isinstance(table, Mapping) and not name.startswith("_"):
                parts += [f"## {app}: {type(next(iter(table))).__name__}", _diagram(table)]
    return "\n\n".join(parts)


def _diagram(table: Mapping[Any, Any]) -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    {_word(state)}: {_word(state)} {getattr(state, 'label', '')}".rstrip() for state in table]
    lines += [f"    [*] --> {_word(next(iter(table)))}"]
    for state, targets in table.items():
        lines += [f"    {_word(state)} --> {_word(target)}" for target in sorted(targets, key=_word)]
        lines += [] if targets else [f"    {_word(state)} --> [*]"]
    return "\n".join([*lines, "```"])


def permissions() -> str:
    """Who may do what: actions down, posts across."""
    rules = importlib.import_module("jizhi.posts.rules")
    kinds = list(rules.PostKind)
    lines = ["# Permissions", "", "A post gives these rights in its own area and everything below it.", ""]
    lines += ["| action | " + " | ".join(f"{_word(kind)} {kind.label}" for kind in kinds) + " |"]
    lines += ["|---" * (len(kinds) + 1) + "|"]
    for action in rules.Action:
        allowed = rules.ALLOWED.get(action, frozenset())
        marks = " | ".join("●" if kind in allowed else " " for kind in kinds)
        lines.append(f"| {_word(action)} | {marks} |")
    return "\n".join(lines)


def manual(language: str) -> str:
    """The rules language in chapters of examples."""
    from jizhi.cli import manual as pages

    return pages.page(language)


def law_guard() -> str:
    """What the law guard refuses or warns of."""
    rules = importlib.import_module("jizhi.engine.guard.rules").RULES
    lines = [
        "# The law guard",
        "",
        "What a scheme may not do. An error is never let pass, a warning with a reason.",
    ]
    lines += ["", "| code | level | 为什么 · why | article |", "|---|---|---|---|"]
    lines += [
        f"| `{one.code}` | {one.level} | {one.why.zh}<br>{one.why.en} | {one.article} |"
        for one in rules.values()
    ]
    return "\n".join(lines)


def _apps_with_rules() -> list[str]:
    places = sorted((environment.CHECKOUT / "jizhi").glob("*/rules*"))
    return [place.parent.name for place in places if place.suffix in {".py", ""}]


def _word(member: Any) -> str:
    return str(member.value if isinstance(member, enum.Enum) else member)
