"""Goods of the points store: the list, one article with its stock moves, receiving, stock-taking."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jizhi.core.points import format_points
from jizhi.posts.rules import Action
from jizhi.store import selectors, services
from jizhi.web.desk import listing, scope
from jizhi.web.pages import done, guarded, page_or_partial, staff_page
from jizhi.web.register import lookups
from jizhi.web.register.exports import store as exports
from jizhi.web.register.forms import store as forms


def _list(request: HttpRequest) -> tuple[forms.GoodsSearch, Any, list[selectors.GoodsLine]]:
    villages = scope.villages(request, Action.KEEP_STORE)
    search = forms.GoodsSearch(request.GET, villages=villages)
    village = scope.village(request, Action.KEEP_STORE, search.value("village") if len(villages) > 1 else "")
    words, shown = search.value("q").lower(), search.value("shown")
    lines = [
        line
        for line in selectors.goods_of(village)
        if _shown(line, shown) and (words in line.name.lower() or words in line.name_en.lower())
    ]
    return search, village, lines


def _shown(line: selectors.GoodsLine, shown: str) -> bool:
    if shown == "low":
        return line.on_sale and line.stock <= exports.LOW
    return shown not in ("on", "off") or line.on_sale == (shown == "on")


@staff_page(action=Action.KEEP_STORE)
def goods(request: HttpRequest) -> HttpResponse:
    """The shelf: what there is, for how many points, how many are left."""
    search, village, lines = _list(request)
    return page_or_partial(
        request,
        "register/goods/list.html",
        search=search,
        village=village,
        page=listing.page_of(request, lines, list),
        filtered=bool(search.value("q") or search.value("shown")),
        low=exports.LOW,
    )


@staff_page(action=Action.KEEP_STORE)
def goods_export(request: HttpRequest) -> HttpResponse:
    """The shelf and its stock moves as a workbook."""
    _search, village, lines = _list(request)
    moves = selectors.stock_moves(village, limit=5000)
    return exports.goods(village, lines, moves, request.at)


@staff_page(action=Action.KEEP_STORE)
def article_new(request: HttpRequest) -> HttpResponse:
    """Put an article on the list."""
    village = scope.village(request, Action.KEEP_STORE, request.GET.get("village", ""))
    form = forms.ArticleForm(request.POST or None)
    if form.is_valid():
        with guarded(request, form):
            row = services.save_goods(village=village, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("已登记，请办理入库。"), "register:article", row.pk)
    return page_or_partial(request, "register/goods/new.html", form=form, village=village)


@staff_page(action=Action.KEEP_STORE)
def article(request: HttpRequest, goods_id: int) -> HttpResponse:
    """One article: its data, its stock, its moves."""
    row = lookups.article(request, goods_id)
    form = forms.ArticleForm(request.POST or None, initial=_initial(row))
    if form.is_valid():
        with guarded(request, form):
            services.save_goods(
                village=row.village, goods=row, by=request.user, at=request.at, **form.cleaned_data
            )
            return done(request, gettext("已保存。"), "register:article", goods_id)
        row = lookups.article(request, goods_id)
    return _page(request, row, form=form)


def _initial(row: Any) -> dict[str, Any]:
    fields = {name: getattr(row, name) for name in ("name", "name_en", "unit", "on_sale")}
    return fields | {"price": format_points(row.price)}


def _page(request: HttpRequest, row: Any, **bound: Any) -> HttpResponse:
    refused = any(form.is_bound and form.errors for form in bound.values())
    context = {
        "article": row,
        "form": forms.ArticleForm(initial=_initial(row)),
        "receiving": forms.ReceivingForm(),
        "counting": forms.CountingForm(),
        "moves": selectors.stock_moves(row.village, goods_id=row.pk),
        "today": localdate(request.at),
    }
    status = 422 if refused else 200
    return page_or_partial(request, "register/goods/article.html", status=status, **context | bound)


@staff_page(action=Action.KEEP_STORE)
@require_POST
def receiving(request: HttpRequest, goods_id: int) -> HttpResponse:
    """Goods came in, bought or given."""
    row, form = lookups.article(request, goods_id), forms.ReceivingForm(request.POST)
    if form.is_valid():
        with guarded(request, form):
            services.receive_goods(goods=row, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("已入库。"), "register:article", goods_id)
    return _page(request, row, receiving=form)


@staff_page(action=Action.KEEP_STORE)
@require_POST
def counting(request: HttpRequest, goods_id: int) -> HttpResponse:
    """Stock-taking: what the shelf really holds."""
    row, form = lookups.article(request, goods_id), forms.CountingForm(request.POST)
    if form.is_valid():
        with guarded(request, form):
            move = services.count_stock(goods=row, by=request.user, at=request.at, **form.cleaned_data)
            text = gettext("盘点差异已记入。") if move else gettext("账实相符，没有变动。")
            return done(request, text, "register:article", goods_id)
    return _page(request, row, counting=form)
