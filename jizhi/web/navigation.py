"""Where each audience can go: tables of entries with their icon, URL name and permission.

Entries whose page does not exist or which the reader may not use are left out, so no link is dead. Add a page's entry
to the table of its audience.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone

from jizhi.core.text import N_
from jizhi.intake.kinds import KINDS
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


@dataclass(frozen=True)
class Entry:
    """One link; `needs` are arguments taken from the current page's address, such as the village code.

    `actions` stands where several permissions open the page; otherwise the page's own is asked.
    """

    title: str
    url_name: str
    icon: str
    actions: tuple[Action, ...] = ()  # any of them
    needs: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True)
class Link:
    """An entry as the template draws it."""

    title: str
    address: str
    icon: str
    here: bool
    group: str


PUBLIC = (
    Entry(N_("本村"), "public:village", "home", needs=("code",)),
    Entry(N_("积分细则"), "public:scheme", "book-2", needs=("code",)),
    Entry(N_("公示"), "public:notices", "speakerphone", needs=("code",)),
    Entry(N_("存证"), "public:seals", "shield-check", needs=("code",)),
)

RESIDENT = (
    Entry(N_("存折"), "resident:passbook", "notebook"),
    Entry(N_("我要申报"), "resident:claim_new", "clipboard-plus"),
    Entry(N_("公示"), "resident:notices", "speakerphone"),
    Entry(N_("我的"), "resident:me", "user"),
)

FIELD = (
    Entry(N_("今日"), "field:today", "checklist"),
    Entry(N_("待核实"), "field:claims", "clipboard-check"),
    Entry(N_("事件"), "field:matters", "flag"),
    Entry(N_("农户名册"), "field:households", "users"),
    Entry(N_("我的"), "field:me", "user"),
)

IMPORTING = tuple(dict.fromkeys(kind.action for kind in KINDS.values()))
DESK = (
    Entry(N_("待办"), "desk:todo", "layout-dashboard"),
    Entry(N_("积分申报"), "desk:claims", "clipboard-list", group=N_("积分")),
    Entry(N_("告知登记"), "desk:untold", "bell", group=N_("积分")),
    Entry(N_("纸质表"), "desk:papers", "clipboard-text", group=N_("积分")),
    Entry(N_("评议会"), "desk:meetings", "users-group", group=N_("积分")),
    Entry(N_("评议小组"), "desk:panels", "user-check", group=N_("积分")),
    Entry(N_("评议决定"), "desk:decisions", "gavel", group=N_("积分")),
    Entry(N_("乡镇裁定"), "desk:rulings", "scale", group=N_("积分")),
    Entry(N_("日记录"), "desk:daily", "notes", group=N_("积分")),
    Entry(N_("周报"), "desk:reports", "report-analytics", group=N_("积分")),
    Entry(N_("三方认定"), "desk:recognition", "checklist", group=N_("积分")),
    Entry(N_("从记录生成"), "desk:derived", "refresh", group=N_("积分")),
    Entry(N_("积分台账"), "desk:ledger", "list-details", group=N_("积分")),
    Entry(N_("公示"), "desk:notices", "speakerphone", group=N_("公示与结算")),
    Entry(N_("异议"), "desk:objections", "message-report", group=N_("公示与结算")),
    Entry(N_("结算"), "desk:settlements", "calculator", group=N_("公示与结算")),
    Entry(N_("积分超市"), "register:store", "building-store", group=N_("公示与结算")),
    Entry(N_("会议决议"), "fairwork:assemblies", "gavel", group=N_("公示与结算")),
    Entry(N_("积分资金"), "fairwork:funds", "coin", group=N_("公示与结算")),
    Entry(N_("承诺书"), "fairwork:pledges", "file-check", group=N_("公示与结算")),
    Entry(N_("公平性分析"), "fairwork:fairness", "scale", group=N_("公示与结算")),
    Entry(N_("活动"), "gridwork:activities", "calendar-event", group=N_("网格工作")),
    Entry(N_("群众需求"), "gridwork:needs", "heart-handshake", group=N_("网格工作")),
    Entry(N_("志愿队"), "gridwork:teams", "users-group", group=N_("网格工作")),
    Entry(N_("走访统计"), "gridwork:coverage", "chart-bar", group=N_("网格工作")),
    Entry(N_("走访记录"), "gridwork:visits", "list-check", group=N_("网格工作")),
    Entry(N_("事件"), "gridwork:matters", "flag", group=N_("网格工作")),
    Entry(N_("事件统计"), "gridwork:matter_coverage", "chart-bar", group=N_("网格工作")),
    Entry(N_("农户名册"), "register:households", "home-heart", group=N_("底册")),
    Entry(N_("人员名册"), "register:persons", "users", group=N_("底册")),
    Entry(N_("亲属关系"), "register:kin", "friends", group=N_("底册")),
    Entry(N_("积分主体"), "register:participants", "id-badge-2", group=N_("底册")),
    Entry(N_("户籍变动"), "register:changes", "switch-horizontal", group=N_("底册")),
    Entry(N_("积分细则"), "register:schemes", "book-2", group=N_("底册")),
    Entry(N_("细则草稿"), "schemework:drafts", "pencil", group=N_("底册")),
    Entry(N_("区划与网格"), "register:areas", "sitemap", group=N_("底册")),
    Entry(N_("组织"), "register:organisations", "hierarchy-2", group=N_("底册")),
    Entry(N_("双报到"), "register:reports", "heart-handshake", group=N_("底册")),
    Entry(N_("职务"), "register:post_list", "id-badge-2", group=N_("底册")),
    Entry(N_("我的积分"), "desk:own_points", "notebook", group=N_("底册")),
    Entry(N_("我的职务"), "register:own_posts", "id-badge-2", group=N_("底册")),
    Entry(N_("工作人员"), "register:posts", "users", group=N_("底册")),
    Entry(N_("导入表格"), "register:imports", "file-import", IMPORTING, group=N_("底册")),
    Entry(N_("接入系统"), "desk:systems", "key", group=N_("底册")),
    Entry(N_("操作记录"), "register:audit", "history", group=N_("底册")),
)

TABLES = {"public": PUBLIC, "resident": RESIDENT, "field": FIELD, "desk": DESK}


def links(request: HttpRequest, audience: str) -> list[Link]:
    """The entries of `audience` this reader can open from this page, in order."""
    addressed = [(entry, _address(entry, request)) for entry in TABLES[audience]]
    open_ones = [
        (entry, address) for entry, address in addressed if address and _may_open(entry, address, request)
    ]
    # Of the entries that lead here the longest is the page's own: one list may lie below another's address.
    nearest = max(
        (address for entry, address in open_ones if _is_here(entry, address, request)), key=len, default=""
    )
    return [
        Link(entry.title, address, entry.icon, address == nearest, entry.group)
        for entry, address in open_ones
    ]


def _address(entry: Entry, request: HttpRequest) -> str:
    match = request.resolver_match
    given = match.kwargs if match else {}
    try:
        return reverse(entry.url_name, kwargs={name: given[name] for name in entry.needs})
    except (NoReverseMatch, KeyError):
        return ""


def open_address(request: HttpRequest, url_name: str, *args: Any) -> str:
    """The page's address, or nothing where the reader's posts do not open it: no link leads to a refusal."""
    address = reverse(url_name, args=args)
    return address if _opens(request, _stated(address)) else ""


@functools.lru_cache(maxsize=1024)
def _stated(address: str) -> tuple[Action, ...]:
    """The permission that the view behind an address states."""
    action = getattr(getattr(resolve(address).func, "access", None), "action", None)
    return (action,) if action else ()


def _opens(request: HttpRequest, actions: tuple[Action, ...]) -> bool:
    """Whether the reader may do any of these somewhere today; asked for nothing, everybody may."""
    if not actions:
        return True
    if not request.user.is_authenticated:
        return False
    today = timezone.localdate(request.at)
    return any(posts.scope_paths(request.user, action, today) for action in actions)


def _may_open(entry: Entry, address: str, request: HttpRequest) -> bool:
    return _opens(request, entry.actions or _stated(address))


def _is_here(entry: Entry, address: str, request: HttpRequest) -> bool:
    """The page itself, or a page below it."""
    if request.path == address:
        return True
    audience_root = entry.url_name.split(":")[-1] in {"village", "passbook", "today", "todo"}
    return not audience_root and request.path.startswith(address)
