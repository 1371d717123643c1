"""Letters for whoever admits and answers them, and for the writer who holds the secret address."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import clock, scope
from jizhi.core.errors import DomainError
from jizhi.notices import models, rules
from jizhi.notices.selectors import appeals, content
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes

_SHOWN = ("village", "answered_by", "appeal_of", "appealed_by__village", "appealed_by__answered_by")


class NoSuchLetter(DomainError):
    """The letter does not exist, or is not the reader's to see."""


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter with what became of it."""

    id: int
    number: str
    village: Area
    about: rules.LetterAbout
    name: str
    contact: str
    reference: str
    words: str
    state: rules.LetterState
    due_date: dt.date
    received_at: dt.datetime
    answer: str
    answered_at: dt.datetime | None
    answered_by: str
    escalated_at: dt.datetime | None
    escalation: str
    appeal_of_id: int | None
    appealed_by_id: int | None
    objection_id: int | None
    claim_id: int | None
    is_known: bool
    letter: models.Letter

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN_LETTER

    def is_late(self, today: dt.date) -> bool:
        return self.is_open and today > self.due_date


def letters(
    user: User,
    *,
    on: dt.date,
    state: str = "",
    about: str = "",
    month: str = "",
    village_code: str = "",
    words: str = "",
) -> QuerySet[models.Letter]:
    """Letters of the user's villages by filter (`month` in which they came in is `2026-05`), those that wait first."""
    rows = models.Letter.objects.filter(village__path__within=posts.scope_paths(user, Action.VIEW_LEDGER, on))
    exact = {"state": state, "about": about, "village__code": village_code}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    year, _dash, number = month.partition("-")
    if year.isdecimal() and number.isdecimal():
        rows = rows.filter(received_at__year=int(year), received_at__month=int(number))
    if words:
        rows = rows.filter(Q(words__icontains=words) | Q(name__icontains=words) | Q(number__icontains=words))
    return rows.order_by(F("answered_at").desc(nulls_first=True), "due_date", "id")


def letter_lines(letters: Iterable[models.Letter]) -> list[LetterLine]:
    """Letters as lines, in their order; one query."""
    numbers = [row.pk for row in letters]
    rows = models.Letter.objects.select_related(*_SHOWN).in_bulk(numbers)
    return [_line(rows[number]) for number in numbers]


def _line(row: models.Letter) -> LetterLine:
    follower = getattr(row, "appealed_by", None)
    return LetterLine(
        id=row.pk,
        number=row.number,
        village=row.village,
        about=rules.LetterAbout(row.about),
        name=row.name,
        contact=row.contact,
        reference=row.reference,
        words=row.words,
        state=rules.LetterState(row.state),
        due_date=row.due_date,
        received_at=row.received_at,
        answer=row.answer,
        answered_at=row.answered_at,
        answered_by=row.answered_by.display_name if row.answered_by else "",
        escalated_at=row.escalated_at,
        escalation=row.escalation,
        appeal_of_id=row.appeal_of_id,
        appealed_by_id=follower.pk if follower else None,
        objection_id=row.objection_id,
        claim_id=row.claim_id,
        is_known=row.subject_id is not None,
        letter=row,
    )


def letter_line(user: User, letter_id: int, *, on: dt.date) -> LetterLine:
    """One letter of the user's villages. Raises NoSuchLetter."""
    row = letters(user, on=on).filter(pk=letter_id).select_related(*_SHOWN, "claim").first()
    if row is None:
        raise NoSuchLetter(_("没有这份来件，或者您无权查看。"))
    return _line(row)


@dataclass(frozen=True, slots=True)
class FollowedLetter:
    """What the holder of a letter's address reads: the letter, and the objection's course where it became one.

    `appeals` are those of the objection; `again` is the letter with which the answer was appealed. `appeal_until` is
    the last day on which its writer may ask for a second look, where there is one.
    """

    line: LetterLine
    objection_state: rules.ObjectionState | None
    objection_due: dt.date | None
    objection_answer: str
    appeals: list[appeals.AppealLine]
    again: LetterLine | None
    appeal_until: dt.date | None


def letter_by_token(village: Area, token: str) -> models.Letter:
    """A letter by the secret part of its address; the caller looks beyond the scope. Raises NoSuchLetter."""
    rows = models.Letter.objects.filter(village=village, token_digest=rules.digest_of(token))
    row = rows.select_related(*_SHOWN, "claim", "subject", "objection__village").first()
    if row is None:
        raise NoSuchLetter(_("没有这份来件，请核对地址。"))
    return row


def followed_letter(village: Area, token: str, *, on: dt.date) -> FollowedLetter:
    """A letter by the secret part of its address. Raises NoSuchLetter."""
    with scope.beyond("the writer of a letter holds its address and has no account"):
        row = letter_by_token(village, token)
        filed = row.objection
        chance = appeals.appeal_chance(filed, on=on) if filed else None
        return FollowedLetter(
            line=_line(row),
            objection_state=rules.ObjectionState(filed.state) if filed else None,
            objection_due=filed.due_date if filed else None,
            objection_answer=filed.answer if filed else "",
            appeals=appeals.appeals_of(filed.pk) if filed else [],
            again=_line(row.appealed_by) if hasattr(row, "appealed_by") else None,
            appeal_until=chance.until if chance else letter_appeal_until(row, on=on),
        )


def letters_of_subject(*subject_ids: int) -> list[LetterLine]:
    """What a household (or those for which it speaks) wrote, newest first."""
    rows = models.Letter.objects.filter(subject__in=subject_ids, objection=None)
    return [_line(row) for row in rows.select_related(*_SHOWN).order_by("-id")]


def letters_to_answer(user: User, *, on: dt.date) -> list[LetterLine]:
    """Letters that wait for the user, the most urgent first."""
    village = Q(
        state=rules.LetterState.RECEIVED,
        village__path__within=posts.scope_paths(user, Action.POST_NOTICE, on),
    )
    township = Q(
        state=rules.LetterState.ESCALATED,
        village__path__within=posts.scope_paths(user, Action.HEAR_AT_TOWNSHIP, on),
    )
    rows = models.Letter.objects.filter(village | township)
    return [_line(row) for row in rows.select_related(*_SHOWN).order_by("due_date", "id")]


def letter_action(letter: models.Letter, state: rules.LetterState) -> Action:
    """What one must be allowed to do to answer the letter so."""
    if letter.state == rules.LetterState.ESCALATED:
        return Action.HEAR_AT_TOWNSHIP
    return Action.POST_NOTICE if state is rules.LetterState.REFUSED else Action.ANSWER_OBJECTION


def admission_action(letter: models.Letter) -> Action:
    """What one must be allowed to do to make an objection of the letter: what went up is the township's."""
    went_up = letter.state == rules.LetterState.ESCALATED
    return Action.HEAR_AT_TOWNSHIP if went_up else Action.POST_NOTICE


def letter_appeal_until(letter: models.Letter, *, on: dt.date, days: int | None = None) -> dt.date | None:
    """Until when the writer may go to the township against the answer; None where not, or not any more.

    The answer to what went up to the township, and to an appeal, is the last one. `days` spares looking the clock up.
    """
    answered = letter.state in rules.LETTER_MAY_BE_APPEALED and letter.answered_at is not None
    if not answered or letter.escalated_at is not None or hasattr(letter, "appealed_by"):
        return None
    assert letter.answered_at is not None
    if days is None:
        days = schemes.clocks(letter.village).appeal_days
    until = clock.day_of(letter.answered_at) + dt.timedelta(days=days)
    return until if on <= until else None


def letters_to_appeal(village: Area, lines: Iterable[LetterLine], *, on: dt.date) -> dict[int, dt.date]:
    """Those of a village's letters whose answers can be appealed today, and until when."""
    days = schemes.clocks(village).appeal_days
    found = {line.id: letter_appeal_until(line.letter, on=on, days=days) for line in lines}
    return {number: until for number, until in found.items() if until is not None}


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry on a notice that a letter may be about."""

    notice_id: int
    period: str
    row: content.NoticeRow
    entry: content.NoticeEntry


def entries_to_choose(letter: LetterLine, owner_no: str) -> list[Choice]:
    """A household's entries on the notices that could be objected to on the day the letter came in."""
    day = clock.day_of(letter.received_at)
    notices = models.Notice.objects.filter(
        village=letter.village, window_to_date__gte=day, posted_at__lte=letter.received_at
    )
    return _choices(notices.order_by("-period"), owner_no)


def entries_on_form(notice: models.Notice, owner_no: str) -> list[Choice]:
    """A household's entries on the notice that a form is printed for."""
    return _choices([notice], owner_no)


def _choices(notices: Iterable[models.Notice], owner_no: str) -> list[Choice]:
    return [
        Choice(notice.pk, notice.period, row, entry)
        for notice in notices
        for row in content.rows_of(notice.content)
        if row.no.lstrip("0") == owner_no.strip().lstrip("0")
        for entry in row.entries
    ]


def notice_of_forms(batch_id: int) -> models.Notice | None:
    """The notice that a batch of objection forms is printed for; the caller has checked who may know."""
    rows = models.Notice.objects.filter(objection_batches__batch=batch_id)
    return rows.select_related("village").first()


def objection_from_form(code: str) -> int | None:
    """The number of the objection that was keyed in from a form."""
    rows = models.Objection.objects.filter(request_key=rules.form_key(code))
    return rows.values_list("pk", flat=True).first()


def notice_by_id(notice_id: int, village: Area) -> models.Notice | None:
    """A notice of the village."""
    return models.Notice.objects.filter(pk=notice_id, village=village).select_related("village").first()
