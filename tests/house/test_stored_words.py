"""What the system writes into a record is Chinese, whichever language the desk is read in.

A source text is Chinese already, so it is marked with `N_` and kept; `gettext` would keep the language of whoever
clicked. Messages to households are lazy and stored in both languages by `people.services.messages`. A name is followed
to what its function assigned to it; into records go the arguments that are called like a field of words, what services
are given without a name, and what helpers that only write are given.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import jizhi

KEPT = {
    "answer", "contact", "fault", "grounds", "minutes", "note", "place", "reason", "relation", "summary", "words",
}  # fmt: skip
WRITERS = {"_end", "_fail", "Source", "Draft"}  # what takes the words without a name, and keeps them
SHOWN = {"PlannedBoundary"}  # what a page says before anything is written
TAKING = {
    "needed": 1,
    "in_both": 0,
}  # how many arguments come back: the other is raised, or said in both languages
ROOT = Path(jizhi.__file__).parent
FILES = sorted(
    path
    for path in ROOT.rglob("*.py")
    if {"services", "views"} & set(path.relative_to(ROOT).parts) or path.name in {"services.py", "sources.py"}
)
Words = tuple[int, str, ast.AST]


def _imported(tree: ast.Module, which: str) -> set[str]:
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if (alias.name == which if which == "services" else node.module == which and "gettext" in alias.name)
    }


def _translates(value: ast.AST, translators: set[str], assigned: dict[str, list[ast.AST]]) -> bool:
    """Whether a value, or what was assigned to a name in it, is put into the reader's language."""
    todo, seen = [value], set[str]()
    while todo:
        for one in _said(todo.pop()):
            if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in translators:
                return True
            if isinstance(one, ast.Name) and one.id not in seen:
                seen.add(one.id)
                todo += assigned.get(one.id, [])
    return False


def _name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def _said(value: ast.AST) -> Iterator[ast.AST]:
    """The parts of a value, without what a call within it does not give back."""
    yield value
    taking = TAKING.get(_name(value.func)) if isinstance(value, ast.Call) else None
    parts = ast.iter_child_nodes(value) if taking is None else value.args[:taking]  # type: ignore[attr-defined]
    for one in parts:
        yield from _said(one)


def _targets(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """What is assigned to what; of a tuple each to its own where both are written out."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if not isinstance(target, ast.Tuple):
                yield target, node.value
            elif isinstance(node.value, ast.Tuple) and len(node.value.elts) == len(target.elts):
                yield from zip(target.elts, node.value.elts, strict=True)
            else:
                yield from ((one, node.value) for one in target.elts)
    if isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value is not None:
        yield node.target, node.value


def _kept(scope: ast.AST, services: set[str]) -> Iterator[Words]:
    """Arguments and attributes that stay in a record; what is raised does not."""
    raised = {id(one) for node in ast.walk(scope) if isinstance(node, ast.Raise) for one in ast.walk(node)}
    for node in ast.walk(scope):
        if id(node) in raised or (isinstance(node, ast.Call) and _name(node.func) in SHOWN):
            continue
        if isinstance(node, ast.Call):
            yield from ((node.lineno, str(one.arg), one.value) for one in node.keywords if one.arg in KEPT)
            if _writes(node.func, services):
                yield from ((node.lineno, ast.unparse(node.func), one) for one in node.args)
        for target, value in _targets(node):
            if isinstance(target, ast.Attribute) and target.attr in KEPT:
                yield node.lineno, target.attr, value  # type: ignore[attr-defined]


def _writes(func: ast.expr, services: set[str]) -> bool:
    if isinstance(func, ast.Name):
        return func.id in WRITERS
    return isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id in services


def translated(source: str) -> list[tuple[int, str]]:
    """Line and name of each word that is kept in the reader's language."""
    tree = ast.parse(source)
    translators, services = _imported(tree, "django.utils.translation"), _imported(tree, "services")
    functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
    found = set()
    for scope in [tree, *functions]:
        assigned: dict[str, list[ast.AST]] = {}
        for node in ast.walk(scope) if scope is not tree else ():
            for target, value in _targets(node):
                if isinstance(target, ast.Name):
                    assigned.setdefault(target.id, []).append(value)
        found |= {
            (line, name)
            for line, name, value in _kept(scope, services)
            if _translates(value, translators, assigned)
        }
    return sorted(found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_translated_words_are_kept(path: Path) -> None:
    found = translated(path.read_text("utf-8"))
    assert not found, f"mark with N_ instead: {found}"


BEGINNING = """
from django.utils.translation import gettext as _
from jizhi.people import services
"""


@pytest.mark.parametrize(
    "lines",
    [
        ["services.receive(contact=_('手机消息'))"],
        ["services.create(member('王', 1), services.Member('王', _('户主')))"],
        ["why = _('到期')", "services.end(row=row, reason=why)"],
        ["why, other = _('到期'), 1", "services.end(row=row, reason=f'{why}。')"],
        ["if (why := _('到期')):", "    row.reason = why"],
        ["_end(row, day, _('到期'))"],
        ["row.note, row.day = _('到期'), day"],
    ],
)
def test_a_way_of_keeping_is_seen(lines: list[str]) -> None:
    body = "\n".join(f"    {line}" for line in lines)
    assert translated(f"{BEGINNING}\ndef f():\n{body}\n")


@pytest.mark.parametrize(
    "lines",
    [
        ["services.receive(contact=N_('手机消息'))"],
        ["why = _('到期')", "raise Refused(why, place=_('哪里'))"],
        ["words = steps.needed(words, _('请写明'))", "row.words = words"],
        ["title = _('到期')", "done(request, title, services.end(row=row))"],
        ["why, other = N_('到期'), _('完成')", "row.reason = why"],
    ],
)
def test_what_is_not_kept_is_left_alone(lines: list[str]) -> None:
    body = "\n".join(f"    {line}" for line in lines)
    assert not translated(f"{BEGINNING}\ndef f():\n{body}\n")
