"""Why a subject has its total in a round: from the sum over parts down to each line, group, rating and reference.

Built from the sheet that was scored; every sum is checked against its parts before it is shown. Chinese and English,
as data for JSON and as text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jizhi.engine.assessment import rounds, words
from jizhi.engine.assessment.rows import Rating, Result, Settled
from jizhi.engine.assessment.settle import governing, settle, settle_round
from jizhi.engine.assessment.sheet import Sheet, SheetLine, StepLine
from jizhi.engine.assessment.versions import Versions
from jizhi.engine.document.assessment.assessment import BONUS, PENALTY, Assessment
from jizhi.engine.document.assessment.indicator import Mode
from jizhi.engine.document.assessment.rater import SELF
from jizhi.engine.tables import Subject


class UnsoundExplanation(AssertionError):
    """Parts that do not add up to their whole: never expected, never shown."""


class UnknownSubject(rounds.Unanswerable):
    """A subject that has no sheet in the round."""


def as_data(
    versions: Versions,
    subjects: Iterable[Subject],
    ratings: Iterable[Rating],
    period: str,
    subject: str,
    language: str = "zh",
) -> dict[str, Any]:
    """The whole reasoning for JSON, points as decimals in text; for a year, its rounds one by one."""
    people, rows = list(subjects), list(ratings)
    span = rounds.parse(versions.latest, period)
    document = governing(versions, span)
    settled = settle(versions, people, rows, period)
    result = next(
        (one for one in settled.results if (one.subject, one.period) == (subject, span.label)), None
    )
    if result is None:
        raise UnknownSubject(f"{subject}：{period} 没有考核表", f"{subject}: no sheet in {period}")
    found: dict[str, Any] = {
        "assessment": document.id,
        "title": document.title.say(language),
        "subject": subject,
        "group": result.group,
        "period": span.label,
    }
    if span.kind == document.round:
        found |= _sheet(
            document, people, [row for row in rows if row.period in ("", span.label)], result, language
        )
    else:
        found["by"] = document.appraise.by if document.appraise else ""
        found["rounds"] = [
            _of_year(versions, people, rows, one, language)
            for one in settled.results
            if one.subject == subject and one.period_kind == document.round
        ]
    return found | _outcome(document, settled, result, language)


def _outcome(document: Assessment, settled: Settled, result: Result, language: str) -> dict[str, Any]:
    """Total, rank, grade and what follows."""
    grades = document.grades_of(result.period_kind)
    titles = {step.grade: step.title.say(language) for step in grades.steps} if grades else {}
    return {
        "total": _points(result.total),
        "rank": result.rank,
        "grade": result.grade,
        "grade_title": titles.get(result.grade, result.grade),
        "decision": result.decision,
        "reason": result.reason,
        "missing": [
            {
                "period": one.period,
                "indicator": one.indicator,
                "rater_group": one.rater_group,
                "reason": one.reason,
            }
            for one in settled.missing
            if one.subject == result.subject
        ],
        "outcomes": [
            {"outcome": one.outcome, "title": one.title, "reason": one.reason}
            for one in settled.outcomes
            if (one.subject, one.period) == (result.subject, result.period)
        ],
    }


def _of_year(
    versions: Versions, people: list[Subject], rows: list[Rating], result: Result, language: str
) -> dict[str, Any]:
    """The sheet of one of a year's rounds."""
    document = governing(versions, rounds.parse(versions.latest, result.period))
    own = [row for row in rows if row.period == result.period]
    return _sheet(document, people, own, result, language) | {"period": result.period}


def _sheet(
    document: Assessment, people: list[Subject], rows: list[Rating], result: Result, language: str
) -> dict[str, Any]:
    """One round's sheet: parts and lists with their lines."""
    span = rounds.parse(document, result.period)
    known: dict[str, Subject] = {}
    for one in people:
        known.setdefault(one.subject, one)
    sheet = settle_round(document, known, rows, span).sheets[result.subject]
    check(document, sheet)
    chapters: list[tuple[str, str, int | None, int]] = [
        (part.id, part.title.say(language), part.full, sheet.parts[part.id]) for part in document.parts
    ]
    english = language.startswith("en")
    for name, extras, points, title in (
        (BONUS, document.bonus, sheet.bonus, "Bonus" if english else "加分"),
        (PENALTY, document.penalty, sheet.penalty, "Penalty" if english else "扣分"),
    ):
        if extras is not None:
            said = extras.title.say(language) if extras.title else title
            chapters.append((name, said, extras.limit, points))
    return {
        "parts": [
            {
                "part": name,
                "title": title,
                "full": _points(full),
                "points": _points(points),
                "lines": [_line(document, one, language) for one in sheet.lines if one.line.part == name],
            }
            for name, title, full, points in chapters
        ],
        "vetoes": list(sheet.vetoes),
        "total": _points(sheet.total),
    }


def check(document: Assessment, sheet: Sheet) -> None:
    """Raises UnsoundExplanation when lines, parts and total do not add up."""
    zeroed = {document.lines[veto].indicator.effect for veto in sheet.vetoes}
    wiped = {effect.zero for effect in zeroed if effect}
    for name, points in {**sheet.parts, BONUS: sheet.bonus, PENALTY: sheet.penalty}.items():
        whole = sum(one.score or 0 for one in sheet.lines if one.line.part == name)
        extras = {BONUS: document.bonus, PENALTY: document.penalty}.get(name)
        if extras and extras.limit is not None:
            whole = min(whole, extras.limit)
        if points != (0 if name in wiped else whole):
            raise UnsoundExplanation(f"{sheet.subject.subject} {name}: {points} is not {whole}")
    if sheet.total is None or wiped & {"total", "year"}:
        return
    total = sum(sheet.parts.values()) + sheet.bonus - sheet.penalty
    low, high = document.range.min, document.range.max
    bounded = min(max(total, total if low is None else low), max(total, 0) if high is None else high)
    if sheet.total not in (total, bounded):
        raise UnsoundExplanation(f"{sheet.subject.subject}: {sheet.total} is not {total}")


def _line(document: Assessment, one: SheetLine, language: str) -> dict[str, Any]:
    indicator = one.line.indicator
    decided = one.decision is not None and one.decision.value is not None
    steps = [*([one.own] if one.own else []), *one.reviews, *([one.rated] if one.rated else [])]
    return {
        "indicator": indicator.id,
        "title": indicator.title.say(language),
        "mode": str(indicator.mode),
        "full": _points(indicator.full_mark),
        "self": _points(one.own.points) if one.own else None,
        "rating": _points(one.rated.points) if one.rated and indicator.mode != Mode.VETO else None,
        "score": _points(one.score),
        "vetoed": one.vetoed,
        "steps": [_step(document, one, step, language) for step in steps],
        "decision": words.decision_words(one, language) if decided else None,
        "missing": list(one.missing),
        "note": words.note(document, one).say(language),
        "reference": indicator.reference.say(language) if indicator.reference else None,
    }


def _step(document: Assessment, one: SheetLine, step: StepLine, language: str) -> dict[str, Any]:
    veto = one.line.indicator.mode == Mode.VETO
    return {
        "step": step.step,
        "title": words.step_title(document, step.step, language),
        "points": None if veto else _points(step.points),
        "exact": None if veto else words.exact(step.exact),
        "groups": [
            {
                "rater_group": group.group,
                "title": "" if group.group == SELF else document.groups[group.group].title.say(language),
                "share": f"{words.exact(group.share * 10000)}%",
                "points": None if veto else words.exact(group.points),
                "said": words.said_words(one.line.indicator, group.rows, language),
                "raters": list(dict.fromkeys(row.rater for row in group.rows)),
            }
            for group in step.groups
        ],
    }


def _points(hundredths: int | None) -> str | None:
    return None if hundredths is None else words.points(hundredths)


def text(data: dict[str, Any], language: str = "zh") -> str:
    """The reasoning of `as_data` as lines of text, in the same language."""
    english = language.startswith("en")
    lines = [f"{data['title']} · {data['subject']} · {data['period']}", _total_line(data, english)]
    for sheet in data.get("rounds", [data]):
        if "rounds" in data:
            lines.append(f"{sheet['period']}  {sheet['total'] or '-'}")
        for part in sheet["parts"]:
            full = f" / {part['full']}" if part["full"] else ""
            lines.append(f"{part['title']}  {part['points']}{full}")
            lines += [line for one in part["lines"] for line in _text_line(one, english)]
    for hole in data["missing"]:
        names = " ".join(hole[key] for key in ("period", "indicator", "rater_group") if hole[key])
        lines.append(f"{'Missing' if english else '缺'}: {names}: {hole['reason']}")
    lines += [f"→ {one['title']}: {one['reason']}" for one in data["outcomes"]]
    return "\n".join(lines)


def _total_line(data: dict[str, Any], english: bool) -> str:
    total = data["total"] if data["total"] is not None else ("none" if english else "无")
    parts = [f"{'Total' if english else '总分'} {total}"]
    if data["rank"] is not None:
        parts.append(f"{'rank' if english else '排名'} {data['rank']}")
    if data["grade"]:
        parts.append(f"{'grade' if english else '等次'} {data['grade_title']}")
    if data["decision"]:
        said = {"changed": ("changed", "审定调整"), "confirmed": ("confirmed", "审定确认")}[data["decision"]]
        reason = (f" ({data['reason']})" if english else f"（{data['reason']}）") if data["reason"] else ""
        parts.append((said[0] if english else said[1]) + reason)
    return (", " if english else "，").join(parts)


def _text_line(one: dict[str, Any], english: bool) -> list[str]:
    own = f"  {'self' if english else '自评'} {one['self']}" if one["self"] is not None else ""
    lines = [f"  {one['title']}  {one['score'] if one['score'] is not None else '-'} / {one['full']}{own}"]
    lines += [f"      {one['note']}"] if one["note"] else []
    if one["reference"]:
        lines.append(f"      {'Basis' if english else '依据'}: {one['reference']}")
    return lines
