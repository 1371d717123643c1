"""The line of reasoning of each score in Chinese and English. Presentation only: every number comes from `sheet.py`."""

from __future__ import annotations

from fractions import Fraction

from jizhi.engine.assessment.rows import Rating
from jizhi.engine.assessment.sheet import GroupLine, SheetLine, StepLine
from jizhi.engine.document.assessment.assessment import Assessment
from jizhi.engine.document.assessment.indicator import Indicator, Mode
from jizhi.engine.document.assessment.rater import SELF
from jizhi.engine.document.text import Text

JOINTS = Text(zh="；", en="; ")


def note(document: Assessment, line: SheetLine) -> Text:
    """Such as `专班 60%：一类 → 100；群众 40%：80 → 合计 92；审定 90（理由）`."""
    return Text(zh=_note(document, line, "zh"), en=_note(document, line, "en"))


def _note(document: Assessment, line: SheetLine, language: str) -> str:
    english = language.startswith("en")
    parts = [f"{step_title(document, one.step, language)} {points(one.points)}" for one in line.reviews]
    if line.missing:
        names = (", " if english else "、").join(_group(document, name, language) for name in line.missing)
        parts.append(f"missing: {names}" if english else f"缺：{names}")
    if line.line.indicator.mode == Mode.VETO:
        parts.append(veto_words(line, language))
    elif line.rated:
        parts.append(reckoning(document, line.line.indicator, line.rated, language))
    if line.decision is not None and line.decision.value is not None:
        parts.append(decision_words(line, language))
    return JOINTS.say(language).join(part for part in parts if part)


def veto_words(line: SheetLine, language: str) -> str:
    """Whether a veto struck."""
    english = language.startswith("en")
    if line.vetoed:
        return "vetoed" if english else "一票否决"
    if line.rated is None or line.changed:
        return ""
    return "no veto" if english else "未触发一票否决"


def decision_words(line: SheetLine, language: str) -> str:
    """What the deciding body said on a line."""
    english, row = language.startswith("en"), line.decision
    assert row is not None
    if not line.changed:
        return "confirmed" if english else "审定确认"
    if line.line.indicator.mode == Mode.VETO:
        said = (
            ("veto lifted" if english else "审定撤销否决")
            if not line.vetoed
            else ("vetoed" if english else "审定否决")
        )
    else:
        said = f"decided {points(line.score or 0)}" if english else f"审定 {points(line.score or 0)}"
    return f"{said} ({row.reason})" if english else f"{said}（{row.reason}）"


def reckoning(document: Assessment, indicator: Indicator, step: StepLine, language: str) -> str:
    """How a step came to its points: each group's share and points, then the rounded whole."""
    groups = [group_words(document, indicator, group, language) for group in step.groups]
    if len(groups) == 1 and step.groups[0].points == step.points:
        return groups[0]
    return f"{JOINTS.say(language).join(groups)} = {points(step.points)}"


def group_words(document: Assessment, indicator: Indicator, group: GroupLine, language: str) -> str:
    """Such as `群众评议 40%：优秀 30、良好 10 → 19`."""
    name = _group(document, group.group, language)
    share = "" if group.share == 1 else f" {exact(group.share * 10000)}%"
    said = said_words(indicator, group.rows, language)
    colon = ": " if language.startswith("en") else "："
    return f"{name}{share}{colon}{said} → {exact(group.points)}"


def said_words(indicator: Indicator, rows: tuple[Rating, ...], language: str) -> str:
    """What the raters of a group said; ballots and faults are added up."""
    joint = ", " if language.startswith("en") else "、"
    if indicator.mode == Mode.BALLOT or indicator.faults is not None:
        counts = dict.fromkeys(indicator.names, 0)
        for row in rows:
            if row.grade:
                counts[row.grade] += 1 if row.count is None else row.count
        listed = [f"{_name(indicator, name, language)} {count}" for name, count in counts.items() if count]
        return joint.join(listed) or "0"
    return joint.join(_said(indicator, row, language) for row in rows)


def _said(indicator: Indicator, row: Rating, language: str) -> str:
    if row.grade:
        return _name(indicator, row.grade, language)
    if indicator.mode == Mode.RANK:
        place = f"place {row.count}" if language.startswith("en") else f"第{row.count}名"
        return place if row.value is None else f"{row.value.normalize():f} ({place})"
    if row.value is not None:
        return f"{row.value.normalize():f}"
    return str(row.count)


def _name(indicator: Indicator, name: str, language: str) -> str:
    marks = indicator.grades or indicator.faults or {}
    title = marks[name].title if name in marks else None
    return title.say(language) if title else name


def _group(document: Assessment, name: str, language: str) -> str:
    if name == SELF:
        return "self-rating" if language.startswith("en") else "自评"
    return document.groups[name].title.say(language)


def step_title(document: Assessment, name: str, language: str) -> str:
    """The words of a step."""
    found = next((step.title for step in document.steps if step.id == name), None)
    return found.say(language) if found else ""


def points(hundredths: int) -> str:
    """Points without needless zeros."""
    return exact(Fraction(hundredths))


def exact(hundredths: Fraction) -> str:
    """Points with at most four decimals; a longer one is marked as cut."""
    scaled = abs(hundredths) * 100
    whole = scaled.numerator // scaled.denominator
    text = f"{whole // 10000}.{whole % 10000:04}".rstrip("0").rstrip(".")
    return f"{'-' if hundredths < 0 else ''}{text}{'' if whole == scaled else '…'}"
