"""Which account is which registered person: said from the account's page or from the person's, and taken back.

Whoever sits on a panel leaves the vote on the own household; it is found by these links.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.organisations import selectors, services
from jizhi.people import selectors as people
from jizhi.posts.rules import Action
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.register.forms.staff import ChoiceForm, ReasonForm
from jizhi.web.templatetags import jizhi as words


@staff_page(action=Action.LINK_STAFF)
def account_person(request: HttpRequest, user_id: int) -> HttpResponse:
    """From the account: look for the person by name, choose."""
    today, text = localdate(request.at), request.GET.get("q", "")
    with or_404():
        account = selectors.linkable_account(request.user, user_id, on=today)
    found = selectors.find_persons(request.user, on=today, words=text)
    form = ChoiceForm(request.POST or None, choices=[(str(one.id), one.words) for one in found])
    form.fields["one"].label = gettext("居民")
    if form.is_valid():
        with guarded(request, form):
            person = selectors.person_for(request.user, int(form.cleaned_data["one"]), on=today)
            services.link_staff_person(user=account, person=person, by=request.user, at=request.at)
            return done(request, gettext("已关联。"), "register:account_person", user_id)
    return page_or_partial(
        request,
        "register/staff/link.html",
        heading=account.display_name,
        note=account.username,
        link=selectors.link_of_account(user_id, on=today),
        found=found,
        form=form,
        words=text,
        what="person",
    )


@staff_page(action=Action.LINK_STAFF)
def person_account(request: HttpRequest, person_id: int) -> HttpResponse:
    """From the person: look for the account by name or user name, choose."""
    today, text = localdate(request.at), request.GET.get("q", "")
    with or_404():
        page = people.person_page(request.user, person_id, today)
        person = selectors.person_for(request.user, page.line.id, on=today)
    found = selectors.find_accounts(request.user, on=today, words=text)
    form = ChoiceForm(request.POST or None, choices=[(str(one.id), _account_words(one)) for one in found])
    form.fields["one"].label = gettext("账号")
    if form.is_valid():
        with guarded(request, form):
            account = selectors.linkable_account(request.user, int(form.cleaned_data["one"]), on=today)
            services.link_staff_person(user=account, person=person, by=request.user, at=request.at)
            return done(request, gettext("已关联。"), "register:person_account", person.pk)
    return page_or_partial(
        request,
        "register/staff/link.html",
        heading=person.name,
        note=f"{page.line.village_name} {page.line.household_no} {page.line.head_name}",
        link=selectors.link_of_person(page.ids, on=today),
        found=found,
        form=form,
        words=text,
        what="account",
    )


def _account_words(one: Any) -> str:
    held = (f"{words.label(post.kind)} {post.area_name}" for post in one.posts[:2])
    return " · ".join((one.name, one.username, *held))


@staff_page(action=Action.LINK_STAFF)
def link_end(request: HttpRequest, link_id: int) -> HttpResponse:
    """Take a link back, with the reason, after a question."""
    with or_404():
        link = selectors.link_for(request.user, link_id, on=localdate(request.at))
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with guarded(request, form):
            services.unlink_staff_person(link=link, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("关联已解除。"), "register:person", link.person_id)
    return confirm(
        request,
        title=gettext("解除%(account)s与%(person)s的关联？")
        % {"account": link.user.display_name, "person": link.person.name},
        text=gettext("解除后，这个账号不再因为本户的事情回避。谁在什么时候为什么解除，记入操作记录。"),
        button=gettext("解除关联"),
        back=reverse("register:person_account", args=[link.person_id]),
        danger=True,
        form=form,
    )
