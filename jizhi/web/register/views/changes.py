"""Changes: choose one for a household, fill its form, see what it will do, confirm; the list, undoing one."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.areas import selectors as areas
from jizhi.changes import rules, selectors, services
from jizhi.core.errors import Conflict
from jizhi.people import selectors as people
from jizhi.posts.rules import Action
from jizhi.web.desk import scope
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.register import lookups
from jizhi.web.register.concerns import hold_owed, open_concerns
from jizhi.web.register.exports import changes as exports
from jizhi.web.register.forms import changes as forms
from jizhi.web.register.forms.store import ReasonForm
from jizhi.web.templatetags import jizhi as words

if TYPE_CHECKING:
    from jizhi.people.models import Household

PAGE = 30
GROUPS = (
    (("split", "home-plus"), ("merge", "home-heart"), ("grid_move", "map-pin"), ("move", "truck"),
     ("leaving", "door-enter")),
    (("birth", "user-plus"), ("marriage", "heart-handshake"), ("joining", "users-plus"),
     ("transfer", "switch-horizontal"), ("new_head", "id-badge-2")),
    (("departure", "arrow-up-right"), ("return", "arrow-back-up"), ("member_leaving", "user-x"), ("death", "leaf")),
)  # fmt: skip


@staff_page(action=Action.CHANGE_HOUSEHOLDS)
def change_menu(request: HttpRequest, household_id: int) -> HttpResponse:
    """What may happen to a household and its members."""
    row = lookups.household(request, household_id)
    columns = [[(rules.ChangeKind(kind), icon) for kind, icon in group] for group in GROUPS]
    if row.to_date is not None:
        columns = [[(rules.ChangeKind.RETURNING, "refresh")]]
    return page_or_partial(request, "register/changes/menu.html", household=row, columns=columns)


@staff_page(action=Action.CHANGE_HOUSEHOLDS)
def change_new(request: HttpRequest, household_id: int, kind: str) -> HttpResponse:
    """Form, preview and confirmation of one kind; the answers travel in the page until they are confirmed."""
    row = lookups.household(request, household_id)
    wanted = next((one for one in forms.FORMS if one.value == kind), None)
    if wanted is None:
        raise Http404
    form = _form(request, row, wanted)
    context: dict[str, Any] = {"form": form, "household": row, "kind": wanted}
    if form.is_bound and "back" not in request.POST and form.is_valid():
        with guarded(request, form):
            if "confirm" in request.POST:
                try:
                    return _made(request, form)
                except Conflict as stale:
                    context["stale"] = str(stale)
            context["alike"] = _alike(request, form)
            context["preview"] = services.preview_change(
                order=form.order(), concerns=open_concerns, by=request.user, at=request.at
            )
            context["request_key"] = request.POST.get("request_key") or str(uuid.uuid4())
            return page_or_partial(request, "register/changes/preview.html", status=200, **context)
    return page_or_partial(request, "register/changes/form.html", **context)


def _form(request: HttpRequest, row: Household, kind: rules.ChangeKind) -> forms.ChangeForm:
    detail = people.household_page(request.user, row.pk, localdate(request.at))
    members = [(str(one.person_id), _member(one)) for one in detail.members if one.to_date is None]
    villages = [(one.code, words.named(one)) for one in scope.villages(request, Action.CHANGE_HOUSEHOLDS)]
    waiting = [one for one in selectors.claims_waiting([row.subject_id]) if one.state.value != "approved"]
    initial = {name: request.GET[name] for name in ("person",) if name in request.GET}
    data = request.POST.copy() if request.POST else None
    if data is not None and data.get("use"):
        data["person"] = str(data["use"])
    return forms.FORMS[kind](
        data,
        household=row,
        members=members,
        villages=villages,
        claims=waiting,
        today=localdate(request.at),
        initial=initial,
    )


def _member(line: people.MemberLine) -> str:
    return f"{line.name}（{line.relation}）" if line.relation else line.name


def _made(request: HttpRequest, form: forms.ChangeForm) -> HttpResponse:
    change = services.make_change(
        order=form.order(),
        concerns=open_concerns,
        received=hold_owed,
        request_key=request.POST.get("request_key", "")[:60] or str(uuid.uuid4()),
        expected=request.POST.get("expected", ""),
        by=request.user,
        at=request.at,
    )
    text = gettext("已办理：%(kind)s。") % {"kind": gettext(change.kind.label)}
    return done(request, text, "register:change", change.pk)


def _alike(request: HttpRequest, form: forms.ChangeForm) -> Any:
    """Persons on the register who may be the one typed in, until one of them was chosen."""
    data = form.cleaned_data
    if not isinstance(form, forms.JoinForm) or data.get("person"):
        return ()
    return people.alike_persons(
        request.user,
        name=data.get("name", ""),
        birth_date=data.get("birth_date"),
        id_number=data.get("id_number", ""),
        phone=data.get("phone", ""),
        on=localdate(request.at),
    )


def _found(request: HttpRequest) -> tuple[forms.ChangeSearch, Any]:
    villages = scope.villages(request, Action.VIEW_HOUSEHOLDS)
    search = forms.ChangeSearch(request.GET, areas=[(one.code, words.named(one)) for one in villages])
    code = search.value("area")
    rows = selectors.filtered_changes(
        request.user,
        on=localdate(request.at),
        kind=search.value("kind"),
        area_path=areas.area_by_code(code).path if code else "",
        year=search.value("year") or None,
        words=search.value("q"),
    )
    return search, rows


@staff_page(action=Action.VIEW_HOUSEHOLDS)
def changes(request: HttpRequest) -> HttpResponse:
    """All changes of the area, newest first."""
    search, rows = _found(request)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    filtered = any(search.value(name) for name in ("q", "kind", "area", "year"))
    return page_or_partial(
        request,
        "register/changes/list.html",
        search=search,
        page=page,
        lines=selectors.lines(page.object_list),
        filtered=filtered,
        may_export=scope.may(request, Action.EXPORT),
    )


@staff_page(action=Action.EXPORT)
def changes_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    _search, rows = _found(request)
    return exports.workbook(selectors.lines(rows), request.at)


@staff_page(action=Action.VIEW_HOUSEHOLDS)
def change(request: HttpRequest, change_id: int) -> HttpResponse:
    """One change as a slip to print, with the way back where there is one."""
    today = localdate(request.at)
    with or_404():
        page = selectors.change_page(request.user, change_id, on=today)
        row = selectors.change_for(request.user, change_id, on=today)
    may_undo = scope.may(request, Action.CHANGE_HOUSEHOLDS, areas.area_by_code(page.line.village_code))
    why_not = services.why_not(row, on=today)
    return page_or_partial(
        request, "register/changes/change.html", page=page, line=page.line, may_undo=may_undo, why_not=why_not
    )


@staff_page(action=Action.CHANGE_HOUSEHOLDS)
def change_undoing(request: HttpRequest, change_id: int) -> HttpResponse:
    """Take a change back, after a question."""
    with or_404():
        row = selectors.change_for(request.user, change_id, on=localdate(request.at))
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with guarded(request, form):
            undoing = services.undo_change(
                change=row,
                reason=form.cleaned_data["reason"],
                request_key=f"undo-{row.pk}",
                by=request.user,
                at=request.at,
            )
            return done(
                request, gettext("已撤销，人员、积分和积分卡都恢复原样。"), "register:change", undoing.pk
            )
    return confirm(
        request,
        title=gettext("撤销这项变动？"),
        text=gettext("人员、户编号、积分和积分卡恢复到办理之前；变动和撤销都留有记录。"),
        button=gettext("确认撤销"),
        back=reverse("register:change", args=[change_id]),
        danger=True,
        form=form,
    )
