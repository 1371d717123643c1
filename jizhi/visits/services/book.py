"""Filling the household book: what changes is checked against the pack, kept with before and after, and versioned."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jizhi.core import audit, clock
from jizhi.core.errors import Conflict, DomainError
from jizhi.schemes import selectors as schemes
from jizhi.visits import models, rules, selectors

if TYPE_CHECKING:
    from jizhi.accounts.models import User
    from jizhi.people.models import Household


class BadBook(DomainError):
    """A value does not fit its field; `place` is `field_<key>`."""


@transaction.atomic
def fill_book(
    *,
    household: Household,
    values: Mapping[str, Any],
    version: int,
    request_key: str = "",
    by: User | None,
    at: dt.datetime,
) -> models.Book:
    """Write the given fields; those not given stay. `version` is the one the form was opened with, 0 for an empty book.

    Raises NotKeeper, BadBook, Conflict. Nothing is written where nothing changed, or where `request_key` is known.
    """
    today = clock.day_of(at)
    selectors.check_may_keep(by, household.area, today)
    fields = {field.key: field for field in selectors.fields_for(by, household.area, today)}
    if unknown := sorted(set(values) - set(fields)):
        raise BadBook(_("一户一册没有这一项：%(keys)s。") % {"keys": "、".join(unknown)})
    checked = {key: _checked(fields[key], raw) for key, raw in values.items()}
    book = locked_book(household)
    if request_key and book.changes.filter(request_key=request_key).exists():
        return book
    present = selectors.values_of(book)
    changed = {key: value for key, value in checked.items() if present.get(key) != value}
    if book.version != version:
        if not changed:
            return book
        raise _conflict(book, fields.values(), present)
    if not changed:
        return book
    before = {key: present.get(key) for key in changed}
    _store(book, household, present | changed, by, at)
    models.BookChange.objects.bulk_create(
        models.BookChange(
            book=book,
            village_id=household.village_id,
            field=key,
            before=_text(before[key]),
            after=_text(value),
            version=book.version,
            changed_at=at,
            changed_by=by,
            request_key=request_key,
        )
        for key, value in changed.items()
    )
    detail = {"household": household.no, "fields": "、".join(sorted(changed)), "version": book.version}
    audit.record_event(
        by=by, at=at, verb="book.fill", target=book, area_path=household.village.path, detail=detail
    )
    return book


def _conflict(book: models.Book, fields: Iterable[rules.BookField], present: Mapping[str, Any]) -> Conflict:
    """What stands in the fields that the reader may see, by the names of the form."""
    return Conflict(
        _("这户的一户一册刚才有人改过。请核对现在的内容，再改一次。"),
        now={f"field_{field.key}": _plain(field, present.get(field.key)) for field in fields},
        version=book.version,
        changed_by=book.updated_by.display_name if book.updated_by else "",
        changed_at=book.updated_at,
    )


def _plain(field: rules.BookField, value: Any) -> Any:
    """A stored value as a form would clean it."""
    if rules.is_empty(value):
        return None
    if field.kind == "date":
        return dt.date.fromisoformat(str(value))
    return Decimal(str(value)) if field.kind == "number" else value


def _checked(field: rules.BookField, raw: Any) -> Any:
    try:
        return rules.checked_value(field, raw)
    except rules.BadValue as error:
        raise BadBook(gettext(str(error)), place=f"field_{field.key}") from error


def locked_book(household: Household) -> models.Book:
    """The household's book with its row locked, made where there was none."""
    models.Book.objects.bulk_create(
        [models.Book(household=household, village_id=household.village_id)], ignore_conflicts=True
    )
    return models.Book.objects.select_for_update().get(household=household)


def _store(
    book: models.Book, household: Household, values: Mapping[str, Any], by: User | None, at: dt.datetime
) -> None:
    """Open values and sensitive ones, apart; what the pack no longer knows stays where it is safest."""
    open_keys = {field.key for field in schemes.book_of(household.area) if not field.sensitive}
    written = {key: value for key, value in values.items() if not rules.is_empty(value)}
    sealed = {key: value for key, value in written.items() if key not in open_keys}
    book.values = {key: value for key, value in written.items() if key in open_keys}
    book.sealed = json.dumps(sealed, ensure_ascii=False) if sealed else None
    book.version, book.updated_at, book.updated_by = book.version + 1, at, by
    book.save()


def _text(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)
