"""A pack's own cases: what a clerk writes down as input and expected output, run on the reference and the batch.

Tables are written with `|` between the cells. Not a unit-test framework: a case is one period of one scheme.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from jizhi.engine import batch, files, reference, running
from jizhi.engine.document.text import Text
from jizhi.engine.loader import DocumentError, Pack, Problem, Version, Versions
from jizhi.engine.reading import nearest
from jizhi.engine.tables import Fact, Result, Subject
from jizhi.engine.windows import Calendar, Span

Settle = Callable[..., Result]
EVALUATORS: dict[str, Settle] = {
    "reference": reference.settle,
    "embedded": batch.settle,
    "incremental": running.settle,
}
KEYS = ("name", "scheme", "period", "from", "to", "pool", "input", "output")
COLUMNS = {
    "subjects": ("subject", "group", "class", "size", "from_date", "to_date"),
    "facts": ("fact", "subject", "item", "date", "quantity", "grade", "given", "act", "reversed"),
}
EXPECTED = ("base", "awarded", "total", "held_back", "rank", "level", "vetoed", "outcomes", "fen")


@dataclass(frozen=True)
class Case:
    """One case as written."""

    name: str
    file: str
    line: int
    versions: Versions
    period: Span
    kind: str
    start: dt.date
    end: dt.date
    subjects: list[Subject]
    facts: list[Fact]
    pool: int | None
    output: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Failure:
    """One value that came out otherwise."""

    case: Case
    evaluator: str
    subject: str
    name: str
    expected: str
    found: str


def of_pack(pack: Pack) -> list[Case]:
    """Every case of the pack's `tests` folder."""
    return [
        case for file in sorted((pack.path / "tests").glob("*.yaml")) for case in of_file(file, pack.schemes)
    ]


def of_file(file: Path, schemes: Mapping[str, Versions]) -> list[Case]:
    """The cases of one file; DocumentError when they cannot be understood."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _problem(file, 1, f"读不了：{error}", f"cannot be read: {error}") from error
    return of_text(text, schemes, file)


def of_text(text: str, schemes: Mapping[str, Versions], file: Path | str = "") -> list[Case]:
    """The cases of a text; none in a blank one. DocumentError when they cannot be understood."""
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        plain = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - the base loader makes text only
    except yaml.YAMLError as error:
        raise _problem(file, 1, f"读不了：{error}", f"cannot be read: {error}") from error
    if node is None:
        return []
    if not isinstance(node, yaml.SequenceNode):
        raise _problem(file, 1, "应为一列用例", "expected a list of cases")
    return [
        _case(file, child.start_mark.line + 1, row, schemes)
        for child, row in zip(node.value, plain, strict=True)
    ]


def _problem(file: Path | str, line: int, zh: str, en: str, found: str = "", near: str = "") -> DocumentError:
    return DocumentError(
        [Problem("case", "error", Text(zh=zh, en=en), str(file), line, found=found, nearest=near)]
    )


def text_for(versions: Versions, version: Version, files: Iterable[Path]) -> str:
    """The cases of one version as they are written in a pack's files: those that end while it is in force."""
    kept = []
    for file in files:
        text = file.read_text(encoding="utf-8-sig")
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        rows = yaml.load(text, Loader=yaml.CBaseLoader) or []  # noqa: S506 - as above
        if not isinstance(node, yaml.SequenceNode) or not any(_is_of(row, versions) for row in rows):
            continue
        spans = [child.start_mark.index for child in node.value]
        mine = [
            _is_of(row, versions)
            and versions.version_on(_case(file, 1, row, {versions.id: versions}).end) is version
            for row in rows
        ]
        if all(mine):
            kept.append(text.strip())
            continue
        ends = [text.rfind("\n", 0, start) + 1 for start in spans[1:]] + [len(text)]
        begins = [text.rfind("\n", 0, start) + 1 for start in spans]
        kept += [text[a:b].rstrip() for a, b, keep in zip(begins, ends, mine, strict=True) if keep]
    return "\n\n".join(kept) + "\n" if kept else ""


def _is_of(row: Any, versions: Versions) -> bool:
    return isinstance(row, dict) and row.get("scheme") == versions.id


def _case(file: Path | str, line: int, row: Any, schemes: Mapping[str, Versions]) -> Case:
    if not isinstance(row, dict) or not {"scheme", "input", "output"} <= set(row):
        raise _problem(file, line, "用例要有 scheme、input、output", "a case has scheme, input and output")
    for key in row:
        if key not in KEYS:
            raise _problem(file, line, "不认识的键", "unknown key", key, nearest(key, KEYS))
    if row["scheme"] not in schemes:
        raise _problem(
            file, line, "没有这个细则", "no such scheme", row["scheme"], nearest(row["scheme"], schemes)
        )
    versions = schemes[row["scheme"]]
    calendar = Calendar.of(versions.latest)
    label, _, kind = str(row.get("period", "")).partition(" ")
    try:
        period = calendar.parse(label) if label else None
        start = dt.date.fromisoformat(row["from"]) if "from" in row else period.start if period else None
        end = dt.date.fromisoformat(row["to"]) if "to" in row else period.end if period else None
    except ValueError as error:
        raise _problem(file, line, "期间或日期不对", "period or day is not right", str(error)) from error
    if start is None or end is None:
        raise _problem(file, line, "用例要有 period，或 from 与 to", "a case has a period, or from and to")
    period = period or calendar.span("year", end)
    subjects, facts = _input(file, line, row["input"] or {})
    output = row["output"]
    if (
        not isinstance(output, dict)
        or not output
        or not all(isinstance(one, dict) for one in output.values())
    ):
        zh, en = "output 应为 {对象: {结果: 值}}", "output is {subject: {result: value}}"
        raise _problem(file, line, zh, en, str(output))
    for values in output.values():
        for key in values:
            if key not in EXPECTED:
                raise _problem(file, line, "不认识的结果", "unknown result", key, nearest(key, EXPECTED))
    pool = row.get("pool") or None
    if pool is not None and not str(pool).isdecimal():
        raise _problem(file, line, "pool 应为整数（分）", "pool is a whole number of fen", str(pool))
    name = str(row.get("name", f"line {line}"))
    return Case(
        name,
        str(file),
        line,
        versions,
        period,
        kind or period.kind,
        start,
        end,
        subjects,
        facts,
        None if pool is None else int(pool),
        output,
    )


def table(text: str) -> Iterator[dict[str, str]]:
    """The rows of a table written with `|`; a line of dashes under the header is passed over."""
    rows = [cells(line.strip()) for line in text.splitlines() if line.strip()]
    for row in rows[1:]:
        if not all(cell and set(cell) <= set("-:") for cell in row):
            if len(row) > len(rows[0]):
                raise ValueError(f"more cells than columns: {' | '.join(row)}")
            yield dict(zip(rows[0], row, strict=False))


def cells(line: str) -> list[str]:
    """The cells of one line of a table."""
    if line.startswith("|"):
        line = line[1:].removesuffix("|")
    return [cell.strip() for cell in line.split("|")]


def _input(file: Path | str, line: int, plain: Any) -> tuple[list[Subject], list[Fact]]:
    def rows(name: str) -> list[dict[str, str]]:
        given = plain.get(name) or ""
        if isinstance(given, dict) or (
            isinstance(given, list) and not all(isinstance(one, dict) for one in given)
        ):
            raise ValueError(f"{name}: a table, or a list of rows")
        found = list(given) if isinstance(given, list) else list(table(given))
        for key in (key for row in found for key in row):
            if key not in COLUMNS[name]:
                raise _problem(file, line, "不认识的列", "unknown column", key, nearest(key, COLUMNS[name]))
        return [{key: str(cell) for key, cell in row.items()} for row in found]

    if not isinstance(plain, dict):
        zh, en = "input 应有 facts，可有 subjects", "input has facts, and may have subjects"
        raise _problem(file, line, zh, en, str(plain))
    for key in plain:
        if key not in COLUMNS:
            raise _problem(file, line, "不认识的键", "unknown key", key, nearest(key, COLUMNS))
    try:
        facts = [files.fact({"fact": str(place), **row}) for place, row in enumerate(rows("facts"), 1)]
        subjects = [files.subject(row) for row in rows("subjects")]
    except DocumentError:
        raise
    except ValueError as error:
        raise _problem(file, line, f"输入不对：{error}", f"the input is not right: {error}") from error
    named = {subject.subject for subject in subjects}
    more = dict.fromkeys(fact.subject for fact in facts if fact.subject not in named)
    return subjects + [Subject(name, "", "", 1) for name in more], facts


def run(case: Case, evaluator: str) -> list[Failure]:
    """What comes out otherwise than expected."""
    result = EVALUATORS[evaluator](
        case.versions, case.subjects, case.facts, case.start, case.end, pool=case.pool
    )
    return failures(case, result, evaluator)


def failures(case: Case, result: Result, evaluator: str) -> list[Failure]:
    """What a settlement gives otherwise than the case expects."""
    places = case.versions.latest.unit.places
    wrong = [
        Failure(case, evaluator, f"fact {row.line}", "rejected", "-", row.reason)
        for row in result.rejected
        if str(row.line) not in case.output.get("rejected", {})
    ]
    for subject, expected in case.output.items():
        found = _found(case, result, subject, places)
        for name, value in expected.items():
            if not _same(value, found.get(name, "")):
                wrong.append(Failure(case, evaluator, subject, name, str(value), found.get(name, "-")))
    return wrong


def _same(expected: Any, found: str) -> bool:
    if isinstance(expected, list):
        return sorted(str(one) for one in expected) == sorted(one for one in found.split(" ") if one)
    try:
        return Decimal(str(expected)) == Decimal(found)
    except InvalidOperation:
        return str(expected).strip().lower() == found.lower()


def _found(case: Case, result: Result, subject: str, places: int) -> dict[str, str]:
    """Every value that a case may ask for, as text."""
    held = sum(
        award.held_back
        for award in result.awards
        if award.subject == subject and case.period.holds(award.date)
    )
    found = {"held_back": files.decimal(held, places)}
    found["outcomes"] = " ".join(
        one.outcome for one in result.outcomes if one.subject == subject and one.period == case.period.label
    )
    for share in result.shares:
        if share.subject == subject and share.period == case.period.label:
            found["fen"] = str(share.fen)
    for total in result.totals:
        if (total.subject, total.period_kind, total.period) == (subject, case.kind, case.period.label):
            found |= {
                name: files.decimal(getattr(total, name), places) for name in ("base", "awarded", "total")
            }
            found |= {"rank": str(total.rank), "level": total.level, "vetoed": str(total.vetoed).lower()}
    return found
