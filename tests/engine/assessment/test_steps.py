"""Steps, self-rating, return, decision, veto: whose word counts, and that every change carries a reason."""

from __future__ import annotations

import datetime as dt

from jizhi.engine.assessment import rounds, steps
from tests.engine.assessment.sheets import document, indicator, reasons, result, score, settled, subjects

STEPS = {
    "rater_groups": [
        {"id": "township", "title": "乡镇"},
        {"id": "team", "title": "专班", "weight": "100%"},
        {"id": "leaders", "title": "领导小组"},
    ],
    "steps": [
        {"id": "own", "title": "自评", "by": "self", "due": "5 days"},
        {"id": "first", "title": "乡镇初审", "by": "township", "due": "10 days"},
        {"id": "review", "title": "专班复评", "by": "team", "counts": "true", "due": "1 month"},
        {"id": "final", "title": "审定", "by": "leaders", "decides": "true"},
    ],
    "grades": {"steps": [{"grade": "优秀", "from": "50"}, {"grade": "合格"}]},
}
RATED = "rater_group | value | step | reason\nself | 58 | |\ntownship | 55 | |\nteam | 44.5 | |"


def test_the_paper_shows_full_mark_self_rating_and_rating() -> None:
    found = settled(document(indicator(), **STEPS), RATED)
    row = score(found)
    assert (row.full, row.self_rating, row.rating, row.score) == (6000, 5800, 4450, 4450)
    assert row.note.say("zh") == "乡镇初审 55；专班：44.5 → 44.5"
    assert result(found).decision == ""


def test_only_the_counting_step_makes_the_score() -> None:
    table = RATED.replace("self | 58 | |", "self | 60 | own |").replace(
        "township | 55 | |", "township | 1 | first |"
    )
    assert score(settled(document(indicator(), **STEPS), table)).score == 4450
    without = "rater_group | value\nself | 58\ntownship | 55"
    found = settled(document(indicator(), **STEPS), without)
    assert [one.rater_group for one in found.missing] == ["team"]


def test_a_step_takes_only_its_own_groups() -> None:
    table = "rater_group | value | step\nteam | 5 | first\nself | 5 | review\nteam | 6 | nowhere\ntownship | 5 | first"
    assert reasons(settled(document(indicator(), **STEPS), table)) == [
        (1, "step: team does not rate in first"),
        (2, "step: not one of self: review"),
        (3, "step: unknown: nowhere"),
    ]


def test_the_deciding_body_changes_with_a_written_reason() -> None:
    table = RATED + "\nleaders | 52 | | 漏计一项表彰"
    found = settled(document(indicator(), **STEPS), table)
    assert (score(found).rating, score(found).score) == (4450, 5200)
    assert score(found).note.say("zh").endswith("审定 52（漏计一项表彰）")
    assert score(found).note.say("en").endswith("decided 52 (漏计一项表彰)")
    one = result(found)
    assert (one.total, one.grade, one.decision, one.reason) == (5200, "优秀", "changed", "漏计一项表彰")


def test_a_change_without_a_reason_is_refused_and_the_rating_stands() -> None:
    found = settled(document(indicator(), **STEPS), RATED + "\nleaders | 52 | |")
    assert reasons(found) == [(4, "reason: missing, a change is decided with a written reason")]
    assert (score(found).score, result(found).decision) == (4450, "")


def test_a_confirmation_needs_no_reason() -> None:
    table = "rater_group | value\nself | 58\nteam | 44.5\nleaders | 44.5"
    found = settled(document(indicator(), **STEPS), table)
    assert score(found).note.say("zh").endswith("审定确认")
    whole = "rater_group | indicator | value\nteam | one | 44.5\nleaders | |"
    assert result(settled(document(indicator(), **STEPS), whole)).decision == "confirmed"


def test_a_decided_grade_needs_a_reason_when_it_differs() -> None:
    head = "rater_group | indicator | value | grade | reason\nteam | one | 44.5 | |\n"
    same = settled(document(indicator(), **STEPS), head + "leaders | | | 合格 |")
    assert (result(same).grade, result(same).decision, reasons(same)) == ("合格", "confirmed", [])
    bare = settled(document(indicator(), **STEPS), head + "leaders | | | 优秀 |")
    assert (result(bare).grade, result(bare).decision) == ("合格", "")
    assert reasons(bare) == [(2, "reason: missing, a change is decided with a written reason")]
    told = settled(document(indicator(), **STEPS), head + "leaders | | | 优秀 | 抗洪表现突出")
    assert (result(told).grade, result(told).decision, result(told).reason) == (
        "优秀",
        "changed",
        "抗洪表现突出",
    )


def test_nothing_is_decided_about_what_is_not_rated() -> None:
    table = "rater_group | indicator | value | grade | reason\nleaders | one | 5 | | 理由\nleaders | | | 优秀 | 理由"
    found = settled(document(indicator(), **STEPS), table)
    assert reasons(found) == [
        (1, "rater: nothing to decide yet, one is not fully rated"),
        (2, "rater: nothing to decide yet, the sheet is not complete"),
    ]


def test_decisions_keep_to_the_sheet() -> None:
    table = (
        "rater_group | indicator | value | grade | count\nteam | one | 44.5 | |\nleaders | one | 61 | |\n"
        "leaders | one | 50.55 | |\nleaders | | 5 | |\nleaders | | | 差 |\nleaders | one | | 优秀 |\n"
        "leaders | one | | | 3\nleaders | one | 44.5 | |\nleaders | one | 44.5 | |"
    )
    assert reasons(settled(document(indicator(), **STEPS), table)) == [
        (2, "value: not from 0 to 60: 61"),
        (3, "value: more than 1 decimals: 50.55"),
        (4, "indicator: missing"),
        (5, "grade: unknown: 差"),
        (6, "grade: only in a decision without an indicator"),
        (7, "count: a decision is a value, or a grade without an indicator"),
        (9, "rater: decided twice, first in line 8: one"),
    ]


def test_a_returned_sheet_has_no_total_until_it_comes_back() -> None:
    head = "rater_group | value | returned | reason\nteam | 44.5 | |\n"
    found = settled(document(indicator(), **STEPS), head + "township | | yes | 佐证不全")
    assert [(one.rater_group, one.reason) for one in found.missing] == [
        ("township", "returned in line 2: 佐证不全")
    ]
    assert result(found).total is None
    bare = settled(document(indicator(), **STEPS), head + "township | | yes |")
    assert reasons(bare) == [(2, "reason: missing, a sheet is returned with a reason")]
    assert result(bare).total == 4450


def test_deadlines_count_from_the_end_of_the_round() -> None:
    paper = document(indicator(), round="half", **STEPS)
    assert steps.deadlines(paper, rounds.parse(paper, "2022-H1")) == [
        ("own", dt.date(2022, 7, 5)),
        ("first", dt.date(2022, 7, 10)),
        ("review", dt.date(2022, 7, 30)),
    ]


VETO = {"id": "accident", "title": "重大事故", "mode": "veto", "effect": {"zero": "total", "grade": "合格"}}


def test_a_veto_strikes_when_it_is_reported() -> None:
    paper = document(indicator(), penalty=[VETO], **STEPS)
    head = "indicator | rater_group | value | count | grade\none | team | 60 | |\n"
    clean = settled(paper, head + "accident | team | | 0 |")
    assert (result(clean).total, result(clean).grade, result(clean).vetoed) == (6000, "优秀", False)
    assert score(clean, name="accident").note.say("zh") == "未触发一票否决"
    for cell in ("1 |", " | 是"):
        struck = settled(paper, head + f"accident | team | | {cell}")
        one = result(struck)
        assert (one.total, one.grade, one.vetoes) == (0, "合格", ("accident",))
        assert score(struck, name="accident").note.say("en") == "vetoed"
    assert result(settled(paper, head)).vetoed is False


def test_the_deciding_body_lifts_a_veto_with_a_reason() -> None:
    paper = document(indicator(), penalty=[VETO], **STEPS)
    head = "indicator | rater_group | value | count | reason\none | team | 60 | |\naccident | team | | 1 |\n"
    lifted = settled(paper, head + "accident | leaders | 0 | | 责任不在本村")
    assert (result(lifted).total, result(lifted).vetoed, result(lifted).decision) == (6000, False, "changed")
    assert score(lifted, name="accident").note.say("zh") == "审定撤销否决（责任不在本村）"
    bare = settled(paper, head + "accident | leaders | 0 | |")
    assert result(bare).vetoed is True


def test_a_veto_can_wipe_one_part_or_set_the_grade_only() -> None:
    parts = [
        {"id": "a", "full": "60", "indicators": [indicator()]},
        {"id": "b", "full": "60", "indicators": [indicator(id="two")]},
    ]
    table = "indicator | value | count\none | 50 |\ntwo | 40 |\nstop | | 1"
    part = document(parts=parts, penalty=[{"id": "stop", "mode": "veto", "effect": {"zero": "a"}}])
    assert (result(settled(part, table)).parts, result(settled(part, table)).total) == (
        (("a", 0), ("b", 4000)),
        4000,
    )
    grade = document(
        parts=parts,
        penalty=[{"id": "stop", "mode": "veto", "effect": {"grade": "差"}}],
        grades={"steps": [{"grade": "好", "from": "0"}, {"grade": "差"}]},
    )
    assert (result(settled(grade, table)).total, result(settled(grade, table)).grade) == (9000, "差")


def test_of_several_vetoes_the_lowest_grade_stands() -> None:
    grades = {"steps": [{"grade": "好", "from": "0"}, {"grade": "中"}, {"grade": "差"}]}
    vetoes = [
        {"id": name, "mode": "veto", "effect": {"grade": grade}} for name, grade in (("a", "中"), ("b", "差"))
    ]
    paper = document(indicator(), penalty=vetoes, grades=grades)
    table = "indicator | value | count\none | 60 |\nb | | 1\na | | 1"
    assert result(settled(paper, table)).grade == "差"
    assert result(settled(paper, table.replace("b | | 1", "b | | 0"))).grade == "中"


def test_classes_have_their_own_lines() -> None:
    paper = document(
        indicator(classes=["A"]),
        indicator(id="two", classes=["B"]),
        indicator(id="three"),
        classes=["A", "B"],
    )
    people = [*subjects("zhao", klass="A"), *subjects("qian", klass="B")]
    table = "\n".join(
        [
            "subject | indicator | value",
            "zhao | one | 5",
            "zhao | three | 6",
            "qian | two | 7",
            "qian | three | 8",
            "qian | one | 9",
        ]
    )
    found = settled(paper, table, people)
    assert reasons(found) == [(5, "indicator: one is not for class B")]
    assert (result(found).total, result(found, "qian").total) == (1100, 1500)
