"""The register of persons: the list with search and export, one person, correcting, party membership and class."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from jizhi.areas import selectors as areas
from jizhi.changes import selectors as changes
from jizhi.organisations import selectors as organisations
from jizhi.people import rules, selectors, services
from jizhi.posts.rules import Action
from jizhi.web.desk import scope
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.register.exports import persons as exports
from jizhi.web.register.forms import persons as forms
from jizhi.web.register.forms.store import ReasonForm
from jizhi.web.register.views.households import area_choices

PAGE = 30
EXPORT_MAX = 100_000


def _found(request: HttpRequest) -> tuple[forms.PersonSearch, Any]:
    search = forms.PersonSearch(request.GET, areas=area_choices(request, Action.VIEW_HOUSEHOLDS))
    code = search.value("area")
    area = areas.area_by_code(code) if code else None
    return search, selectors.persons(request.user, search.wanted, on=localdate(request.at), area=area)


@staff_page(action=Action.VIEW_HOUSEHOLDS)
def persons(request: HttpRequest) -> HttpResponse:
    """Search by name, pinyin, household number, or a whole ID or phone number."""
    search, rows = _found(request)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    filtered = any(search.value(name) for name in search.fields)
    return page_or_partial(
        request,
        "register/persons/list.html",
        search=search,
        page=page,
        lines=selectors.person_lines(page.object_list, localdate(request.at)),
        filtered=filtered,
        several_villages=len(scope.villages(request, Action.VIEW_HOUSEHOLDS)) > 1,
        may_export=scope.may(request, Action.EXPORT),
        may_merge=scope.may(request, Action.MERGE_PERSONS),
        may_unmask=scope.may(request, Action.UNMASK_PERSON),
    )


@staff_page(action=Action.EXPORT)
def persons_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook, numbers masked."""
    _search, rows = _found(request)
    return exports.workbook(selectors.person_lines(rows[:EXPORT_MAX], localdate(request.at)), request.at)


@staff_page(action=Action.UNMASK_PERSON)
@never_cache
def persons_numbers(request: HttpRequest) -> HttpResponse:
    """The same list with whole numbers, against a reason that stays on record."""
    form = ReasonForm(request.POST or None)
    back = f"{reverse('register:persons')}?{request.GET.urlencode()}"
    if form.is_valid():
        with guarded(request, form):
            _search, rows = _found(request)
            lines = selectors.person_lines(rows[:EXPORT_MAX], localdate(request.at))
            ids = [line.id for line in lines]
            services.reveal_persons(
                person_ids=ids,
                areas=scope.villages(request, Action.UNMASK_PERSON),
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=request.at,
            )
            return exports.workbook(lines, request.at, selectors.whole_numbers(ids))
    return confirm(
        request,
        title=gettext("导出完整号码？"),
        text=gettext("请写明用途。谁在什么时候为什么导出，都记入操作记录。"),
        button=gettext("导出表格"),
        back=back,
        form=form,
    )


def _page(request: HttpRequest, person_id: int) -> selectors.PersonPage:
    with or_404():
        return selectors.person_page(request.user, person_id, localdate(request.at))


@staff_page(action=Action.VIEW_HOUSEHOLDS)
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person with the whole history."""
    page = _page(request, person_id)
    if page.line.id != person_id:
        return redirect("register:person", page.line.id)
    alike: list[selectors.PersonLine] = []
    if scope.may(request, Action.MERGE_PERSONS):
        alike = selectors.likely_same(request.user, person_id, on=localdate(request.at))
    return page_or_partial(
        request,
        "register/persons/page.html",
        page=page,
        line=page.line,
        home=page.homes[0],
        changes=changes.changes_of_person(page.ids),
        alike=alike,
        link=organisations.link_of_person(page.ids, on=localdate(request.at)),
        may_link=organisations.may_link_person(request.user, person_id, on=localdate(request.at)),
        kin=selectors.kin_of(page.ids),
        can_declare=page.can_manage,
    )


@staff_page(action=Action.MANAGE_HOUSEHOLDS)
def person_edit(request: HttpRequest, person_id: int) -> HttpResponse:
    """Correct name, numbers, birthday, residence."""
    page = _page(request, person_id)
    line = page.line
    initial = {
        "name": line.name,
        "sex": line.sex or "",
        "birth_date": line.birth_date,
        "residence": line.residence,
        "registered_place": line.registered_place,
        "version": page.version,
    }
    shown = {"id_number": line.id_number, "phone": line.phone}
    form = forms.PersonEdit(request.POST or None, shown=shown, initial=initial)
    if form.is_valid():
        with guarded(request, form):
            data = dict(form.cleaned_data)
            sex, residence = data.pop("sex"), data.pop("residence")
            change = services.PersonChange(
                sex=rules.Sex(sex) if sex else None, residence=rules.Residence(residence), **data
            )
            services.update_person(person_id=line.id, change=change, by=request.user, at=request.at)
            return done(request, gettext("已保存。"), "register:person", line.id)
    return _form(request, form, line, gettext("修改人员资料"))


def _form(
    request: HttpRequest, form: Any, line: selectors.PersonLine, title: str, lead: str = ""
) -> HttpResponse:
    return page_or_partial(
        request, "register/persons/form.html", form=form, line=line, title=title, lead=lead
    )


@staff_page(action=Action.MANAGE_HOUSEHOLDS)
def person_party(request: HttpRequest, person_id: int) -> HttpResponse:
    """On probation or full, from a day on."""
    line = _page(request, person_id).line
    form = forms.PartyForm(request.POST or None, today=localdate(request.at))
    if form.is_valid():
        with guarded(request, form):
            services.record_party(
                person_id=line.id,
                standing=rules.PartyStanding(form.cleaned_data["standing"]),
                from_date=form.cleaned_data["from_date"],
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("已登记党员身份。"), "register:person", line.id)
    return _form(request, form, line, gettext("登记党员身份"))


@staff_page(action=Action.MANAGE_HOUSEHOLDS)
def person_class(request: HttpRequest, person_id: int) -> HttpResponse:
    """The class from a day on; by residence and age one is proposed."""
    page = _page(request, person_id)
    form = forms.ClassForm(
        request.POST or None, today=localdate(request.at), initial={"letter": page.usual_class.value}
    )
    if form.is_valid():
        with guarded(request, form):
            services.record_class(
                person_id=page.line.id,
                letter=rules.PartyClass(form.cleaned_data["letter"]),
                from_date=form.cleaned_data["from_date"],
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("已调整分类。"), "register:person", page.line.id)
    lead = gettext("只登记类别，不登记健康等具体原因。按居住类型和年龄，一般是%(letter)s类。")
    return _form(request, form, page.line, gettext("调整分类"), lead % {"letter": page.usual_class.value})


@staff_page(action=Action.MANAGE_HOUSEHOLDS)
def person_party_end(request: HttpRequest, person_id: int) -> HttpResponse:
    """Party membership ends with a day, and the class with it."""
    line = _page(request, person_id).line
    form = forms.PartyEndForm(request.POST or None, initial={"to_date": localdate(request.at)})
    if form.is_valid():
        with guarded(request, form):
            services.end_party(
                person_id=line.id, to_date=form.cleaned_data["to_date"], by=request.user, at=request.at
            )
            return done(request, gettext("已登记。"), "register:person", line.id)
    return _form(request, form, line, gettext("党员身份终止"))
