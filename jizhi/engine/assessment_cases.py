"""A pack's cases for assessments: ratings as a clerk writes them down, and what must come out.

They stand in `tests/assessments/*.yaml` of the pack and look like those of schemes, with `assessment:` and `ratings:`.
Failures have the shape of those in `cases.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from jizhi.engine import assessments, assessments_files, cases, files, reading
from jizhi.engine.assessment import rounds
from jizhi.engine.assessment.rows import Rating, Settled
from jizhi.engine.assessment.settle import NotInForce, settle
from jizhi.engine.assessment.versions import Versions
from jizhi.engine.document.problem import DocumentError, Problem, nearest
from jizhi.engine.document.text import Text
from jizhi.engine.tables import Subject

KEYS = ("name", "assessment", "period", "input", "output")
COLUMNS = {
    "subjects": ("subject", "group", "class", "size", "from_date", "to_date"),
    "ratings": (*assessments_files.RATING_COLUMNS, *assessments_files.OPTIONAL),
}
EXPECTED = (
    *("total", "rank", "grade", "vetoed", "bonus", "penalty", "decision", "reason"),
    *("parts", "scores", "outcomes", "missing"),
)
EVALUATOR = "assessment"


@dataclass(frozen=True)
class Case:
    """One case as written."""

    name: str
    file: str
    line: int
    versions: Versions
    period: str
    subjects: list[Subject]
    ratings: list[Rating]
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


def of_pack(path: Path) -> list[Case]:
    """Every case for the assessments of the pack in that folder."""
    known = assessments.load_folder(path / "assessments")
    folder = path / "tests" / "assessments"
    return [case for file in sorted(folder.glob("*.yaml")) for case in of_file(file, known)]


def of_file(file: Path, known: Mapping[str, Versions]) -> list[Case]:
    """The cases of one file; DocumentError when they cannot be understood."""
    source = reading.read(file)
    if not isinstance(source.plain, list):
        raise _problem(file, 1, "应为一列用例", "expected a list of cases")
    return [_case(file, source.line((place,)), row, known) for place, row in enumerate(source.plain)]


def _problem(file: Path, line: int, zh: str, en: str, found: str = "", near: str = "") -> DocumentError:
    return DocumentError(
        [Problem("case", "error", Text(zh=zh, en=en), str(file), line, found=found, nearest=near)]
    )


def _case(file: Path, line: int, row: Any, known: Mapping[str, Versions]) -> Case:
    if not isinstance(row, dict) or not {"assessment", "period", "input", "output"} <= set(row):
        zh, en = (
            "用例要有 assessment、period、input、output",
            "a case has assessment, period, input and output",
        )
        raise _problem(file, line, zh, en)
    _check_names(file, line, row, KEYS, "键", "key")
    name = str(row["assessment"])
    if name not in known:
        raise _problem(file, line, "没有这个考核", "no such assessment", name, nearest(name, known))
    versions, period = known[name], str(row["period"])
    try:
        rounds.parse(versions.latest, period)
    except rounds.UnknownPeriod as error:
        said = error.text
        raise _problem(file, line, f"期间不对：{said.zh}", f"the period is not right: {said.en}") from error
    subjects, ratings = _input(file, line, row["input"])
    return Case(
        str(row.get("name", f"line {line}")),
        str(file),
        line,
        versions,
        period,
        subjects,
        ratings,
        _output(file, line, row["output"]),
    )


def _check_names(file: Path, line: int, found: Iterable[str], names: Iterable[str], zh: str, en: str) -> None:
    known = list(names)
    for name in found:
        if name not in known:
            raise _problem(file, line, f"不认识的{zh}", f"unknown {en}", name, nearest(name, known))


def _output(file: Path, line: int, output: Any) -> dict[str, dict[str, Any]]:
    if (
        not isinstance(output, dict)
        or not output
        or not all(isinstance(one, dict) for one in output.values())
    ):
        zh, en = "output 应为 {对象: {结果: 值}}", "output is {subject: {result: value}}"
        raise _problem(file, line, zh, en, str(output))
    for subject, values in output.items():
        if subject != "rejected":
            _check_names(file, line, values, EXPECTED, "结果", "result")
            for name in ("parts", "scores"):
                if not isinstance(values.get(name, {}), dict):
                    raise _problem(file, line, f"{name} 应为 {{编号: 分数}}", f"{name} is {{id: points}}")
    return output


def _input(file: Path, line: int, plain: Any) -> tuple[list[Subject], list[Rating]]:
    if not isinstance(plain, dict) or "ratings" not in plain:
        zh, en = "input 应有 ratings，可有 subjects", "input has ratings, and may have subjects"
        raise _problem(file, line, zh, en, str(plain))
    _check_names(file, line, plain, COLUMNS, "键", "key")
    try:
        rows = {name: list(cases.table(str(plain.get(name) or ""))) for name in COLUMNS}
        for name, found in rows.items():
            _check_names(file, line, (key for row in found for key in row), COLUMNS[name], "列", "column")
        ratings = [assessments_files.rating(place, row) for place, row in enumerate(rows["ratings"], 1)]
        subjects = [files.subject(row) for row in rows["subjects"]]
    except files.UnusableRow as error:
        raise _problem(file, line, f"输入不对：{error}", f"the input is not right: {error}") from error
    named = {subject.subject for subject in subjects}
    more = dict.fromkeys(row.subject for row in ratings if row.subject not in named)
    return subjects + ([] if subjects else [Subject(name) for name in more]), ratings


def run(case: Case) -> list[Failure]:
    """What comes out otherwise than expected, refused rows that nobody expected included."""
    try:
        settled = settle(case.versions, case.subjects, case.ratings, case.period)
    except NotInForce as error:
        return [Failure(case, EVALUATOR, "-", "period", case.period, str(error))]
    failures = list(_refusals(case, settled))
    for subject, expected in case.output.items():
        if subject == "rejected":
            continue
        found = found_values(case, settled, subject)
        for name, value in _flat(expected):
            if not _same(value, found.get(name, "")):
                failures.append(
                    Failure(case, EVALUATOR, subject, name, _shown(value), found.get(name, "") or "-")
                )
    return failures


def _refusals(case: Case, settled: Settled) -> Iterator[Failure]:
    """`rejected: {3: reason}` names every refused row by its place, with a part of its reason."""
    expected = {str(line): str(words or "") for line, words in case.output.get("rejected", {}).items()}
    found = {str(row.line): row.reason for row in settled.rejected}
    for line in sorted({*expected, *found}, key=int):
        if line not in found:
            yield Failure(case, EVALUATOR, f"row {line}", "rejected", expected[line] or "refused", "-")
        elif line not in expected or expected[line] not in found[line]:
            yield Failure(case, EVALUATOR, f"row {line}", "rejected", expected.get(line, "-"), found[line])


def _flat(expected: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in expected.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{key}", inner) for key, inner in value.items())
        else:
            yield name, value


def found_values(case: Case, settled: Settled, subject: str) -> dict[str, str]:
    """Every value that a case may ask for, as text."""
    places = case.versions.latest.unit.places

    def points(hundredths: int | None) -> str:
        return "" if hundredths is None else files.decimal(hundredths, places)

    label = case.period
    found = {
        "outcomes": " ".join(
            one.outcome for one in settled.outcomes if (one.subject, one.period) == (subject, label)
        ),
        "missing": " ".join(
            dict.fromkeys(
                ".".join(part for part in (one.indicator or one.reason, one.rater_group) if part)
                for one in settled.missing
                if one.subject == subject
            )
        ),
    }
    for one in settled.results:
        if (one.subject, one.period) == (subject, label):
            found |= {name: points(getattr(one, name)) for name in ("total", "bonus", "penalty")}
            found |= {name: getattr(one, name) for name in ("grade", "decision", "reason")}
            found |= {"rank": "" if one.rank is None else str(one.rank), "vetoed": str(one.vetoed).lower()}
            found |= {f"parts.{name}": points(amount) for name, amount in one.parts}
    for score in settled.scores:
        if (score.subject, score.period) == (subject, label):
            found[f"scores.{score.indicator}"] = points(score.score)
    return found


def _shown(value: Any) -> str:
    return "-" if value is None else str(value)


def _same(expected: Any, found: str) -> bool:
    if isinstance(expected, list):
        return sorted(str(one) for one in expected) == sorted(one for one in found.split(" ") if one)
    if expected is None:
        return not found
    try:
        return Decimal(str(expected)) == Decimal(found)
    except InvalidOperation:
        return str(expected).strip().lower() == found.lower()
