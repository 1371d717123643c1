"""A sheet's columns and its way from state to state: what scoring and deciding share."""

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.claims import selectors as claims
from jizhi.claims.selectors import RecognisedItem
from jizhi.core import audit
from jizhi.core.errors import DomainError
from jizhi.recognition import models, rules
from jizhi.recognition.rules import Party, Score, SheetState


class BadScore(DomainError):
    """A line cannot be scored like this; `place` is the item."""


class TooLate(DomainError):
    """The sheet has moved on, or the time for it is over."""


def locked(sheet_id: int) -> models.Sheet:
    rows = models.Sheet.objects.select_for_update(of=("self",))
    return rows.select_related("round", "village", "subject__village", "subject__household__area").get(
        pk=sheet_id
    )


def items_of(sheet: models.Sheet) -> dict[str, RecognisedItem]:
    found = claims.items_to_recognise(sheet.village, sheet.round.scheme, on=sheet.round.to_date)
    return {item.id: item for item in found}


def write_column(sheet: models.Sheet, party: Party, scores: Mapping[str, Score]) -> None:
    """Put a party's whole column: a line that it says nothing of is empty in its column."""
    items = items_of(sheet)
    for name, score in scores.items():
        _check(items.get(name), name, score)
        _check_days(sheet.round, items[name], score)
    said = {name: score for name, score in scores.items() if not score.says_nothing}
    kept = {line.item: line for line in sheet.lines.all()}
    for name in {*said, *kept}:
        line = kept.get(name) or models.Line(sheet=sheet, item=name)
        score = said.get(name, Score())
        setattr(line, f"{party.value}_amount", score.amount)
        setattr(line, f"{party.value}_grade", score.grade)
        if party is not Party.DECIDED:
            setattr(line, f"{party.value}_words", score.words.strip()[:200])
            setattr(line, f"{party.value}_days", list(score.days))
        line.save()


def _check(item: RecognisedItem | None, name: str, score: Score) -> None:
    if item is None:
        raise BadScore(_("积分细则里没有这个条目：%(item)s。") % {"item": name}, place=name)
    if not 0 <= score.amount <= rules.AMOUNT_MAX:
        raise BadScore(_("数量须大于0，且不能大得离谱。"), place=name)
    if score.says_nothing:
        return
    if item.needs in ("none", "grade") and (
        score.amount != score.amount.to_integral_value() or score.amount > rules.TIMES_MAX
    ):
        raise BadScore(_("次数须是1到%(most)s的整数。") % {"most": rules.TIMES_MAX}, place=name)
    if item.needs == "grade" and score.grade not in item.grades:
        raise BadScore(_("请选择档次。"), place=name)
    if not item.allows(score.amount):
        raise BadScore(_("分值不在规定范围内。"), place=name)


def _check_days(over: models.Round, item: RecognisedItem, score: Score) -> None:
    if score.says_nothing or not score.days:
        return
    if any(not over.from_date <= day <= over.to_date for day in score.days):
        raise BadScore(_("日期要在本轮认定的时段之内。"), place=item.id)
    if len(score.days) > times_of(item, score):
        raise BadScore(_("写的日期比次数多。"), place=item.id)


def times_of(item: RecognisedItem, score: Score) -> int:
    """An amount is one act; so many times are so many acts."""
    return 1 if item.needs in ("quantity", "given") else int(score.amount)


def move_sheet(sheet: models.Sheet, state: SheetState, fields: list[str]) -> None:
    if sheet.state != state:
        if not rules.can_move(SheetState(sheet.state), state):
            raise TooLate(_("这张认定表已经往前走了一步，请刷新后再试。"))
        sheet.state = state
    sheet.save(update_fields=["state", *fields])


def record_sheet(sheet: models.Sheet, verb: str, by: User, at: dt.datetime) -> None:
    audit.record_event(
        by=by, at=at, verb=verb, target=sheet, area_path=sheet.village.path, detail={"state": sheet.state}
    )
