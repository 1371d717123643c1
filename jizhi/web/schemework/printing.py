"""What the editor prints: how points are earned under a draft, and the sheet of a simulation for the assembly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from jizhi.drafting.selectors import DraftPage, SimulationPage
from jizhi.prints import pdf
from jizhi.prints.forms import Column
from jizhi.prints.reports import Report, ReportTable
from jizhi.web.schemework.templatetags import schemework as words
from jizhi.web.templatetags import jizhi as tags

NUMBER, TEXT = "right", "left"


def _language() -> str:
    return "en" if tags.in_english() else "zh"


def _columns(*titles: tuple[str, str, int]) -> tuple[Column, ...]:
    return tuple(Column(title, align, width) for title, align, width in titles)


def items_sheet(found: DraftPage, lines: Sequence[Any]) -> bytes:
    """How points are earned: every item by kind and chapter, with its price and limits."""
    columns = _columns(
        (gettext("条目"), TEXT, 3), (gettext("分值"), TEXT, 3), (gettext("上限"), TEXT, 3),
        (gettext("谁可以申报"), TEXT, 2),
    )  # fmt: skip
    chapters: dict[str, list[tuple[str, ...]]] = {}
    for line in lines:
        row = (tags.say(line.title), line.price, line.limits or "—", line.channels or "—")
        chapters.setdefault(line.section or gettext("不分章节"), []).append(row)
    tables = tuple(ReportTable(title, columns, tuple(rows)) for title, rows in chapters.items())
    return pdf.render(
        "report",
        Report(
            lang=_language(), issuer=tags.named(found.area), title=words.draft_title(found.line),
            subtitle=gettext("草案，自 %(day)s起适用") % {"day": tags.day(found.line.applies_from_date)},
            tables=tables, digest=found.digest,
            note=gettext("这是草案，村民会议表决通过并备案以后才能启用。"),
        ),
    )  # fmt: skip


def simulation_sheet(
    found: DraftPage,
    result: SimulationPage,
    *,
    groups: Sequence[tuple[str, Sequence[tuple[str, Any]]]],
    levels: Sequence[tuple[str, int, int]],
    outcomes: Sequence[tuple[str, int, int]],
    differences: Sequence[Any],
) -> bytes:
    """What is changed, who gains and who loses, and what it costs; nobody is named."""
    assert result.all is not None
    tables = [_differences(differences)] if differences else []
    tables += [_group(title, rows, result) for title, rows in groups]
    tables += [_counts(gettext("等级"), levels)] if result.levels else []
    tables += [_counts(gettext("结果运用"), outcomes)] if outcomes else []
    tables.append(_buckets(result))
    return pdf.render(
        "report",
        Report(
            lang=_language(), issuer=tags.named(found.area), title=gettext("积分细则草案试算"),
            subtitle=words.draft_title(found.line), facts=_facts(result), tables=tuple(tables),
            note=gettext("按村里认定过的事实重新计算，供表决前参考；不影响任何人现在的积分。"), digest=result.digest,
        ),
    )  # fmt: skip


def _facts(result: SimulationPage) -> tuple[tuple[str, str], ...]:
    assert result.all is not None
    span = gettext("%(first)s至%(last)s，%(facts)s 条事实") % {
        "first": tags.day(result.from_date), "last": tags.day(result.to_date), "facts": tags.grouped(result.facts),
    }  # fmt: skip
    counts = gettext("%(gain)s 户增加，%(loss)s 户减少，%(same)s 户不变") % {
        "gain": tags.grouped(result.all.winners), "loss": tags.grouped(result.all.losers),
        "same": tags.grouped(result.all.unchanged),
    }  # fmt: skip
    cost = gettext("现行 %(old)s，草案 %(new)s（一分 %(rate)s）") % {
        "old": tags.fen(result.old_fen), "new": tags.fen(result.new_fen), "rate": tags.fen(result.fen_per_point),
    }  # fmt: skip
    villages = "、".join(result.villages[:12]) + ("…" if len(result.villages) > 12 else "")
    return (
        (gettext("村（社区）"), villages),
        (gettext("用的事实"), span),
        (gettext("谁多谁少"), counts),
        (gettext("兑换开支"), cost),
    )


def _differences(found: Sequence[Any]) -> ReportTable:
    columns = _columns((gettext("规定"), TEXT, 2), (gettext("现在"), TEXT, 3), (gettext("草案"), TEXT, 3))
    rows = [
        (
            f"{tags.say(one.title)} {line.name}".strip() if one.fate == "changed" else
            f"{tags.say(one.title)}（{words.fate_word(one.fate)}）{line.name}",
            line.before or "—",
            line.after or "—",
        )
        for one in found
        if one.fate != "moved"
        for line in (one.lines if one.fate == "changed" else _main(one.lines))
    ]  # fmt: skip
    return ReportTable(gettext("改了哪些规定"), columns, tuple(rows))


def _main(lines: Sequence[Any]) -> Sequence[Any]:
    """Of what is new or gone the price is enough on paper."""
    return [
        line for line in lines if line.name in (gettext("分值"), gettext("上限"), gettext("效力"))
    ] or lines[:1]


def _group(title: str, rows: Sequence[tuple[str, Any]], result: SimulationPage) -> ReportTable:
    columns = _columns(
        (gettext("哪些户"), TEXT, 3), (gettext("户数"), NUMBER, 1), (gettext("增加"), NUMBER, 1),
        (gettext("减少"), NUMBER, 1), (gettext("不变"), NUMBER, 1), (gettext("户均变化"), NUMBER, 2),
        (gettext("兑换变化（元）"), NUMBER, 2),
    )  # fmt: skip
    cells = [
        (
            name, tags.grouped(one.subjects), tags.grouped(one.winners), tags.grouped(one.losers),
            tags.grouped(one.unchanged), tags.signed_points(one.mean_change, 2), str(words.group_cost(one, result)),
        )
        for name, one in rows
    ]  # fmt: skip
    return ReportTable(title, columns, tuple(cells))


def _counts(title: str, lines: Sequence[tuple[str, int, int]]) -> ReportTable:
    columns = _columns((gettext("名称"), TEXT, 3), (gettext("现在"), NUMBER, 1), (gettext("草案"), NUMBER, 1))
    return ReportTable(
        title, columns, tuple((name, tags.grouped(old), tags.grouped(new)) for name, old, new in lines)
    )


def _buckets(result: SimulationPage) -> ReportTable:
    columns = _columns(
        (gettext("总分从"), TEXT, 2), (gettext("现在（户）"), NUMBER, 1), (gettext("草案（户）"), NUMBER, 1)
    )
    rows = tuple(
        (tags.points(one.points_from), tags.grouped(one.old), tags.grouped(one.new)) for one in result.buckets
    )
    return ReportTable(gettext("各户总分的分布"), columns, rows)
