"""The one door to a whole number of a member or a household, which leaves a trace."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from jizhi.people import selectors, services
from jizhi.posts.rules import Action
from jizhi.web.pages import confirm, guarded, or_404, page_or_partial, staff_page
from jizhi.web.register import lookups
from jizhi.web.register.forms.store import ReasonForm


@staff_page(action=Action.UNMASK_PERSON)
@never_cache
def member_numbers(request: HttpRequest, household_id: int, membership_id: int) -> HttpResponse:
    """A person's whole numbers, once, with the reason on record."""
    with or_404():
        membership = selectors.membership_for(
            request.user, household_id, membership_id, localdate(request.at)
        )

    def reveal(reason: str) -> services.Revealed:
        return services.reveal_person(person=membership.person, reason=reason, by=request.user, at=request.at)

    return _reveal(request, household_id, membership.person.name, reveal)


@staff_page(action=Action.UNMASK_PERSON)
@never_cache
def household_phone(request: HttpRequest, household_id: int) -> HttpResponse:
    """The household's whole phone number, once, with the reason on record."""
    row = lookups.household(request, household_id)

    def reveal(reason: str) -> services.Revealed:
        phone = services.reveal_household_phone(household=row, reason=reason, by=request.user, at=request.at)
        return services.Revealed(row.head_name, "", phone)

    return _reveal(request, household_id, row.head_name, reveal)


def _reveal(request: HttpRequest, household_id: int, name: str, reveal: Any) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with guarded(request, form):
            shown = reveal(form.cleaned_data["reason"])
            context = {"shown": shown, "household_id": household_id, "reason": form.cleaned_data["reason"]}
            return page_or_partial(request, "register/households/revealed.html", **context)
    return confirm(
        request,
        title=gettext("查看%(name)s的完整号码？") % {"name": name},
        text=gettext("请写明用途。谁在什么时候为什么查看，都记入操作记录。"),
        button=gettext("查看"),
        back=reverse("register:household", args=[household_id]),
        form=form,
    )
