"""A page of a list: rows from a selector's queryset, made into lines by the selector, counted for the pager."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

ROWS = 30


def page_of(
    request: HttpRequest, rows: Any, to_lines: Callable[[Any], Any], *, size: int = ROWS, param: str = "page"
) -> Page[Any]:
    """The page that `?page=` (or `param`) asks for, the nearest one where it asks for too much."""
    page = Paginator(rows, size).get_page(request.GET.get(param))
    page.object_list = to_lines(page.object_list)
    return page
