"""Goods, opening days, redemptions and receipts as the counter, the household and the auditor see them."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.core.errors import DomainError
from jizhi.people import selectors as people
from jizhi.people.rules import SubjectKind
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
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
    """A redemption as its receipt shows it; points in hundredths. `kind`: a household, or a person on its own."""

    id: int
    redemption: models.Redemption
    number: str
    village: str
    subject_id: int
    subject_label: str
    subject_key: str
    kind: SubjectKind
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
    """A household sees its own redemptions and those of whoever lives in it; staff those of the villages whose store
    or ledger they may see.
    """
    own = people.own_subject_ids(user, on=on)
    if own:
        return models.Redemption.objects.filter(subject__in=own)
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
        village=areas.named(row.village),
        subject_id=row.subject_id,
        subject_label=row.subject.label,
        subject_key=row.subject.key,
        kind=SubjectKind(row.subject.kind),
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
