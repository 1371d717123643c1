"""The household books of the register's list as a workbook: what is sensitive only against a reason that stays."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from jizhi.posts.rules import Action
from jizhi.visits import selectors, services
from jizhi.web.pages import confirm, guarded, staff_page
from jizhi.web.register.exports import books as exports
from jizhi.web.register.forms.store import ReasonForm
from jizhi.web.register.views.households import EVERYTHING, found_households


@staff_page(action=Action.EXPORT)
@never_cache
def books_export(request: HttpRequest) -> FileResponse:
    """The books of the list, without what is sensitive."""
    homes = found_households(request, page=1, size=EVERYTHING)[1].lines
    table = selectors.book_table(request.user, homes, sensitive=False, on=localdate(request.at))
    return exports.workbook(table, homes, request.at)


@staff_page(action=Action.EXPORT)
@never_cache
def books_sensitive(request: HttpRequest) -> HttpResponse | FileResponse:
    """The same with what is sensitive, where the reader may see it, against a reason that stays on record."""
    today = localdate(request.at)
    if not selectors.sees_sensitive(request.user, today):
        raise PermissionDenied(gettext("敏感内容只有走访人员和村（居）委会看得到。"))
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with guarded(request, form):
            homes = found_households(request, page=1, size=EVERYTHING)[1].lines
            table = selectors.book_table(request.user, homes, sensitive=True, on=today)
            services.disclose_books(
                household_ids=[home.id for home in homes if table.holds(home)],
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=request.at,
            )
            return exports.workbook(table, homes, request.at)
    return confirm(
        request,
        title=gettext("导出含敏感内容的一户一册？"),
        text=gettext("请写明用途。谁在什么时候为什么导出，都记入操作记录。"),
        button=gettext("导出表格"),
        back=f"{reverse('register:households')}?{request.GET.urlencode()}",
        form=form,
    )
