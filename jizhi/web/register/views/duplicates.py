"""Persons and households that may be on the register twice: the list, two side by side, merging, keeping apart."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.participants import services as participants
from jizhi.people import selectors, services
from jizhi.posts.rules import Action
from jizhi.web.desk import scope
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.register.exports import duplicates as exports
from jizhi.web.register.forms.persons import MergeForm
from jizhi.web.templatetags import jizhi as words


@staff_page(action=Action.MERGE_PERSONS)
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs of one village, with why they may be the same."""
    today = localdate(request.at)
    village = scope.village(request, Action.MERGE_PERSONS, request.GET.get("village", ""))
    return page_or_partial(
        request,
        "register/persons/duplicates.html",
        village=village,
        villages=scope.villages(request, Action.MERGE_PERSONS),
        pairs=selectors.duplicate_pairs(request.user, village, on=today),
        households=selectors.household_pairs(village, on=today),
        may_export=scope.may(request, Action.EXPORT, village),
    )


@staff_page(action=Action.EXPORT)
def duplicates_export(request: HttpRequest) -> HttpResponse:
    """The pairs of the village as a workbook, numbers masked as on the page."""
    today = localdate(request.at)
    village = scope.village(request, Action.MERGE_PERSONS, request.GET.get("village", ""))
    if not scope.may(request, Action.EXPORT, village):
        raise Http404
    pairs = selectors.duplicate_pairs(request.user, village, on=today)
    return exports.workbook(village, pairs, selectors.household_pairs(village, on=today), request.at)


def _fields() -> list[tuple[str, str]]:
    return [
        ("name", gettext("姓名")),
        ("id_number", gettext("身份证号码")),
        ("birth_date", gettext("出生日期")),
        ("sex", gettext("性别")),
        ("phone", gettext("联系电话")),
        ("residence", gettext("居住类型")),
        ("registered_place", gettext("户籍地")),
    ]


def _rows(request: HttpRequest, pair: selectors.Pair) -> list[dict[str, Any]]:
    """Each value of both, and which one is chosen: what was ticked, else the one that says something."""
    rows = []
    for name, title in _fields():
        one, other = _shown(getattr(pair.one, name)), _shown(getattr(pair.other, name))
        usual = "other" if other and not one else "one"
        chosen = request.POST.get(name, usual)
        rows.append({"name": name, "title": title, "one": one, "other": other, "chosen": chosen})
    return rows


def _shown(value: Any) -> Any:
    return words.day(value) if hasattr(value, "isoformat") else value


@staff_page(action=Action.MERGE_PERSONS)
def duplicate(request: HttpRequest, one_id: int, other_id: int) -> HttpResponse:
    """Two persons side by side, value by value."""
    with or_404():
        pair = selectors.pair_of(request.user, one_id, other_id, on=localdate(request.at))
    versions = selectors.person_versions([pair.one.id, pair.other.id])
    form = MergeForm(
        request.POST or None,
        initial={"one_version": versions[pair.one.id], "other_version": versions[pair.other.id]},
    )
    if form.is_valid():
        with guarded(request, form):
            participants.merge_persons(
                keep_id=pair.one.id,
                drop_id=pair.other.id,
                from_other={name: request.POST.get(name) == "other" for name, _title in _fields()},
                versions={
                    pair.one.id: form.cleaned_data["one_version"],
                    pair.other.id: form.cleaned_data["other_version"],
                },
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("已合并为一人。"), "register:person", pair.one.id)
    return page_or_partial(
        request, "register/persons/duplicate.html", pair=pair, rows=_rows(request, pair), form=form
    )


@staff_page(action=Action.MERGE_PERSONS)
def duplicate_apart(request: HttpRequest, one_id: int, other_id: int) -> HttpResponse:
    """Two who are two; they are not proposed again."""
    with or_404():
        pair = selectors.pair_of(request.user, one_id, other_id, on=localdate(request.at))
    if request.method == "POST":
        with guarded(request):
            services.say_not_duplicate(
                one_id=pair.one.id, other_id=pair.other.id, by=request.user, at=request.at
            )
            return done(request, gettext("已记下不是同一人，以后不再提示。"), "register:duplicates")
    return confirm(
        request,
        title=gettext("不是同一人？"),
        text=gettext("这两人以后不再作为重复提示。"),
        button=gettext("不是同一人"),
        back=reverse("register:duplicate", args=[one_id, other_id]),
    )
