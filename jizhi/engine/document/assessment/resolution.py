"""Do all names of an assessment resolve, is every id unique, do marks and weights add up, can everything be reached?

Gives findings with the path inside the document; the loader turns them into problems with file and line. The law is
not looked at here, see `guard_assessment.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from jizhi.engine.document.assessment import walk
from jizhi.engine.document.assessment.assessment import BONUS, PENALTY, ROUNDS_A_YEAR, Assessment
from jizhi.engine.document.assessment.indicator import Mode
from jizhi.engine.document.assessment.marks import marks
from jizhi.engine.document.assessment.rater import SELF
from jizhi.engine.document.resolution import Finding, Path

ZEROED = ("total", "year")
RESERVED = (BONUS, PENALTY, *ZEROED)


def findings(document: Assessment) -> Iterator[Finding]:
    """Everything wrong with a well-formed assessment."""
    yield from _empty(document)
    yield from _duplicates(document)
    yield from _groups(document)
    yield from _weights(document)
    yield from _steps(document)
    yield from _names(document)
    yield from _periods(document)
    yield from marks(document)


def _empty(document: Assessment) -> Iterator[Finding]:
    needed: list[tuple[Path, Sequence[object]]] = [
        (("rater_groups",), document.rater_groups),
        (("parts",), document.parts),
        *(((*path, "indicators"), listed) for path, listed, _ in walk.lists(document)),
        *((("grades", place, "steps"), one.steps) for place, one in enumerate(document.grades)),
    ]
    for path, values in needed:
        if not values:
            yield Finding(path, "empty", "至少要有一项", "there must be at least one", "[]")


def _duplicates(document: Assessment) -> Iterator[Finding]:
    named: list[list[tuple[Path, str]]] = [
        [(("rater_groups", place), one.id) for place, one in enumerate(document.rater_groups)],
        [(("parts", place), one.id) for place, one in enumerate(document.parts)],
        [(path, one.id) for path, one in walk.indicators(document)],
        [(("steps", place), one.id) for place, one in enumerate(document.steps)],
        [(("outcomes", place), one.id) for place, one in enumerate(document.outcomes)],
    ]
    for kind_at, grades in enumerate(document.grades):
        named.append(
            [(("grades", kind_at, "steps", place), one.grade) for place, one in enumerate(grades.steps)]
        )
    for listed in named:
        seen: set[str] = set()
        for path, name in listed:
            if name in seen:
                yield Finding((*path, "id"), "duplicate-id", "编号重复", "this id is used twice", name)
            seen.add(name)
    for place, part in enumerate(document.parts):
        if part.id in RESERVED:
            zh, en = "这个编号另有用处", "this id has a meaning of its own"
            yield Finding(("parts", place, "id"), "reserved-id", zh, en, part.id, "another id")
    kinds = [one.period or document.round for one in document.grades]
    for place, kind in enumerate(kinds):
        if kind in kinds[:place]:
            zh, en = "同一种周期写了两份等次", "grades of this period are given twice"
            yield Finding(("grades", place), "duplicate-id", zh, en, kind)


def unknown(path: Path, what: tuple[str, str], found: str, names: Iterable[str]) -> Finding:
    """A name that resolves to nothing."""
    (zh, en), known = what, list(names)
    return Finding(
        path, "unknown-name", f"没有这个{zh}", f"no such {en}", found, ", ".join(known) or "-", known
    )


def _groups(document: Assessment) -> Iterator[Finding]:
    for place, group in enumerate(document.rater_groups):
        if group.id == SELF:
            zh, en = "self 是自评，不能作评分组", "`self` is the self-rating and no rater group"
            yield Finding(("rater_groups", place, "id"), "reserved-id", zh, en, SELF, "another id")
    what = ("评分组", "rater group")
    for path, raters in walk.all_raters(document):
        if not raters:
            yield Finding(path, "empty", "至少要有一项", "there must be at least one", "[]")
        for name in raters:
            if name not in document.groups:
                yield unknown((*path, name), what, name, document.groups)
    for place, step in enumerate(document.steps):
        for name in step.by:
            if name != SELF and name not in document.groups:
                yield unknown(("steps", place, "by"), what, name, [*document.groups, SELF])


def _weights(document: Assessment) -> Iterator[Finding]:
    """Weights of groups, and those at a line, add up to 100 %; a line's groups all have one, or there is one group."""
    given = [group.weight for group in document.rater_groups if group.weight is not None]
    if given and sum(given) != 100:
        yield _not_whole(("rater_groups",), given)
    for place, group in enumerate(document.rater_groups):
        if group.weight == 0:
            yield _nothing(("rater_groups", place), group.id)
    for path, raters in walk.all_raters(document):
        for name, percent in raters.items():
            if percent == 0:
                yield _nothing((*path, name), name)
        own = [percent for percent in raters.values() if percent is not None]
        if own and len(own) == len(raters):
            if sum(own) != 100:
                yield _not_whole(path, own)
            continue
        for name in raters if len(raters) > 1 else ():
            known = document.groups.get(name)
            if own or (known is not None and known.weight is None):
                zh, en = "这个评分组没有权重", "this rater group has no weight"
                yield Finding((*path, name), "weights", zh, en, name, "{team: 60%, mass: 40%}")
    usual = document.usual_raters
    unnamed = any(not (one.raters or raters) for _, listed, raters in walk.lists(document) for one in listed)
    if not given and len(usual) > 1 and unnamed:
        zh, en = "有多个评分组，要写明权重", "several groups rate, so they need weights"
        yield Finding(("rater_groups",), "weights", zh, en, ", ".join(usual), "weight: 30%")


def _nothing(path: Path, name: str) -> Finding:
    zh, en = "权重为 0 的评分组不起作用", "a rater group with a weight of 0% does not count"
    return Finding(path, "weights", zh, en, name, "a percentage such as 30%")


def _not_whole(path: Path, percents: Sequence[Decimal]) -> Finding:
    whole = sum(percents, Decimal(0))
    found = " + ".join(f"{one.normalize():f}%" for one in percents) + f" = {whole.normalize():f}%"
    return Finding(path, "weights", "权重之和应为 100%", "weights must add up to 100%", found, "100%")


def _steps(document: Assessment) -> Iterator[Finding]:
    """One step counts and has every group that must rate there; the deciding step is one, and the last."""
    for purpose in ("counts", "decides"):
        marked = [place for place, step in enumerate(document.steps) if getattr(step, purpose)]
        for place in marked[1:]:
            zh, en = f"只能有一步写 {purpose}", f"only one step says `{purpose}`"
            yield Finding(("steps", place, purpose), "steps", zh, en, document.steps[place].id)
        if purpose == "decides" and marked and marked[0] != len(document.steps) - 1:
            zh, en = "审定必须是最后一步", "the deciding step is the last one"
            yield Finding(("steps", marked[0]), "steps", zh, en, document.steps[marked[0]].id)
    if not document.steps:
        return
    if document.counting is None:
        zh, en = "没有计分的一步", "no step makes the score"
        yield Finding(("steps",), "steps", zh, en, "-", "counts: true")
        return
    by = document.counting.by
    for path, listed, raters in walk.lists(document):
        for place, one in enumerate(listed):
            for name in one.raters or raters or document.usual_raters:
                if name not in by and name in document.groups:
                    zh, en = (
                        f"计分的一步（{document.counting.id}）没有这个评分组",
                        "not in the step that counts",
                    )
                    where = (*path, "indicators", place)
                    yield Finding(where, "steps", zh, en, name, f"{document.counting.id}: {', '.join(by)}")


def _names(document: Assessment) -> Iterator[Finding]:
    grades = [step.grade for one in document.grades for step in one.steps]
    parts = [part.id for part in document.parts]
    for path, one in walk.indicators(document):
        for klass in one.classes:
            if klass not in document.classes:
                yield unknown((*path, "classes"), ("类别", "class"), klass, document.classes)
        if one.effect and one.effect.grade is not None and one.effect.grade not in grades:
            yield unknown((*path, "effect", "grade"), ("等次", "grade"), one.effect.grade, grades)
        if one.effect and one.effect.zero is not None and one.effect.zero not in (*ZEROED, *parts):
            yield unknown((*path, "effect", "zero"), ("部分", "part"), one.effect.zero, [*ZEROED, *parts])
        if path[0] in (BONUS, PENALTY) and one.mode == Mode.DEDUCT:
            zh, en = "加分扣分项不从满分起扣", "bonus and penalty do not start from a full mark"
            yield Finding((*path, "mode"), "invalid-value", zh, en, "deduct", "count, class, all-or-none")
    for place, outcome in enumerate(document.outcomes):
        kind = outcome.when.period or document.round
        given = document.grades_of(kind)
        names = [step.grade for step in given.steps] if given else []
        for grade in outcome.when.grade or ():
            if grade not in names:
                yield unknown(("outcomes", place, "when", "grade"), ("等次", "grade"), grade, names)
    for name in document.rank.tie_break:
        if name not in (*parts, BONUS, PENALTY):
            yield unknown(("rank", "tie_break"), ("部分", "part"), name, [*parts, BONUS, PENALTY])


def _periods(document: Assessment) -> Iterator[Finding]:
    """Rounds feed a year that is longer than they are; grades and outcomes are of periods that there are."""
    kinds = [document.round, *(["year"] if document.appraise else [])]
    asked: list[tuple[Path, str | None]] = [
        *((("grades", place, "period"), one.period) for place, one in enumerate(document.grades)),
        *(
            (("outcomes", place, "when", "period"), one.when.period)
            for place, one in enumerate(document.outcomes)
        ),
    ]
    for path, kind in asked:
        if kind is not None and kind not in kinds:
            yield unknown(path, ("周期", "period"), kind, kinds)
    if document.appraise is None:
        return
    count = ROUNDS_A_YEAR[document.round]
    if count == 1:
        zh, en = "一年一轮，不必汇总", "one round a year needs no summing up"
        yield Finding(("appraise",), "appraise", zh, en, document.round, "round: quarter")
    weights = document.appraise.weights
    if weights and len(weights) != count:
        zh, en = f"一年有 {count} 轮，要写 {count} 个权重", f"a year has {count} rounds and as many weights"
        yield Finding(("appraise", "weights"), "weights", zh, en, str(len(weights)), str(count))
    if weights and sum(weights) != 100:
        yield _not_whole(("appraise", "weights"), weights)
