"""Why a number is so, told from the manual's own examples: every step in words, and every sum compared."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jizhi.cli.main import app
from jizhi.engine import explain, explain_words, features, files, reference
from jizhi.engine.explain.parts import Explanation
from jizhi.engine.tables import Result
from tests.engine.spec import test_features as spec

GUIDE = Path(__file__).parents[2] / "docs" / "howto" / "read-an-explanation.md"


class Settled:
    """An example of the manual, settled once by the reference."""

    def __init__(self, example: str, folder: Path) -> None:
        self.example = spec.EXAMPLES[example]
        self.versions = self.example.load()
        spec.settled(self.example, self.versions, "reference", folder)
        self.rows = files.read(folder / "subjects.csv", folder / "facts.csv")
        days = self.example.from_, self.example.to
        self.result = reference.settle(
            self.versions, self.rows.subjects, self.rows.facts, *days, pool=self.example.pool
        )

    def explained(self, subject: str, kind: str, period: str) -> Explanation:
        """One subject's period, checked against the settlement."""
        found = explain.explain(
            self.versions,
            next(each for each in self.rows.subjects if each.subject == subject),
            self.rows.facts,
            kind,
            period,
            result=self.result,
            subjects=self.rows.subjects,
            start=self.example.from_,
            end=self.example.to,
            pool=self.example.pool,
        )
        explain.check(found, self.result)
        return found


def explained(
    tmp_path: Path, example: str, subject: str, kind: str, period: str
) -> tuple[Explanation, Result]:
    settled = Settled(example, tmp_path)
    return settled.explained(subject, kind, period), settled.result


@pytest.mark.parametrize(
    ("example", "subject", "kind", "period", "zh", "en"),
    [
        (
            "08-limits-4",
            "zhao",
            "month",
            "2022-06",
            "每月上限：不计12.0分（2022-06-01至2022-06-30最多20.0分，此前已用16.0分）",
            "yearly limit keeps back 4.0 (at most 30.0 from 2022-01-01 to 2022-12-31, 30.0 used before)",
        ),
        (
            "08-limits-3",
            "zhao",
            "month",
            "2022-05",
            "每月次数上限：不计2.0分（2022-05-01至2022-05-31最多2次，此前已有2次）",
            "monthly limit of times keeps back 2.0 (at most 2 times from 2022-05-01 to 2022-05-31, 2 before)",
        ),
        (
            "10-windows-5",
            "zhao",
            "year",
            "2026",
            "累计上限：不计5.0分（累计最多5.0分，此前已用5.0分）",
            "lifetime limit keeps back 5.0 (at most 5.0 ever, 5.0 used before)",
        ),
        (
            "09-wider-limits-1",
            "zhao",
            "month",
            "2022-05",
            "公益美德每月上限：不计1.0分",
            "monthly limit of 公益美德 keeps back 1.0",
        ),
        (
            "06-repeat-1",
            "zhao",
            "year",
            "2022",
            "2021-03-01已发生过（第1号），按2倍计 = -10.0",
            "done before on 2021-03-01 (no. 1), times 2 = -10.0",
        ),
        (
            "07-best-of-1",
            "zhao",
            "month",
            "2022-05",
            "同一行为计第2号“抢险”5.0分，这一项不计",
            "the same act counts as no. 2, 抢险, 5.0 points; this one does not",
        ),
        (
            "12-veto-1",
            "zhao",
            "quarter",
            "2022-Q1",
            "2022-02  0.0（第3号“弄虚作假”（2022-03-05）一票否决，2022-01-01至2022-03-31清零）",
            "wiped out by the veto no. 3, 弄虚作假, of 2022-03-05: nothing counts from 2022-01-01 to 2022-03-31",
        ),
        ("04-points-6", "zhao", "month", "2022-05", "1000 × 0.01 + 400 × 0.0025 = 11.0", "= 11.0"),
        (
            "04-points-4",
            "zhao",
            "month",
            "2022-05",
            "县级 20分：国家级 = 100.0",
            "county 20 points: national = 100.0",
        ),
        (
            "04-points-8",
            "zhao",
            "month",
            "2022-05",
            "由评议小组确定：7.5 = 7.5",
            "decided by the panel: 7.5 = 7.5",
        ),
        (
            "04-points-3",
            "zhao",
            "month",
            "2022-05",
            "每人1.5分 × 3 = 4.5",
            "per member of the household × 3 = 4.5",
        ),
        ("01-scheme-4", "zhao", "month", "2022-05", "2星 = 2", "2 stars = 2"),
        ("03-match-3", "qian", "month", "2022-05", "不适用于该类别", "the item is not for this class"),
        ("03-match-2", "zhao", "month", "2022-04", "不在册，不计", "did not take part"),
        ("03-match-1", "zhao", "month", "2022-02", "当天细则尚未施行", "no version was in force on that day"),
        ("14-versions-3", "zhao", "month", "2022-07", "没有这一项", "has no such item"),
        ("13-reversal-2", "zhao", "month", "2022-05", "已撤销，不计", "taken back, does not count"),
        (
            "14-versions-1",
            "zhao",
            "month",
            "2022-03",
            "按：2022-03-01起施行的版本",
            "Under: the version in force from 2022-03-01",
        ),
        (
            "16-totals-4",
            "zhao",
            "month",
            "2022-01",
            "总分 -3.0 = 0.0 + -5.0（低于-3.0分按-3.0分计，补2.0分）",
            "not below -3.0: 2.0 added",
        ),
        ("17-rank-1", "sun", "month", "2022-05", "“1”组4个中第3名", "rank 3 of 4 in group 1"),
        (
            "17-rank-5",
            "qian",
            "month",
            "2022-05",
            "第3名，同分依次看得分、人口",
            "equals parted by points awarded, size",
        ),
        (
            "17-rank-4",
            "li",
            "month",
            "2022-05",
            "“1”组重点户2个中第1名，并列2个",
            "in group 1 of class 重点户, shared by 2",
        ),
        (
            "18-levels-1",
            "b",
            "year",
            "2022",
            "四星（总分1060.0，高于1040.0）",
            "the total 1060.0 is more than 1040.0",
        ),
        (
            "19-quotas-2",
            "b",
            "month",
            "2022-05",
            "优（名次1，在前30%之内（5个中1个））",
            "rank 1 is among the first 30% (1 of 5)",
        ),
        (
            "20-rulings-1",
            "zhao",
            "year",
            "2023",
            "由第1号“严重失信”（2022-05-05）直接定级",
            "set by the ruling no. 1",
        ),
        (
            "22-streaks-1",
            "zhao",
            "month",
            "2022-04",
            "不符合；总分5.0（低于1.0）；连续3期：2022-02成立、2022-03成立、2022-04不成立",
            "2022-04 did not hold",
        ),
        ("22-streaks-2", "qian", "month", "2022-03", "2022-01不在册", "2022-01 did not take part"),
        (
            "22-streaks-3",
            "zhao",
            "month",
            "2022-03",
            "连续3期：此前未结算、2022-02成立",
            "nothing settled before",
        ),
        (
            "23-outcomes-6",
            "sun",
            "month",
            "2022-05",
            "符合；有一票否决（要求有）",
            "follows; vetoed (asks for a veto)",
        ),
        (
            "24-shares-2",
            "qian",
            "year",
            "2022",
            "8.0 ÷ 全组 20.0 × 7分钱 = 2分钱，余下的按零头大小分得1分钱 = 3分钱",
            "of 7 fen = 2 fen, and 1 of what remained = 3 fen",
        ),
        (
            "02-rejected-2",
            "zhao",
            "month",
            "2022-05",
            "#1 2022-05-03 volunteering  quantity: missing",
            "Rows that could not be used",
        ),
    ],
)
def test_every_step_is_said_in_both_languages(
    tmp_path: Path, example: str, subject: str, kind: str, period: str, zh: str, en: str
) -> None:
    found, _ = explained(tmp_path, example, subject, kind, period)
    assert zh in explain_words.text(found, "zh")
    assert en in explain_words.text(found, "en")


@pytest.mark.parametrize("example", spec.SETTLED)
def test_every_total_of_the_manual_explains_itself(tmp_path: Path, example: str) -> None:
    settled = Settled(example, tmp_path)
    for total in settled.result.totals[:: max(1, len(settled.result.totals) // 8)]:
        found = settled.explained(total.subject, total.period_kind, total.period)
        assert (found.total, found.level) == (total.total, total.level)


@pytest.mark.parametrize(
    "change",
    [{"total": 1}, {"awarded": 1}, {"base": 1}, {"rank": 9}, {"level": "无"}, {"vetoed": True}],
    ids=lambda change: next(iter(change)),
)
def test_a_total_that_does_not_add_up_is_not_explained(tmp_path: Path, change: dict[str, Any]) -> None:
    found, result = explained(tmp_path, "24-shares-2", "qian", "year", "2022")
    totals = [replace(row, **change) if row.subject == "qian" else row for row in result.totals]
    with pytest.raises(explain.UnsoundExplanation, match=next(iter(change))):
        explain.check(found, replace(result, totals=totals))


def test_an_award_or_a_share_that_differs_is_found(tmp_path: Path) -> None:
    found, result = explained(tmp_path, "24-shares-2", "qian", "year", "2022")
    with pytest.raises(explain.UnsoundExplanation, match="share"):
        explain.check(found, replace(result, shares=[replace(row, fen=row.fen + 1) for row in result.shares]))
    with pytest.raises(explain.UnsoundExplanation, match="fact 2"):
        explain.check(found, replace(result, awards=[replace(row, price=1) for row in result.awards]))
    found, result = explained(tmp_path, "23-outcomes-6", "sun", "month", "2022-05")
    with pytest.raises(explain.UnsoundExplanation, match="outcomes"):
        explain.check(found, replace(result, outcomes=[]))


def test_the_settlement_reaches_back_for_streaks(tmp_path: Path) -> None:
    versions = spec.EXAMPLES["22-streaks-1"].load()
    assert str(explain.first_day(versions, "month", "2022-04")) == "2022-02-01"
    assert str(explain.first_day(versions, "quarter", "2022-Q2")) == "2022-04-01"


def test_plain_tables_are_settled_and_explained(tmp_path: Path) -> None:
    one = Settled("22-streaks-1", tmp_path)
    found = explain.settled(one.versions, one.rows.subjects, one.rows.facts, "zhao", "2022-08")
    assert [line.period for line in found.outcomes[0].streak] == ["2022-06", "2022-07", "2022-08"]
    assert found.outcomes[0].met
    one = Settled("21-standing-1", tmp_path)
    found = explain.settled(one.versions, one.rows.subjects, one.rows.facts, "zhao", "2022", standing=True)
    assert (found.total, found.level) == (11100, "高")
    with pytest.raises(explain.UnknownSubject):
        explain.settled(one.versions, one.rows.subjects, one.rows.facts, "nobody", "2022")
    with pytest.raises(explain.UnknownPeriod):
        explain.settled(one.versions, one.rows.subjects, one.rows.facts, "zhao", "2022-13")


def test_the_command_explains_from_files(tmp_path: Path) -> None:
    one = Settled("24-shares-2", tmp_path)
    (tmp_path / "scheme.yaml").write_text(features.document(one.example.scheme), encoding="utf-8")
    words = ["explain", str(tmp_path / "scheme.yaml"), "--subjects", str(tmp_path / "subjects.csv")]
    words += ["--facts", str(tmp_path / "facts.csv"), "--subject", "qian", "--period", "2022", "--pool", "7"]
    said = CliRunner().invoke(app, [*words, "--lang", "en"]).output
    assert "rank 1 of 4 in group 1, shared by 2" in said
    assert "1 of what remained = 3 fen" in said
    data = json.loads(CliRunner().invoke(app, [*words, "--json"]).output)
    assert data["share"]["fen"] == 3
    assert CliRunner().invoke(app, [*words, "--subject", "nobody"]).exit_code == 2
    assert CliRunner().invoke(app, [*words, "--period", "2022-13"]).exit_code == 2


def test_every_key_of_the_data_is_in_the_guide(tmp_path: Path) -> None:
    known = set(re.findall(r"`([a-z_]+)`", GUIDE.read_text(encoding="utf-8")))
    for example, subject, kind, period in (
        ("24-shares-2", "qian", "year", "2022"),
        ("23-outcomes-6", "sun", "month", "2022-05"),
        ("20-rulings-1", "zhao", "year", "2022"),
        ("02-rejected-2", "zhao", "month", "2022-05"),
        ("06-repeat-1", "zhao", "year", "2022"),
        ("07-best-of-1", "zhao", "month", "2022-05"),
        ("08-limits-4", "zhao", "month", "2022-06"),
        ("12-veto-1", "zhao", "quarter", "2022-Q1"),
    ):
        found, _ = explained(tmp_path, example, subject, kind, period)
        assert spec.keys(explain_words.as_data(found, "en")) - known == set()
