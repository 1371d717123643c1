"""What a period's redemptions are on the notice board: who fetched what, and what came in and went out."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import clock
from jizhi.ledger import selectors as ledger
from jizhi.notices import rules as notice_rules
from jizhi.notices import selectors as notices
from jizhi.participants import selectors as participants
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.settlement import rules as periods
from jizhi.store import models, rules


@dataclass(frozen=True, slots=True)
class NoticedRedemptions:
    """What a household or person fetched in a period, as a notice says it; points in hundredths.

    Of a person `scheme` is the title of the scheme under whose points it was: numbers are those of its list.
    """

    no: str
    head: str
    goods: list[tuple[str, int]]
    points: int
    scheme: str = ""
    scheme_en: str = ""


@dataclass(frozen=True, slots=True)
class OtherRedemptions:
    """Households and persons that a notice does not name, together."""

    households: int
    points: int
    persons: int = 0


@dataclass(frozen=True, slots=True)
class NoticedGoods:
    """What came in and went out of an article in a period, and what was on the shelf at its end."""

    name: str
    unit: str
    donated: int
    received: int
    used: int
    counted: int
    stock: int


@dataclass(frozen=True, slots=True)
class RedemptionNotice:
    """The redemptions of a period as posted."""

    rows: list[NoticedRedemptions]
    others: OtherRedemptions | None
    goods: list[NoticedGoods]
    count: int
    points: int


def redemption_content(*, village: Area, scheme: str, period: periods.Period, on: dt.date) -> dict[str, Any]:
    """What the notice of a period's redemptions says, as it would be stored: of households, and of persons with points
    of their own, under masked names.

    Whoever spent what unpublished acts brought is not named, but stands in a line with others who are not, either.
    """
    in_force = {one.id: one for one in participants.schemes_in_force(village, period.end)}
    document = schemes.scheme_on(village, scheme, period.end)
    done = models.Redemption.objects.filter(
        village=village, undoing=None, redeemed_at__date__range=(period.start, period.end)
    )
    names = notices.names(village, on=on)
    goods: dict[str, Counter[str]] = {}
    points: Counter[str] = Counter()
    titles: dict[str, Any] = {}
    for row in done.select_related("subject").prefetch_related("lines").order_by("id"):
        key = row.subject.key
        points[key] += row.points
        if row.subject.scheme in in_force:
            titles[key] = in_force[row.subject.scheme].title
        for line in row.lines.all():
            goods.setdefault(key, Counter())[line.name] += line.quantity
    secret = {key for one in in_force for key in ledger.subjects_with_unpublished_points(village, one)}
    possible = any(item.spendable and not item.published for one in in_force.values() for item in one.items)
    apart = kept_apart(points, secret & points.keys(), possible=possible)
    shown = [
        {
            "no": names[key][0],
            "head": names[key][1],
            "goods": sorted(goods[key].items()),
            "points": points[key],
        }
        | ({"scheme": titles[key].zh, "scheme_en": titles[key].say("en")} if key in titles else {})
        for key in points
        if key not in apart
    ]
    return {
        "title": document.title.zh,
        "title_en": document.title.say("en"),
        "rows": sorted(shown, key=lambda row: (str(row.get("scheme", "")), str(row["no"]))),
        "others": _others(apart, points, titles),
        "goods": _goods_account(village, period),
        "count": done.count(),
        "points": sum(points.values()),
    }


def _others(
    apart: Collection[str], points: Mapping[str, int], titles: Collection[str]
) -> dict[str, int] | None:
    """The line of those who are not named; None where all are."""
    if not apart:
        return None
    persons = sum(key in titles for key in apart)
    line = {"households": len(apart) - persons, "points": sum(points[key] for key in apart)}
    return line | ({"persons": persons} if persons else {})


def kept_apart(points: Mapping[str, int], secret: Collection[str], *, possible: bool) -> set[str]:
    """Who stands in the line of others: those with a secret, and as many without as hide them.

    At least one household without a secret for each with one, and never fewer than a small group of them. Where so
    few came that this could not be, nobody is named under a scheme that makes secrets `possible`.
    """
    if possible and len(points) < 2 * max(len(secret), notice_rules.SMALL_GROUP):
        return set(points)
    if not secret:
        return set()
    cover = sorted((key for key in points if key not in secret), key=lambda key: (points[key], key))
    return {*secret, *cover[: max(len(secret), notice_rules.SMALL_GROUP)]}


def _goods_account(village: Area, period: periods.Period) -> list[dict[str, Any]]:
    """What moved in a period, article by article; the stock is that of the period's end."""
    found: dict[int, dict[str, Any]] = {}
    moves = models.StockMove.objects.filter(goods__village=village, moved_at__date__lte=period.end)
    for move in moves.select_related("goods").order_by("id"):
        row = found.setdefault(
            move.goods_id,
            {
                "name": move.goods.name, "unit": move.goods.unit, "donated": 0, "received": 0, "used": 0,
                "counted": 0, "stock": 0,
            },
        )  # fmt: skip
        row["stock"] = move.stock_after
        if clock.day_of(move.moved_at) >= period.start:
            row[_side(move)] += -move.quantity if _side(move) == "used" else move.quantity
    return sorted(found.values(), key=lambda row: str(row["name"]))


def _side(move: models.StockMove) -> str:
    """In which column of the account a move stands."""
    if move.kind == rules.MoveKind.RECEIVE:
        return "donated" if move.donor else "received"
    return "counted" if move.kind == rules.MoveKind.COUNT else "used"


def redemptions_of(content: dict[str, Any]) -> RedemptionNotice:
    """A stored content, read back."""
    return RedemptionNotice(
        rows=[
            NoticedRedemptions(
                row["no"],
                row["head"],
                [(name, number) for name, number in row["goods"]],
                row["points"],
                row.get("scheme", ""),
                row.get("scheme_en", ""),
            )
            for row in content["rows"]
        ],
        others=OtherRedemptions(**content["others"]) if content["others"] else None,
        goods=[NoticedGoods(**row) for row in content["goods"]],
        count=content["count"],
        points=content["points"],
    )


def redemption_preview(
    user: User, village: Area, scheme: str, period: str, *, on: dt.date
) -> notices.NoticePage:
    """The notice of a period's redemptions as it would be posted now."""
    posts.check_can(user, Action.POST_NOTICE, village, on)
    kind = notice_rules.NoticeKind.REDEMPTIONS
    span = notices.period_for(kind, period)
    found = redemption_content(village=village, scheme=scheme, period=span, on=on)
    return notices.shown_as(village, kind, period, found)
