"""Where each audience can go: tables of entries with their icon, URL name and permission.

Entries whose page does not exist or which the reader may not use are left out, so no link is dead. Add a page's entry
to the table of its audience.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from jizhi.core.text import N_
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


@dataclass(frozen=True)
class Entry:
    """One link; `needs` are arguments taken from the current page's address, such as the village code."""

    title: str
    url_name: str
    icon: str
    action: Action | None = None
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
    Entry(N_("农户名册"), "field:households", "users"),
    Entry(N_("我的"), "field:me", "user"),
)

DESK = (
    Entry(N_("待办"), "desk:todo", "layout-dashboard"),
    Entry(N_("积分申报"), "desk:claims", "clipboard-list", Action.VIEW_LEDGER, group=N_("积分")),
    Entry(N_("评议会"), "desk:meetings", "users-group", Action.VIEW_LEDGER, group=N_("积分")),
    Entry(N_("积分台账"), "desk:ledger", "list-details", Action.VIEW_LEDGER, group=N_("积分")),
    Entry(N_("公示"), "desk:notices", "speakerphone", Action.VIEW_DESK, group=N_("公示与结算")),
    Entry(N_("异议"), "desk:objections", "message-report", Action.VIEW_LEDGER, group=N_("公示与结算")),
    Entry(N_("结算"), "desk:settlements", "calculator", Action.VIEW_LEDGER, group=N_("公示与结算")),
    Entry(N_("积分超市"), "register:store", "building-store", Action.VIEW_DESK, group=N_("公示与结算")),
    Entry(N_("农户名册"), "register:households", "home-heart", Action.VIEW_HOUSEHOLDS, group=N_("底册")),
    Entry(N_("积分细则"), "register:schemes", "book-2", Action.VIEW_DESK, group=N_("底册")),
    Entry(N_("区划与网格"), "register:areas", "sitemap", Action.MANAGE_AREAS, group=N_("底册")),
    Entry(N_("职务"), "register:posts", "id-badge-2", Action.MANAGE_POSTS, group=N_("底册")),
    Entry(N_("操作记录"), "register:audit", "history", Action.VIEW_AUDIT, group=N_("底册")),
)

TABLES = {"public": PUBLIC, "resident": RESIDENT, "field": FIELD, "desk": DESK}


def links(request: HttpRequest, audience: str) -> list[Link]:
    """The entries of `audience` this reader can open from this page, in order."""
    found = []
    for entry in TABLES[audience]:
        address = _address(entry, request)
        if address and _may_open(entry, request):
            here = _is_here(entry, address, request)
            found.append(Link(entry.title, address, entry.icon, here, entry.group))
    return found


def _address(entry: Entry, request: HttpRequest) -> str:
    match = request.resolver_match
    given = match.kwargs if match else {}
    try:
        return reverse(entry.url_name, kwargs={name: given[name] for name in entry.needs})
    except (NoReverseMatch, KeyError):
        return ""


def _may_open(entry: Entry, request: HttpRequest) -> bool:
    if entry.action is None:
        return True
    if not request.user.is_authenticated:
        return False
    return bool(posts.scope_paths(request.user, entry.action, timezone.localdate(request.at)))


def _is_here(entry: Entry, address: str, request: HttpRequest) -> bool:
    """The page itself, or a page below it that no other entry of the table names."""
    if request.path == address:
        return True
    audience_root = entry.url_name.split(":")[-1] in {"village", "passbook", "today", "todo"}
    return not audience_root and request.path.startswith(address)
