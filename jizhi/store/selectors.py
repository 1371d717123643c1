"""The points store as the counter, the household, the auditor and the notice board see it."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import clock
from jizhi.core.errors import DomainError
from jizhi.ledger import selectors as ledger
from jizhi.notices import rules as notice_rules
from jizhi.notices import selectors as notices
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.settlement import rules as periods
from jizhi.store import models, rules


class NoSuchRedemption(DomainError):
    """The redemption does not exist, or is not the user's to see."""


class NoSuchGoods(DomainError):
    """The article does not exist, or lies outside the user's scope."""


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """An article on the shelf; the price in hundredths of a point."""

    id: int
    name: str
    name_en: str
    unit: str
    price: int
    stock: int
    on_sale: bool


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One article on a receipt."""

    name: str
    price: int
    quantity: int

    @property
    def points(self) -> int:
        return self.price * self.quantity


@dataclass(frozen=True, slots=True)
class Receipt:
    """A redemption as its receipt shows it; points in hundredths."""

    id: int
    redemption: models.Redemption
    number: str
    village: str
    subject_id: int
    subject_label: str
    subject_key: str
    points: int
    balance_after: int
    picked_up_by: str
    lines: list[ReceiptLine]
    redeemed_at: dt.datetime
    redeemed_by: str
    undone_at: dt.datetime | None
    undone_reason: str


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A stock move on the goods' page."""

    goods: str
    kind: rules.MoveKind
    quantity: int
    stock_after: int
    donor: str
    note: str
    receipt: str
    moved_at: dt.datetime
    moved_by: str


def goods_of(village: Area, *, on_sale_only: bool = False) -> list[GoodsLine]:
    """The village's goods, those on sale first, the cheapest first."""
    goods = models.Goods.objects.filter(village=village)
    if on_sale_only:
        goods = goods.filter(on_sale=True)
    return [
        GoodsLine(row.pk, row.name, row.name_en, row.unit, row.price, row.stock, row.on_sale) for row in goods
    ]


def goods_for_keeper(user: User, goods_id: int, *, on: dt.date) -> models.Goods:
    """An article of a store that the user keeps. Raises NoSuchGoods."""
    paths = posts.scope_paths(user, Action.KEEP_STORE, on)
    row = (
        models.Goods.objects.select_related("village")
        .filter(pk=goods_id, village__path__within=paths)
        .first()
    )
    if row is None:
        raise NoSuchGoods(_("没有这件物品，或者您无权管理。"))
    return row


def next_opening(village: Area, today: dt.date) -> dt.date:
    """The next day on which the store opens, today included: a regular day or an announced one."""
    pack = schemes.pack_of(village)
    day, every = (pack.opening_day, pack.opening_every) if pack else (1, "month")
    regular = rules.next_opening(today, day, every)
    announced = (
        models.OpeningDay.objects.filter(village=village, date__gte=today)
        .order_by("date")
        .values_list("date", flat=True)
        .first()
    )
    return min(regular, announced) if announced else regular


def is_open(village: Area, today: dt.date) -> bool:
    """Whether the store opens on that day."""
    return next_opening(village, today) == today


def visible_redemptions(user: User, on: dt.date) -> QuerySet[models.Redemption]:
    """A household sees its own redemptions; staff those of the villages whose store or ledger they may see."""
    own = people.subject_of_user(user, on=on)
    if own is not None:
        return models.Redemption.objects.filter(subject=own)
    paths = posts.scope_paths(user, Action.KEEP_STORE, on) + posts.scope_paths(user, Action.VIEW_LEDGER, on)
    return models.Redemption.objects.filter(village__path__within=paths)


def redemptions(
    user: User, *, on: dt.date, village_code: str = "", day: dt.date | None = None, words: str = ""
) -> QuerySet[models.Redemption]:
    """Redemptions by filter, newest first."""
    rows = visible_redemptions(user, on)
    if village_code:
        rows = rows.filter(village__code=village_code)
    if day:
        rows = rows.filter(redeemed_at__date=day)
    if words:
        rows = rows.filter(
            Q(number__icontains=words) | Q(subject__label__icontains=words) | Q(subject__key__icontains=words)
        )
    return rows.order_by("-id")


def receipts(rows: QuerySet[models.Redemption]) -> list[Receipt]:
    """Redemptions as receipts: two queries however many there are."""
    found = rows.select_related("village", "subject", "redeemed_by", "undoing").prefetch_related("lines")
    return [_receipt(row) for row in found]


def _receipt(row: models.Redemption) -> Receipt:
    undoing = getattr(row, "undoing", None)
    return Receipt(
        id=row.pk,
        redemption=row,
        number=row.number,
        village=row.village.name,
        subject_id=row.subject_id,
        subject_label=row.subject.label,
        subject_key=row.subject.key,
        points=row.points,
        balance_after=row.balance_after,
        picked_up_by=row.picked_up_by,
        lines=[ReceiptLine(line.name, line.price, line.quantity) for line in row.lines.all()],
        redeemed_at=row.redeemed_at,
        redeemed_by=row.redeemed_by.display_name,
        undone_at=undoing.undone_at if undoing else None,
        undone_reason=undoing.reason if undoing else "",
    )


def receipt(user: User, redemption_id: int, *, on: dt.date) -> Receipt:
    """One receipt. Raises NoSuchRedemption."""
    found = receipts(visible_redemptions(user, on).filter(pk=redemption_id))
    if not found:
        raise NoSuchRedemption(_("没有这笔兑换，或者您无权查看。"))
    return found[0]


def receipts_of_subject(subject_id: int, *, limit: int = 20) -> list[Receipt]:
    """A household's receipts, newest first."""
    return receipts(models.Redemption.objects.filter(subject_id=subject_id).order_by("-id")[:limit])


def stock_moves(village: Area, *, goods_id: int | None = None, limit: int = 200) -> list[MoveLine]:
    """The latest stock moves of a village's store, newest first."""
    rows = models.StockMove.objects.filter(goods__village=village).select_related(
        "goods", "redemption", "moved_by"
    )
    if goods_id:
        rows = rows.filter(goods_id=goods_id)
    return [
        MoveLine(
            goods=row.goods.name,
            kind=rules.MoveKind(row.kind),
            quantity=row.quantity,
            stock_after=row.stock_after,
            donor=row.donor,
            note=row.note,
            receipt=row.redemption.number if row.redemption else "",
            moved_at=row.moved_at,
            moved_by=row.moved_by.display_name,
        )
        for row in rows[:limit]
    ]


@dataclass(frozen=True, slots=True)
class NoticedRedemptions:
    """What a household fetched in a period, as a notice says it; points in hundredths."""

    no: str
    head: str
    goods: list[tuple[str, int]]
    points: int


@dataclass(frozen=True, slots=True)
class OtherRedemptions:
    """Households that a notice does not name, together."""

    households: int
    points: int


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
    """What the notice of a period's redemptions says, as it would be stored.

    Whoever spent what unpublished acts brought is not named, but stands in a line with others who are not, either.
    """
    document = schemes.scheme_on(village, scheme, period.end)
    done = models.Redemption.objects.filter(
        village=village, undoing=None, redeemed_at__date__range=(period.start, period.end)
    )
    names = notices.names(village, on=on)
    goods: dict[str, Counter[str]] = {}
    points: Counter[str] = Counter()
    for row in done.select_related("subject").prefetch_related("lines").order_by("id"):
        key = row.subject.key
        points[key] += row.points
        for line in row.lines.all():
            goods.setdefault(key, Counter())[line.name] += line.quantity
    secret = ledger.subjects_with_unpublished_points(village, scheme)
    possible = any(item.spendable and not item.published for item in document.items)
    apart = kept_apart(points, secret & points.keys(), possible=possible)
    return {
        "title": document.title.zh,
        "title_en": document.title.say("en"),
        "rows": sorted(
            (
                {
                    "no": names[key][0],
                    "head": names[key][1],
                    "goods": sorted(goods[key].items()),
                    "points": points[key],
                }
                for key in points
                if key not in apart
            ),
            key=lambda row: str(row["no"]),
        ),
        "others": {"households": len(apart), "points": sum(points[key] for key in apart)} if apart else None,
        "goods": _goods_account(village, period),
        "count": done.count(),
        "points": sum(points.values()),
    }


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
                row["no"], row["head"], [(name, number) for name, number in row["goods"]], row["points"]
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
