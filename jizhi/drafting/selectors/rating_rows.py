"""The items of a draft as rows of a rating table, in words that the reader of such tables takes back."""

from __future__ import annotations

from typing import Any

from jizhi.drafting.selectors.drafts import DraftPage
from jizhi.drafting.selectors.reading import item_alone
from jizhi.engine import describe
from jizhi.engine.document.item import Item
from jizhi.engine.document.points import Between, Each, Fixed, Grades, Ladder
from jizhi.engine.editing import written
from jizhi.sheets import ratings


def rating_rows(page: DraftPage) -> list[dict[str, Any]]:
    """One item a row, Chinese as the table is; forms of points that a cell cannot hold are in words all the same."""
    found = page.document
    titles = {one.id: one.title.zh for one in found.scheme.sections} if found.scheme else {}
    items = [item for row in found.rows if (item := item_alone(row))]
    return [_row(item, titles) for item in items]


def _row(item: Item, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "id": item.id,
        "section": titles.get(item.section, item.section),
        "title": item.title.zh,
        "kind": ratings.KINDS.get(item.kind, (describe.kind(item, "zh"),))[0],
        "points": _points(item),
        "limits": "；".join(describe.limit(one, "zh") for one in item.limits),
        "claim": "、".join(describe.channel(one, "zh") for one in item.claim),
        "evidence": "、".join(describe.evidence(one, "zh") for one in item.evidence),
        "spendable": item.spendable,
        "description": item.description.zh if item.description else None,
        "reference": item.reference.zh if item.reference else None,
    }


def _points(item: Item) -> str:
    match item.points:
        case Fixed(fixed=amount):
            return written.number(amount)
        case Each(each=amount, per=per):
            unit = "户内人口" if item.points.per_member else describe.word(per, "zh")
            return f"每{unit}{written.number(amount)}分"
        case Grades(grades=grades):
            return "、".join(
                f"{describe.grade(key, one.title, 'zh')}{written.number(one.points)}"
                for key, one in grades.items()
            )
        case Ladder(ladder=steps):
            return "/".join(written.number(one) for one in steps)
        case Between(between=(low, high)):
            return f"{written.number(low)}-{written.number(high)}分"
    return describe.price(item, "zh")
