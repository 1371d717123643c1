"""A second evaluator of assessments: slow, obvious, on the plain document as it is written, with fractions.

It shares nothing with the engine but the rows. Written from the rules, one question after the other, without caches
and without the engine's models, so that a mistake would have to be made twice.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from jizhi.engine.assessment.rows import Rating
from jizhi.engine.tables import Subject

YES, NO = (
    ("met", "yes", "true", "1", "达标", "是", "有"),
    ("unmet", "no", "false", "0", "未达标", "不达标", "否", "无"),
)
Plain = dict[str, Any]
Key = tuple[str, str]


class Round:
    """One round: who takes part, which rows count, what everybody gets."""

    def __init__(self, plain: Plain, subjects: list[Subject], rows: list[Rating]) -> None:
        self.plain = plain
        self.subjects = {one.subject: one for one in reversed(subjects)}
        self.places = int(plain["unit"]["places"])
        self.steps: list[Plain] = plain.get("steps", [])
        self.lines: dict[str, tuple[str, Plain, Plain]] = {}
        for part in plain["parts"]:
            for line in part["indicators"]:
                self.lines[line["id"]] = (part["id"], line, part)
        for name in ("bonus", "penalty"):
            for line in plain.get(name, {}).get("indicators", []):
                self.lines[line["id"]] = (name, line, plain[name])
        self.rejected: set[int] = set()
        self.decisions: dict[Key, Rating] = {}
        self.returned: set[str] = set()
        self.good: list[tuple[str, Rating]] = []
        self.recused = {
            (row.subject, row.rater, row.indicator)
            for row in rows
            if row.recused and row.rater_group != "self"
        }
        for row in sorted(rows, key=lambda one: one.line):
            if not self._take(row):
                self.rejected.add(row.line)

    # ── who rates what ──────────────────────────────────────────────────────────────────────────────────────────────

    def counting(self) -> str:
        for step in self.steps:
            if step.get("counts") == "true":
                return str(step["id"])
        rating = [
            step["id"] for step in self.steps if "self" not in step["by"] and step.get("decides") != "true"
        ]
        return str(rating[-1]) if rating else ""

    def deciding(self) -> Plain | None:
        return next((step for step in self.steps if step.get("decides") == "true"), None)

    def weights(self, name: str) -> dict[str, Fraction]:
        _, line, chapter = self.lines[name]
        groups = {group["id"]: group.get("weight") for group in self.plain["rater_groups"]}
        raters = line.get("raters") or chapter.get("raters")
        if isinstance(raters, dict):
            found = {group: percent(weight) for group, weight in raters.items()}
        else:
            usual = [group for group, weight in groups.items() if weight]
            if not usual:
                usual = next(
                    (step["by"] for step in self.steps if step["id"] == self.counting()), list(groups)
                )
            found = {group: percent(groups[group]) for group in raters or usual}
        if any(weight is None for weight in found.values()):
            return {group: Fraction(1, len(found)) for group in found}
        whole = sum(weight or 0 for weight in found.values())
        return {group: (weight or Fraction(0)) / whole for group, weight in found.items()}

    def open_to(self, name: str, subject: str) -> bool:
        classes = self.lines[name][1].get("classes")
        return not classes or self.subjects[subject].klass in classes

    # ── which rows can be used ──────────────────────────────────────────────────────────────────────────────────────

    def _take(self, row: Rating) -> bool:
        groups = [group["id"] for group in self.plain["rater_groups"]]
        if row.subject not in self.subjects or row.rater_group not in [*groups, "self"]:
            return False
        if row.indicator and (
            row.indicator not in self.lines or not self.open_to(row.indicator, row.subject)
        ):
            return False
        step = self._step(row)
        if row.returned:
            if step is None or row.rater_group == "self" or not row.reason:
                return False
            self.returned.add(row.subject)
            return True
        if row.recused:
            return row.rater_group != "self" and row.value is None and not row.grade and row.count is None
        if step is None:
            return False
        deciding = self.deciding()
        if deciding and step == deciding["id"]:
            return self._take_decision(row)
        return bool(row.indicator) and self._take_rating(row, step)

    def _step(self, row: Rating) -> str | None:
        """The step of a row; None when there is none, or no telling which."""
        own = [step["id"] for step in self.steps if "self" in step["by"]]
        if row.rater_group == "self":
            return "self" if (not self.steps or own) and (not row.step or row.step in own) else None
        mine = [step["id"] for step in self.steps if row.rater_group in step["by"]]
        if row.step:
            return row.step if row.step in mine else None
        if not self.steps:
            return ""
        if self.counting() in mine:
            return self.counting()
        return mine[0] if len(mine) == 1 else None

    def is_recused(self, row: Rating) -> bool:
        return bool({(row.subject, row.rater, ""), (row.subject, row.rater, row.indicator)} & self.recused)

    def _take_decision(self, row: Rating) -> bool:
        key = (row.subject, row.indicator)
        if self.is_recused(row) or key in self.decisions or row.count is not None:
            return False
        if not row.indicator:
            grades = self.plain.get("grades")
            names = [step["grade"] for step in grades["steps"]] if grades else []
            if row.value is not None or (row.grade and row.grade not in names):
                return False
        else:
            veto = self.lines[row.indicator][1]["mode"] == "veto"
            most, places = (Decimal(1), 0) if veto else (Decimal(self.full(row.indicator)) / 100, self.places)
            if row.grade:
                return False
            if row.value is not None and not (
                0 <= row.value <= most and row.value == round(row.value, places)
            ):
                return False
        self.decisions[key] = row
        return True

    def _take_rating(self, row: Rating, step: str) -> bool:
        part, line, _ = self.lines[row.indicator]
        if row.rater_group == "self":
            if (
                part in ("bonus", "penalty")
                or line["mode"] == "veto"
                or line.get("order", "given") != "given"
            ):
                return False
        elif step == self.counting() and row.rater_group not in self.weights(row.indicator):
            return False
        if not self._cells_fit(row, line):
            return False
        if (row.rater == row.subject and row.rater_group != "self") or self.is_recused(row):
            return False
        for at, other in self.good:
            same = (at, other.subject, other.indicator, other.rater_group, other.rater) == (
                step, row.subject, row.indicator, row.rater_group, row.rater,
            )  # fmt: skip
            if same and not self._may_stand_beside(row, other, line):
                return False
        self.good.append((step, row))
        return True

    def _cells_fit(self, row: Rating, line: Plain) -> bool:
        mode, filled = line["mode"], (row.value is not None, bool(row.grade), row.count is not None)
        if row.count is not None and not 0 <= row.count <= 10**9:
            return False
        if mode == "veto":
            return filled in ((False, False, True),) or (
                filled == (False, True, False) and row.grade in YES + NO
            )
        if mode == "ballot":
            return not filled[0] and row.grade in line["ballots"]
        if mode == "deduct" and "faults" in line:
            return not filled[0] and (row.grade in line["faults"] or (not row.grade and row.count == 0))
        if mode in ("deduct", "count") or (mode == "rank" and line.get("order", "given") == "given"):
            return filled == (False, False, True) and not (mode == "rank" and row.count == 0)
        if mode == "class":
            return filled == (False, True, False) and row.grade in line["grades"]
        if mode == "all-or-none" and "target" not in line:
            return filled == (False, True, False) and row.grade in YES + NO
        if filled != (True, False, False) or row.value is None:
            return False
        if mode == "panel":
            most = Decimal(line.get("out_of", Decimal(self.full(line["id"])) / 100))
            return 0 <= row.value <= most and row.value == round(row.value, 6)
        return abs(row.value) <= 10**9 and row.value == round(row.value, 6)

    def _may_stand_beside(self, row: Rating, other: Rating, line: Plain) -> bool:
        """Of one rater: ballots counted by name, and faults by name."""
        differ = bool(row.grade) and bool(other.grade) and row.grade != other.grade
        if line["mode"] == "ballot":
            return differ and row.count is not None and other.count is not None
        return "faults" in line and differ

    # ── what a line is worth ────────────────────────────────────────────────────────────────────────────────────────

    def full(self, name: str) -> int:
        line = self.lines[name][1]
        if "full" in line:
            return int(Decimal(line["full"]) * 100)
        worth = [
            *(line.get("grades") or {}).values(),
            *(line.get("places") or {}).values(),
            line.get("rest", "0"),
        ]
        return int(max(Decimal(one) for one in worth) * 100)

    def said(self, subject: str, name: str, step: str) -> dict[str, dict[str, list[Rating]]]:
        found: dict[str, dict[str, list[Rating]]] = {}
        for at, row in self.good:
            if (at, row.subject, row.indicator) == (step, subject, name):
                found.setdefault(row.rater_group, {}).setdefault(row.rater, []).append(row)
        return found

    def of_group(self, subject: str, name: str, step: str, group: str) -> Fraction | None:
        """Points of one group, or None when what it said is not enough."""
        line, full = self.lines[name][1], self.full(name)
        raters = self.said(subject, name, step).get(group)
        if not raters:
            return None
        if line["mode"] == "ballot":
            votes = [
                (row.grade, 1 if row.count is None else row.count) for rows in raters.values() for row in rows
            ]
            count = sum(number for _, number in votes)
            good = sum((percent(line["ballots"][grade]) or 0) * number for grade, number in votes)
            return Fraction(good) / 100 * full / count if count else None
        each = sorted(self.of_rater(rows, line, step, group) for rows in raters.values())
        trim = int(line.get("trim", 0))
        each = each[trim : len(each) - trim]
        return sum(each, Fraction(0)) / len(each) if each else None

    def of_rater(self, rows: list[Rating], line: Plain, step: str, group: str) -> Fraction:
        full, mode, row = self.full(line["id"]), line["mode"], rows[0]
        value, count = Fraction(row.value or 0), 0 if row.count is None else row.count
        if mode == "all-or-none":
            met = value >= Fraction(line["target"]) if "target" in line else row.grade in YES
            points = Fraction(full if met else 0)
        elif mode == "deduct" and "faults" in line:
            named = [one for one in rows if one.grade]
            points = full - sum(
                (
                    Fraction(line["faults"][one.grade]) * 100 * (1 if one.count is None else one.count)
                    for one in named
                ),
                Fraction(0),
            )
        elif mode == "deduct":
            points = full - Fraction(line["each"]) * 100 * count
        elif mode == "class":
            points = Fraction(line["grades"][row.grade]) * 100
        elif mode == "linear":
            points = Fraction(line["factor"]) * 100 * value
            if "full_from" in line and value >= Fraction(line["full_from"]):
                points = Fraction(full)
        elif mode == "count":
            points = Fraction(line["each"]) * 100 * count
        elif mode == "panel":
            points = value / Fraction(line["out_of"]) * full if "out_of" in line else value * 100
        else:
            place = self.place(row, line, step) if line.get("order", "given") != "given" else count
            points = Fraction(line["places"].get(str(place), line.get("rest", "0"))) * 100
        return max(Fraction(0), min(Fraction(full), points))

    def place(self, row: Rating, line: Plain, step: str) -> int:
        """One more than those the same rater put before, among those compared."""
        better = 0
        for at, other in self.good:
            same = (at, other.indicator, other.rater_group, other.rater) == (
                step, row.indicator, row.rater_group, row.rater,
            )  # fmt: skip
            if same and self.compared(other.subject) == self.compared(row.subject):
                assert other.value is not None
                assert row.value is not None
                ahead = other.value > row.value if line["order"] == "highest" else other.value < row.value
                better += ahead
        return better + 1

    def compared(self, subject: str) -> tuple[str, str]:
        within = self.plain.get("rank", {}).get("within", ["group"])
        one = self.subjects[subject]
        if "all" in within:
            return "", ""
        return one.group if "group" in within else "", one.klass if "class" in within else ""

    def rated(self, subject: str, name: str) -> tuple[int | None, set[str]]:
        """The rating of a line, and the groups that are missing."""
        weights = self.weights(name)
        points = {group: self.of_group(subject, name, self.counting(), group) for group in weights}
        missing = {group for group, one in points.items() if one is None}
        if missing:
            return None, missing
        mean = sum((weights[group] * (one or 0) for group, one in points.items()), Fraction(0))
        if self.lines[name][1]["mode"] == "all-or-none":
            mean = Fraction(self.full(name) if mean > Fraction(self.full(name), 2) else 0)
        return half_up(mean, self.places), set()

    def own(self, subject: str, name: str) -> int | None:
        """The subject's own column."""
        points = self.of_group(subject, name, "self", "self")
        return None if points is None else half_up(points, self.places)

    # ── the sheet ───────────────────────────────────────────────────────────────────────────────────────────────────

    def sheet(self, subject: str) -> Plain:
        """Scores, sums and total of a subject before ranks."""
        found: Plain = {"scores": {}, "missing": set(), "vetoes": [], "changed": False}
        sums = {part["id"]: 0 for part in self.plain["parts"]} | {"bonus": 0, "penalty": 0}
        for name, (part, line, _) in self.lines.items():
            if not self.open_to(name, subject):
                continue
            said = self.said(subject, name, self.counting())
            decision = self.decisions.get((subject, name))
            if (part in ("bonus", "penalty") or line["mode"] == "veto") and not said:
                if decision:
                    self.rejected.add(decision.line)
                continue
            if line["mode"] == "veto":
                struck = any(
                    row.grade in YES or bool(row.count)
                    for raters in said.values() for rows in raters.values() for row in rows
                )  # fmt: skip
                if self._decided(decision, 100 if struck else 0, found) == 100:
                    found["vetoes"].append(name)
                found["scores"][name] = (None, 0)
                continue
            rating, missing = self.rated(subject, name)
            if rating is None:
                found["missing"] |= {(name, group) for group in missing}
                found["scores"][name] = (None, None)
                if decision:
                    self.rejected.add(decision.line)
                continue
            score = self._decided(decision, rating, found)
            found["scores"][name] = (rating, score)
            sums[part] += score
        if subject in self.returned:
            found["missing"].add(("returned", ""))
        self._sum_up(found, sums, subject)
        return found

    def _decided(self, decision: Rating | None, points: int, found: Plain) -> int:
        if decision is None or decision.value is None:
            return points
        decided = int(decision.value * 100)
        if decided != points and not decision.reason:
            self.rejected.add(decision.line)
            return points
        found["changed"] = found["changed"] or decided != points
        return decided

    def _sum_up(self, found: Plain, sums: dict[str, int], subject: str) -> None:
        zeroes = {self.lines[name][1]["effect"].get("zero") for name in found["vetoes"]}
        for name in ("bonus", "penalty"):
            limit = self.plain.get(name, {}).get("limit")
            if limit is not None:
                sums[name] = min(sums[name], int(Decimal(limit) * 100))
        for part in self.plain["parts"]:
            if part["id"] in zeroes:
                sums[part["id"]] = 0
        found |= {"bonus": sums.pop("bonus"), "penalty": sums.pop("penalty"), "parts": sums}
        total = sum(sums.values()) + found["bonus"] - found["penalty"]
        total = 0 if zeroes & {"total", "year"} else total
        low, high = (self.plain.get("range", {}).get(end) for end in ("min", "max"))
        total = total if low is None else max(total, int(Decimal(low) * 100))
        total = total if high is None else min(total, int(Decimal(high) * 100))
        found["total"] = None if found["missing"] else total
        whole = self.decisions.get((subject, ""))
        if whole and found["missing"]:
            self.rejected.add(whole.line)

    def results(self) -> dict[str, Plain]:
        """Every subject's sheet with rank, grade and the word of the deciding body."""
        sheets = {subject: self.sheet(subject) for subject in self.subjects}
        for subject, sheet in sheets.items():
            field = [
                other for name, other in sheets.items()
                if other["total"] is not None and self.compared(name) == self.compared(subject)
            ]  # fmt: skip
            sheet["rank"] = None
            sheet["grade"] = ""
            if sheet["total"] is not None:
                sheet["rank"] = 1 + sum(self._key(other) > self._key(sheet) for other in field)
                same = sum(self._key(other) == self._key(sheet) for other in field)
                sheet["grade"] = self._grade(sheet, len(field), same)
        for subject, sheet in sheets.items():
            self._confirm(subject, sheet)
        return sheets

    def _key(self, sheet: Plain) -> tuple[int, ...]:
        columns = {**sheet["parts"], "bonus": sheet["bonus"], "penalty": -sheet["penalty"]}
        return (sheet["total"], *(columns[name] for name in self.plain.get("rank", {}).get("tie_break", [])))

    def _grade(self, sheet: Plain, size: int, same: int) -> str:
        grades = self.plain.get("grades")
        if not grades:
            return ""
        names = [step["grade"] for step in grades["steps"]]
        vetoed = [
            names.index(self.lines[name][1]["effect"]["grade"])
            for name in sheet["vetoes"]
            if "grade" in self.lines[name][1]["effect"]
        ]
        if vetoed:
            return str(names[max(vetoed)])
        parts = [int(part) for part in grades["quota"].split(":")] if "quota" in grades else []
        for place, step in enumerate(grades["steps"]):
            room = None
            if parts and place < len(parts) - 1:
                room = Fraction(size * sum(parts[: place + 1]), sum(parts))
            elif "top" in step:
                share = percent(step["top"]) or Fraction(0)
                room = size * share / 100 if step["top"].endswith("%") else share
            last = sheet["rank"] + (same - 1 if grades.get("ties", "in") == "out" else 0)
            fits = (
                (room is None or last <= room)
                and ("from" not in step or sheet["total"] >= Decimal(step["from"]) * 100)
                and ("over" not in step or sheet["total"] > Decimal(step["over"]) * 100)
            )
            if fits:
                return str(step["grade"])
        return ""

    def _confirm(self, subject: str, sheet: Plain) -> None:
        whole = self.decisions.get((subject, ""))
        spoken = whole is not None and sheet["total"] is not None
        if whole and spoken and whole.grade and whole.grade != sheet["grade"]:
            if whole.reason:
                sheet["grade"], sheet["changed"] = whole.grade, True
            else:
                self.rejected.add(whole.line)
                spoken = False
        sheet["decision"] = "changed" if sheet["changed"] else "confirmed" if spoken else ""


def percent(text: object) -> Fraction | None:
    """`30%` as 30."""
    return None if text is None else Fraction(str(text).rstrip("%"))


def half_up(points: Fraction, places: int) -> int:
    """Hundredths at the unit's places, half away from zero; points of a line are never below zero."""
    unit = int(10 ** (2 - places))
    return int(points / unit + Fraction(1, 2)) * unit


def of_year(plain: Plain, taken: list[int], totals: list[int], places: int) -> int:
    """The year of a subject from the totals of the rounds (by their place) in which it took part."""
    appraise = plain["appraise"]
    if appraise == "sum":
        return sum(totals)
    shares = [Fraction(1)] * len(taken)
    if appraise != "mean" and any(percent(appraise[place]) for place in taken):
        shares = [percent(appraise[place]) or Fraction(0) for place in taken]
    weighted = [share * total for share, total in zip(shares, totals, strict=True)]
    mean = sum(weighted, Fraction(0)) / sum(shares)
    sign = -1 if mean < 0 else 1
    return sign * half_up(abs(mean), places)
