"""Goods, stock and redemptions. Stock and wallet move in one transaction; a repeat of a request is harmless."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.ledger import selectors as ledger
from jizhi.ledger import services as ledger_services
from jizhi.notices import models as notice_models
from jizhi.notices import rules as notice_rules
from jizhi.notices import selectors as notices
from jizhi.notices import services as notice_services
from jizhi.people.models import Subject
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.store import models, rules, selectors


class BadGoods(DomainError):
    """The article's name, price or number cannot be right."""


class StoreClosed(DomainError):
    """Today is no opening day."""


class OutOfStock(DomainError):
    """There is not as much on the shelf as was asked for."""


class NothingChosen(DomainError):
    """No goods were chosen."""


class CannotUndo(DomainError):
    """The redemption was undone before, or has no reason."""


@transaction.atomic
def save_goods(
    *,
    village: Area,
    goods: models.Goods | None = None,
    name: str,
    name_en: str = "",
    unit: str,
    price: int,
    on_sale: bool = True,
    by: User,
    at: dt.datetime,
) -> models.Goods:
    """Put an article on the list or change it; `price` in hundredths of a point. Raises BadGoods."""
    posts.check_can(by, Action.KEEP_STORE, village, clock.day_of(at))
    if not name.strip():
        raise BadGoods(_("请填写物品名称。"), place="name")
    if price <= 0:
        raise BadGoods(_("兑换所需积分须大于0。"), place="price")
    same = models.Goods.objects.filter(village=village, name=name.strip()).first()
    if same is not None and same != goods:
        raise BadGoods(_("已经有同名的物品。"), place="name")
    before = {"name": goods.name, "price": goods.price} if goods else {}
    goods = goods or models.Goods(village=village)
    goods.name, goods.name_en, goods.unit = name.strip(), name_en.strip(), unit.strip()
    goods.price, goods.on_sale = price, on_sale
    goods.save()
    audit.record_event(
        by=by,
        at=at,
        verb="goods.save",
        target=goods,
        area_path=village.path,
        detail={"before": before, "after": {"name": goods.name, "price": goods.price}},
    )
    return goods


@transaction.atomic
def receive_goods(
    *, goods: models.Goods, quantity: int, donor: str = "", note: str = "", by: User, at: dt.datetime
) -> models.StockMove:
    """Goods came in, bought or given. Raises BadGoods unless the quantity is positive."""
    posts.check_can(by, Action.KEEP_STORE, goods.village, clock.day_of(at))
    if quantity <= 0:
        raise BadGoods(_("数量须大于0。"), place="quantity")
    locked = models.Goods.objects.select_for_update().get(pk=goods.pk)
    return _move(locked, rules.MoveKind.RECEIVE, quantity, by, at, donor=donor.strip(), note=note.strip())


@transaction.atomic
def count_stock(
    *, goods: models.Goods, counted: int, note: str, by: User, at: dt.datetime
) -> models.StockMove | None:
    """Stock-taking: the shelf holds `counted`. A difference is booked with its reason; none is booked without one."""
    posts.check_can(by, Action.KEEP_STORE, goods.village, clock.day_of(at))
    locked = models.Goods.objects.select_for_update().get(pk=goods.pk)
    if counted < 0:
        raise BadGoods(_("盘点数量不能小于0。"), place="counted")
    if counted == locked.stock:
        return None
    if not note.strip():
        raise BadGoods(_("实际数量与账面不符，请写明原因。"), place="note")
    return _move(locked, rules.MoveKind.COUNT, counted - locked.stock, by, at, note=note.strip())


def _move(
    goods: models.Goods,
    kind: rules.MoveKind,
    quantity: int,
    by: User,
    at: dt.datetime,
    *,
    donor: str = "",
    note: str = "",
    redemption: models.Redemption | None = None,
) -> models.StockMove:
    goods.stock += quantity
    goods.save(update_fields=["stock"])
    return models.StockMove.objects.create(
        goods=goods,
        kind=kind,
        quantity=quantity,
        stock_after=goods.stock,
        donor=donor,
        note=note,
        redemption=redemption,
        moved_at=at,
        moved_by=by,
    )


@transaction.atomic
def announce_opening(
    *, village: Area, date: dt.date, reason: str, by: User, at: dt.datetime
) -> models.OpeningDay:
    """Open the store on one more day. The same day twice is one opening."""
    posts.check_can(by, Action.KEEP_STORE, village, clock.day_of(at))
    if date < clock.day_of(at):
        raise BadGoods(_("开放日不能早于今天。"), place="date")
    if not reason.strip():
        raise BadGoods(_("请写明加开的原因。"), place="reason")
    day, _created = models.OpeningDay.objects.get_or_create(
        village=village,
        date=date,
        defaults={"reason": reason.strip(), "announced_at": at, "announced_by": by},
    )
    audit.record_event(by=by, at=at, verb="store.announce", target=day, area_path=village.path)
    return day


@transaction.atomic
def redeem(
    *,
    subject: Subject,
    basket: Mapping[int, int],
    picked_up_by: str = "",
    request_key: str,
    by: User,
    at: dt.datetime,
) -> models.Redemption:
    """Hand out goods for points: `basket` maps goods numbers to quantities.

    All or nothing; the same `request_key` again gives the redemption that is there. Raises StoreClosed,
    NothingChosen, OutOfStock, ledger_services.NotEnoughPoints.
    """
    village = subject.village
    today = clock.day_of(at)
    posts.check_can(by, Action.REDEEM, village, today)
    ledger_services.lock_villages([village.pk])
    ledger_services.lock_subjects([subject.pk])
    present = models.Redemption.objects.filter(request_key=request_key).first()
    if present is not None:
        return present
    if not selectors.is_open(village, today):
        raise StoreClosed(
            _("今天不是开放日。下一个开放日是%(day)s。")
            % {"day": selectors.next_opening(village, today).isoformat()}
        )
    goods = _locked_goods(village, basket)
    points = sum(row.price * basket[row.pk] for row in goods)
    ledger_services.spend(subject=subject, points=points, request_key=f"redeem:{request_key}", by=by, at=at)
    redemption = models.Redemption.objects.create(
        village=village,
        subject=subject,
        number=_next_number(village, today),
        points=points,
        balance_after=ledger.wallet_of(subject.pk, moves=0).balance,
        picked_up_by=picked_up_by.strip(),
        request_key=request_key,
        redeemed_at=at,
        redeemed_by=by,
    )
    models.RedemptionLine.objects.bulk_create(
        [
            models.RedemptionLine(
                redemption=redemption, goods=row, name=row.name, price=row.price, quantity=basket[row.pk]
            )
            for row in goods
        ]
    )
    for row in goods:
        _move(row, rules.MoveKind.REDEEM, -basket[row.pk], by, at, redemption=redemption)
    audit.record_event(
        by=by,
        at=at,
        verb="store.redeem",
        target=redemption,
        area_path=village.path,
        detail={"number": redemption.number, "points": points},
    )
    return redemption


def _locked_goods(village: Area, basket: Mapping[int, int]) -> list[models.Goods]:
    """The chosen goods, locked in the order of their numbers, all on sale and in stock."""
    if not basket or any(quantity <= 0 for quantity in basket.values()):
        raise NothingChosen(_("请选择物品和数量。"), place="basket")
    goods = list(
        models.Goods.objects.select_for_update()
        .filter(pk__in=basket, village=village, on_sale=True)
        .order_by("pk")
    )
    if len(goods) != len(basket):
        raise OutOfStock(_("有物品已经下架，请刷新后再选。"), place="basket")
    for row in goods:
        if row.stock < basket[row.pk]:
            raise OutOfStock(
                _("“%(goods)s”只剩%(stock)s%(unit)s。")
                % {"goods": row.name, "stock": row.stock, "unit": row.unit},
                place="basket",
            )
    return goods


def _next_number(village: Area, today: dt.date) -> str:
    """The next receipt number of the day; the caller has locked the village's row so that no two are the same."""
    prefix = rules.receipt_number(village.code, today, 0)[:-4]
    last = (
        models.Redemption.objects.filter(village=village, number__startswith=prefix)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    return rules.receipt_number(village.code, today, int(last[-4:]) + 1 if last else 1)


@transaction.atomic
def undo_redemption(
    *, redemption: models.Redemption, reason: str, by: User, at: dt.datetime
) -> models.Undoing:
    """Goods back on the shelf, points back in the wallet, with the reason. Raises CannotUndo."""
    posts.check_can(by, Action.REDEEM, redemption.village, clock.day_of(at))
    ledger_services.lock_villages([redemption.village_id])
    ledger_services.lock_subjects([redemption.subject_id])
    if models.Undoing.objects.filter(redemption=redemption).exists():
        raise CannotUndo(_("这笔兑换已经撤销过了。"))
    if not reason.strip():
        raise CannotUndo(_("请写明撤销的原因。"), place="reason")
    transfer = ledger.transfer_by_key(f"redeem:{redemption.request_key}")
    assert transfer is not None
    ledger_services.refund(transfer=transfer, request_key=f"undo:{redemption.request_key}", by=by, at=at)
    notice_services.hold_owed([redemption.subject_id], by, at)
    lines = list(redemption.lines.order_by("goods_id"))
    locked = {
        row.pk: row
        for row in models.Goods.objects.select_for_update()
        .filter(pk__in=[line.goods_id for line in lines])
        .order_by("pk")
    }
    for line in lines:
        _move(
            locked[line.goods_id],
            rules.MoveKind.UNDO,
            line.quantity,
            by,
            at,
            note=reason.strip(),
            redemption=redemption,
        )
    undoing = models.Undoing.objects.create(
        redemption=redemption, reason=reason.strip(), undone_at=at, undone_by=by
    )
    audit.record_event(
        by=by,
        at=at,
        verb="store.undo",
        target=redemption,
        area_path=redemption.village.path,
        detail={"number": redemption.number, "reason": reason.strip()},
    )
    return undoing


@transaction.atomic
def post_redemptions(
    *, village: Area, scheme: str, period: str, by: User, at: dt.datetime
) -> notice_models.Notice:
    """Post what was redeemed in a period, and what came in and went out. Raises notice_services.CannotPost."""
    kind = notice_rules.NoticeKind.REDEMPTIONS
    content = selectors.redemption_content(
        village=village, scheme=scheme, period=notices.period_for(kind, period), on=clock.day_of(at)
    )
    return notice_services.post_content(
        village=village, scheme=scheme, period=period, kind=kind, content=content, by=by, at=at
    )
