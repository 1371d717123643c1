"""Beginning a draft, saving it, going back, and making a version of it. Every save is kept."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.drafting import models, rules
from jizhi.drafting.rules import Deed, DraftState
from jizhi.drafting.selectors import casework, reading
from jizhi.engine import editing
from jizhi.engine.document.problem import Problem
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import services as schemes
from jizhi.schemes.models import SchemeVersion

EMPTY = """scheme: {id}
title: {title}
subject: household
unit: {{id: point, places: 1, title: {{zh: 分, en: points}}}}
periods: {{publish: month, summarise: quarter, appraise: year}}

# 总上限、章节、条目、等级和结果运用都可以在页面上填写。
items: []
"""


class DraftChanged(DomainError):
    """Somebody else saved the same draft meanwhile; `number` is the last save."""

    def __init__(self, message: object, number: int) -> None:
        super().__init__(message)
        self.number = number


class DraftClosed(DomainError):
    """The draft has become a version or was given up; it is not written any more."""


class UnusableText(DomainError):
    """The text cannot be saved: it is not YAML, or no longer a scheme of that name. `problems` says where."""

    def __init__(self, message: object, problems: list[Problem], place: str = "source") -> None:
        super().__init__(message, place=place)
        self.problems = problems


class NotReady(DomainError):
    """The draft has errors, or cases that fail; it cannot become a version."""


@dataclass(frozen=True, slots=True)
class Text:
    """A draft's two texts: the document and its cases."""

    source: str
    cases: str


def tidy(text: str) -> str:
    """One kind of line end, no mark at the beginning, one line end at the end."""
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return f"{lines.rstrip()}\n"


@transaction.atomic
def start_draft(
    *,
    area: Area,
    applies_from_date: dt.date,
    base: SchemeVersion | None = None,
    scheme: str = "household",
    title: str = "",
    by: User,
    at: dt.datetime,
) -> models.Draft:
    """Begin with a version's text and cases, or with an empty scheme."""
    posts.check_can(by, Action.MANAGE_SCHEMES, area, clock.day_of(at))
    if base is not None:
        source, cases = tidy(base.source), base.cases
    else:
        source, cases = EMPTY.format(id=scheme, title=editing.flow(title or "村（居）民积分制")), ""
    found = reading.document(source)
    name = found.plain["scheme"] if isinstance(found.plain, dict) else scheme
    draft = models.Draft.objects.create(
        area=area,
        scheme=name,
        base=base,
        applies_from_date=applies_from_date,
        created_at=at,
        created_by=by,
        changed_at=at,
        changed_by=by,
        **_titles(source, name),
    )
    _append(draft, Text(source, cases), Deed.STARTED, base.title if base else "", by, at)
    audit.record_event(by=by, at=at, verb="draft.start", target=draft, area_path=area.path)
    return draft


def _titles(source: str, otherwise: str) -> dict[str, str]:
    """The titles as they stand in a text, which need not be right yet."""
    plain = reading.document(source).plain
    title = plain.get("title") if isinstance(plain, dict) else None
    if isinstance(title, dict):
        zh = str(title.get("zh") or title.get("en") or otherwise)
        return {"title": zh[:120], "title_en": str(title.get("en") or "")[:120]}
    return {"title": str(title or otherwise)[:120], "title_en": ""}


def digest_of(text: Text) -> str:
    """SHA-256 of a document's text."""
    return hashlib.sha256(text.source.encode()).hexdigest()


def _append(
    draft: models.Draft, text: Text, deed: Deed, about: str, by: User, at: dt.datetime
) -> models.DraftSave:
    return models.DraftSave.objects.create(
        draft=draft,
        number=draft.number,
        source=text.source,
        cases=text.cases,
        digest=digest_of(text),
        deed=deed,
        about=about[:200],
        saved_at=at,
        saved_by=by,
    )


@transaction.atomic
def edit_draft(
    *,
    draft_id: int,
    number: int,
    edit: Callable[[Text], Text],
    deed: Deed,
    about: str = "",
    touches: Callable[[Text], object] | None = None,
    by: User,
    at: dt.datetime,
) -> models.Draft:
    """Put an edit on top of the last save, if the form was made from it; an edit without effect saves nothing.

    `touches` gives the part that the edit is about: when only other parts were saved meanwhile, the edit goes on top of
    them. Raises DraftChanged, DraftClosed, UnusableText.
    """
    draft = _held(draft_id, by, at)
    last = draft.saves.get(number=draft.number)
    present = Text(last.source, last.cases)
    if number != draft.number:
        seen = draft.saves.filter(number=number).first()
        known = seen is not None and touches is not None
        if not known or touches(Text(seen.source, seen.cases)) != touches(present):  # type: ignore[misc, union-attr]
            raise _changed(last, draft.number)
    text = edit(present)
    if text == present:
        return draft
    _check_text(draft, text)
    draft.number += 1
    draft.changed_at, draft.changed_by = at, by
    for name, title in _titles(text.source, draft.scheme).items():
        setattr(draft, name, title)
    draft.save()
    _append(draft, text, deed, about, by, at)
    return draft


def _changed(last: models.DraftSave, number: int) -> DraftChanged:
    who = {"name": last.saved_by.display_name, "number": last.number}
    text = _("%(name)s刚刚也改了这一部分（第 %(number)s 次保存）。您填写的内容还在下面，核对后可以再次保存。")
    return DraftChanged(text % who, number)


def _held(draft_id: int, by: User, at: dt.datetime) -> models.Draft:
    """The draft, locked, open and the user's to write."""
    draft = models.Draft.objects.select_for_update(of=("self",)).select_related("area").get(pk=draft_id)
    posts.check_can(by, Action.MANAGE_SCHEMES, draft.area, clock.day_of(at))
    if draft.state is not DraftState.OPEN:
        raise DraftClosed(_("这份草稿已经不再编写。需要修改的，请另起草稿。"))
    return draft


def _check_text(draft: models.Draft, text: Text) -> None:
    """A draft may have errors, but it stays YAML and a scheme of its name."""
    if len(text.source.encode()) > rules.TEXT_MAX:
        raise UnusableText(_("细则超过 2 MB，没有保存。"), [])
    found = reading.document(text.source)
    if found.plain is None:
        raise UnusableText(_("这不是有效的 YAML，没有保存。请按下面的提示改好。"), found.problems)
    if not isinstance(found.plain, dict) or found.plain.get("scheme") != draft.scheme:
        raise UnusableText(
            _("第一项应是 scheme: %(scheme)s，细则的名字不能改。") % {"scheme": draft.scheme}, found.problems
        )


@transaction.atomic
def undo_to(*, draft_id: int, number: int, to_number: int, by: User, at: dt.datetime) -> models.Draft:
    """Make an earlier save the last one again; what came between stays in the history. Raises DraftChanged."""
    draft = _held(draft_id, by, at)
    wanted = draft.saves.get(number=to_number)
    return edit_draft(
        draft_id=draft_id,
        number=number,
        edit=lambda text: Text(wanted.source, wanted.cases),
        deed=Deed.UNDONE,
        about=str(to_number),
        by=by,
        at=at,
    )


@transaction.atomic
def set_day(
    *, draft_id: int, number: int, applies_from_date: dt.date, by: User, at: dt.datetime
) -> models.Draft:
    """From which day the version is to apply. Raises DraftChanged."""
    draft = _held(draft_id, by, at)
    if number != draft.number:
        raise _changed(draft.saves.get(number=draft.number), draft.number)
    if draft.applies_from_date == applies_from_date:
        return draft
    last = draft.saves.get(number=draft.number)
    draft.number, draft.applies_from_date = draft.number + 1, applies_from_date
    draft.changed_at, draft.changed_by = at, by
    draft.save()
    _append(draft, Text(last.source, last.cases), Deed.DAY_CHANGED, applies_from_date.isoformat(), by, at)
    return draft


@transaction.atomic
def publish_draft(*, draft_id: int, number: int, by: User, at: dt.datetime) -> SchemeVersion:
    """Make the last save a version: no errors of form, none of the law guard, no case that fails.

    Raises DraftChanged, NotReady, and what `schemes.load_version_text` raises.
    """
    draft = _held(draft_id, by, at)
    last = draft.saves.get(number=draft.number)
    if number != draft.number:
        raise _changed(last, draft.number)
    found = reading.document(last.source)
    if found.scheme is None:
        raise NotReady(
            _("草稿还有 %(count)s 处写法错误，改好才能成为版本。") % {"count": len(found.problems)}
        )
    failing = casework.run(found, last.cases, casework.first_day(draft.base)).failing
    if failing:
        raise NotReady(_("有 %(count)s 个用例没有通过，改好才能成为版本。") % {"count": failing})
    version = schemes.load_version_text(
        area=draft.area,
        source=last.source,
        applies_from_date=draft.applies_from_date,
        cases=last.cases,
        by=by,
        at=at,
    )
    if models.Draft.objects.filter(version=version).exists():
        raise NotReady(_("同样内容的版本已经有了。"))
    draft.state, draft.version = DraftState.PUBLISHED, version
    draft.changed_at, draft.changed_by = at, by
    draft.save()
    audit.record_event(
        by=by,
        at=at,
        verb="draft.publish",
        target=draft,
        area_path=draft.area.path,
        detail={"version": version.pk, "number": draft.number, "digest": version.digest},
    )
    return version


@transaction.atomic
def discard_draft(*, draft_id: int, by: User, at: dt.datetime) -> models.Draft:
    """Give a draft up; it can be taken up again."""
    draft = _held(draft_id, by, at)
    return _move(draft, DraftState.DISCARDED, "draft.discard", by, at)


@transaction.atomic
def reopen_draft(*, draft_id: int, by: User, at: dt.datetime) -> models.Draft:
    """Take a draft up that was given up. Raises DraftClosed for one that has become a version."""
    draft = models.Draft.objects.select_for_update(of=("self",)).select_related("area").get(pk=draft_id)
    posts.check_can(by, Action.MANAGE_SCHEMES, draft.area, clock.day_of(at))
    if DraftState.OPEN not in rules.DRAFT_TRANSITIONS[draft.state]:
        raise DraftClosed(_("只有已放弃的草稿可以重新编写。"))
    return _move(draft, DraftState.OPEN, "draft.reopen", by, at)


def _move(draft: models.Draft, state: DraftState, verb: str, by: User, at: dt.datetime) -> models.Draft:
    draft.state, draft.changed_at, draft.changed_by = state, at, by
    draft.save(update_fields=["state", "changed_at", "changed_by"])
    audit.record_event(by=by, at=at, verb=verb, target=draft, area_path=draft.area.path)
    return draft
