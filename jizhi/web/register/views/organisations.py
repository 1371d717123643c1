"""Organisations at the desk: the register, the party tree, one organisation, the bodies of a village."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.areas import selectors as areas
from jizhi.organisations import rules, selectors, services
from jizhi.organisations.rules import OrganisationKind
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.web.desk import listing, scope
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.register.exports import organisations as exports
from jizhi.web.register.forms import organisations as forms
from jizhi.web.register.views.posts import area_of, form_page


def _found(request: HttpRequest) -> tuple[forms.OrganisationSearch, Any]:
    today = localdate(request.at)
    choices = posts.places(request.user, Action.VIEW_ORGANISATIONS, today)
    search = forms.OrganisationSearch(request.GET, areas=choices)
    rows = selectors.organisations(
        request.user, on=today, area=area_of(search), kind=search.value("kind"), words=search.value("q")
    )
    return search, rows


@staff_page(action=Action.VIEW_ORGANISATIONS)
def organisations(request: HttpRequest) -> HttpResponse:
    """The register with its figures."""
    today = localdate(request.at)
    search, rows = _found(request)
    return page_or_partial(
        request,
        "register/organisations/list.html",
        search=search,
        page=listing.page_of(request, rows, lambda found: selectors.organisation_lines(found, today)),
        counts=selectors.organisation_counts(request.user, on=today, area=area_of(search)),
        may_manage=scope.may(request, Action.MANAGE_ORGANISATIONS),
        may_export=scope.may(request, Action.EXPORT),
    )


@staff_page(action=Action.EXPORT)
def organisations_export(request: HttpRequest) -> HttpResponse:
    """Organisations and who belongs to them, a sheet each; both can be read in again."""
    today = localdate(request.at)
    search, rows = _found(request)
    belongings = selectors.all_belongings(request.user, on=today, area=area_of(search))
    return exports.organisations(
        selectors.organisation_lines(rows, today), selectors.belonging_lines(belongings, today), request.at
    )


@staff_page(action=Action.VIEW_ORGANISATIONS)
def party_tree(request: HttpRequest) -> HttpResponse:
    """The party tree from its top, or from one organisation down."""
    root = request.GET.get("root", "")
    with or_404():
        nodes = selectors.party_tree(
            request.user, on=localdate(request.at), root=int(root) if root.isdecimal() else None
        )
    return page_or_partial(
        request,
        "register/organisations/tree.html",
        nodes=nodes,
        may_manage=scope.may(request, Action.MANAGE_ORGANISATIONS),
        may_export=scope.may(request, Action.EXPORT),
    )


@staff_page(action=Action.EXPORT)
def party_tree_export(request: HttpRequest) -> HttpResponse:
    """The whole tree, or all of it below one organisation, however far down."""
    root, today = request.GET.get("root", ""), localdate(request.at)
    with or_404():
        rows = selectors.party_rows(request.user, on=today, root=int(root) if root.isdecimal() else None)
    return exports.party_tree(selectors.organisation_lines(rows, today), request.at)


@staff_page(action=Action.VIEW_ORGANISATIONS)
def bodies(request: HttpRequest) -> HttpResponse:
    """Which bodies the villages have; with one village, who leads them."""
    today = localdate(request.at)
    chosen, villages, village = _villages(request)
    context: dict[str, Any] = {"sets": rules.BODY_SETS, "chosen": chosen, "several": len(villages) > 1}
    if village is not None:
        context["bodies"] = selectors.village_bodies(village, chosen.key, on=today)
    else:
        context["page"] = listing.page_of(
            request, villages, lambda some: selectors.bodies_by_village(some, chosen.key, on=today)
        )
    context["may_manage"] = scope.may(request, Action.MANAGE_ORGANISATIONS)
    context["may_export"] = scope.may(request, Action.EXPORT)
    return page_or_partial(request, "register/organisations/bodies.html", **context)


def _villages(request: HttpRequest) -> tuple[rules.BodySet, tuple[Any, ...], Any]:
    """The set of bodies, the villages in scope, and the one that is asked for, if one is."""
    villages = scope.villages(request, Action.VIEW_ORGANISATIONS)
    code = request.GET.get("village", "") or (villages[0].code if len(villages) == 1 else "")
    village = scope.village(request, Action.VIEW_ORGANISATIONS, code) if code else None
    return rules.body_set(request.GET.get("set", "")), villages, village


@staff_page(action=Action.EXPORT)
def bodies_export(request: HttpRequest) -> HttpResponse:
    """The same as a workbook: all villages with what they have, or one with who leads."""
    today = localdate(request.at)
    chosen, villages, village = _villages(request)
    if village is not None:
        return exports.village_bodies(selectors.village_bodies(village, chosen.key, on=today), request.at)
    return exports.bodies(selectors.bodies_by_village(villages, chosen.key, on=today), chosen, request.at)


@staff_page(action=Action.VIEW_ORGANISATIONS)
def organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """One organisation: what hangs above and below, who leads it, who belongs to it."""
    with or_404():
        page = selectors.organisation_page(request.user, organisation_id, on=localdate(request.at))
    return page_or_partial(request, "register/organisations/page.html", org=page, line=page.line)


def organisation_for(request: HttpRequest, organisation_id: int) -> Any:
    """The organisation, if the reader may see it; else the page is not found."""
    with or_404():
        return selectors.organisation_for(request.user, organisation_id, on=localdate(request.at))


@staff_page(action=Action.MANAGE_ORGANISATIONS)
def organisation_new(request: HttpRequest) -> HttpResponse:
    """Found an organisation."""
    given = {key: request.GET.get(key, "") for key in ("area", "parent", "kind")}
    form = forms.OrganisationForm(request.POST or None, initial=given | {"from_date": localdate(request.at)})
    if form.is_valid():
        with guarded(request, form):
            data = _data(request, form.cleaned_data)
            row = services.create_organisation(
                data=data, from_date=form.cleaned_data["from_date"], by=request.user, at=request.at
            )
            return done(request, gettext("已登记组织。"), "register:organisation", row.pk)
    return form_page(request, form, gettext("登记组织"), reverse("register:organisations"))


@staff_page(action=Action.MANAGE_ORGANISATIONS)
def organisation_edit(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Change an organisation, or hang it elsewhere."""
    row = organisation_for(request, organisation_id)
    initial = {key: getattr(row, key) for key in ("kind", "name", "name_en", "code", "leader", "contact")}
    initial |= {"area": row.area.code, "version": row.version}
    initial["parent"] = (row.parent.code or row.parent.name) if row.parent else ""
    form = forms.OrganisationForm(request.POST or None, existing=True, initial=initial)
    if form.is_valid():
        with guarded(request, form):
            services.update_organisation(
                organisation=row,
                data=_data(request, form.cleaned_data),
                version=form.cleaned_data["version"] or 0,
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("已保存。"), "register:organisation", organisation_id)
    back = reverse("register:organisation", args=[organisation_id])
    return form_page(request, form, gettext("修改组织"), back)


def _data(request: HttpRequest, given: dict[str, Any]) -> services.OrganisationData:
    today = localdate(request.at)
    kind = OrganisationKind(given["kind"])
    area = posts.area_named(request.user, Action.MANAGE_ORGANISATIONS, given["area"], today)
    parent = selectors.parent_named(given["parent"], kind, area, on=today) if given["parent"] else None
    texts = {key: given[key] for key in ("name", "name_en", "code", "leader", "contact")}
    return services.OrganisationData(kind=kind, area=area, parent=parent, **texts)


@staff_page(action=Action.MANAGE_ORGANISATIONS)
def organisation_closing(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Close an organisation, after a question."""
    row = organisation_for(request, organisation_id)
    back = reverse("register:organisation", args=[organisation_id])
    form = forms.ClosingForm(request.POST or None, initial={"to_date": localdate(request.at)})
    if form.is_valid():
        with guarded(request, form):
            services.close_organisation(organisation=row, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("组织已撤销，记录保留。"), back)
    return confirm(
        request,
        title=gettext("撤销%(name)s？") % {"name": row.name},
        text=gettext("先转走成员和下级组织。撤销之后不再出现在名册里，以往的记录保留。"),
        button=gettext("撤销组织"),
        back=back,
        danger=True,
        form=form,
    )


@staff_page(action=Action.MANAGE_ORGANISATIONS)
def belonging_new(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """A person joins: look for the name, choose, say the role."""
    row, today = organisation_for(request, organisation_id), localdate(request.at)
    words = request.GET.get("q", "")
    found = selectors.find_persons(request.user, on=today, words=words)
    form = forms.BelongingForm(
        request.POST or None,
        kind=OrganisationKind(row.kind),
        persons=[(str(one.id), one.words) for one in found],
        initial={"from_date": today},
    )
    if form.is_valid():
        with guarded(request, form):
            data = dict(form.cleaned_data)
            person = selectors.person_for(request.user, int(data.pop("person")), on=today)
            services.add_belonging(organisation=row, person=person, by=request.user, at=request.at, **data)
            return done(request, gettext("已登记成员。"), "register:organisation", organisation_id)
    context = {"form": form, "org": row, "words": words, "found": found, "area": areas.named(row.area)}
    return page_or_partial(request, "register/organisations/belonging_new.html", **context)


def _belonging(request: HttpRequest, belonging_id: int) -> Any:
    with or_404():
        return selectors.belonging_for(request.user, belonging_id, on=localdate(request.at))


@staff_page(action=Action.MANAGE_ORGANISATIONS)
def belonging_end(request: HttpRequest, belonging_id: int) -> HttpResponse:
    """A person leaves or lays a role down, after a question."""
    row = _belonging(request, belonging_id)
    back = reverse("register:organisation", args=[row.organisation_id])
    form = forms.ClosingForm(request.POST or None, initial={"to_date": localdate(request.at)})
    if form.is_valid():
        with guarded(request, form):
            services.end_belonging(belonging=row, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("已登记离开。"), back)
    return confirm(
        request,
        title=gettext("%(name)s离开%(organisation)s？")
        % {"name": row.person.name, "organisation": row.organisation.name},
        text=gettext("从最后一天之后不再是这里的成员，以往的记录保留。"),
        button=gettext("登记离开"),
        back=back,
        danger=True,
        form=form,
    )


@staff_page(action=Action.MANAGE_ORGANISATIONS)
def belonging_transfer(request: HttpRequest, belonging_id: int) -> HttpResponse:
    """Move a full membership to another party organisation."""
    row, today = _belonging(request, belonging_id), localdate(request.at)
    back = reverse("register:organisation", args=[row.organisation_id])
    form = forms.TransferForm(request.POST or None, initial={"on_day": today})
    if form.is_valid():
        with guarded(request, form):
            data = dict(form.cleaned_data)
            to = selectors.party_named(request.user, data.pop("to"), on=today)
            services.transfer_member(belonging=row, to=to, by=request.user, at=request.at, **data)
            return done(request, gettext("已办理组织关系转接。"), "register:organisation", to.pk)
    note = f"{row.person.name} · {row.organisation.name}"
    return form_page(request, form, gettext("组织关系转接"), back, note)
