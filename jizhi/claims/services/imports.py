"""A sheet of claims: read and checked first with nothing written, questions answered by the clerk, then filed.

The file is kept with its dry run, so that what is confirmed is what was shown. Filing the same sheet again, or a
copy of it, changes nothing: a row's key is made of what the row says.
"""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.claims import models, rules
from jizhi.claims.selectors import once
from jizhi.claims.services import filing
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.engine.document.item import Item
from jizhi.engine.loader import Versions
from jizhi.participants import selectors as participants
from jizhi.people.models import Subject
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.sheets import claims as sheets


class UnreadableSheet(DomainError):
    """The upload cannot be read as a sheet of claims at all."""


class AlreadyApplied(DomainError):
    """The sheet was filed before."""


@dataclass(frozen=True, slots=True)
class _Problem:
    """A row that cannot be filed, with its place as the spreadsheet shows it."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str
    reason_en: str = ""


@dataclass(slots=True)
class _Reading:
    """A sheet as understood with the answers given so far."""

    read: int
    drafts: list[tuple[sheets.ClaimRow, filing.Draft]]
    questions: list[sheets.ClaimQuestion]
    problems: list[_Problem]
    repeats: int


@transaction.atomic
def upload_claims(
    *, village: Area, scheme: str, content: bytes, file_name: str, by: User, at: dt.datetime
) -> models.ClaimImport:
    """Read an uploaded sheet and keep it with its dry run; no claim is filed. Raises UnreadableSheet."""
    posts.check_can(by, Action.KEY_IN_CLAIMS, village, clock.day_of(at))
    row = models.ClaimImport(
        village=village,
        scheme=scheme,
        file_name=file_name[-200:],
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
        uploaded_at=at,
        uploaded_by=by,
    )
    row.report = _report(_read(row, {}, at), {})
    row.save()
    return row


@transaction.atomic
def apply_import(
    *, claim_import: models.ClaimImport, answers: Mapping[str, str], by: User, at: dt.datetime
) -> models.ClaimImport:
    """File what the sheet says, with the clerk's answers to its questions (`Sheet1!12:item` → item id).

    Rows whose question has no answer are left out and listed in the report. Raises AlreadyApplied.
    """
    locked = (
        models.ClaimImport.objects.select_for_update(of=("self",))
        .select_related("village")
        .get(pk=claim_import.pk)
    )
    posts.check_can(by, Action.KEY_IN_CLAIMS, locked.village, clock.day_of(at))
    if locked.applied_at is not None:
        raise AlreadyApplied(_("这张表已经导入过了。"))
    reading = _read(locked, answers, at)
    drafts = [draft for _row, draft in reading.drafts]
    filed = filing.file_claims(
        village=locked.village, scheme=locked.scheme, drafts=drafts, channel=rules.Channel.EXCEL, by=by, at=at
    )
    locked.answers = dict(answers)
    locked.report = _report(reading, answers) | {"filed": sum(claim.filed_at == at for claim in filed)}
    locked.applied_at = at
    locked.save(update_fields=["answers", "report", "applied_at"])
    audit.record_event(
        by=by,
        at=at,
        verb="claims.import",
        target=locked,
        area_path=locked.village.path,
        detail={"file": locked.file_name, "filed": locked.report["filed"]},
    )
    return locked


def _read(row: models.ClaimImport, answers: Mapping[str, str], at: dt.datetime) -> _Reading:
    versions = schemes.versions_in_village(row.village, row.scheme)
    today = clock.day_of(at)
    subjects = participants.subjects_by_no(row.village, row.scheme)
    heads = {no: subject.label for no, subject in subjects.items()}
    try:
        sheet = sheets.read_claims(
            bytes(row.content), row.file_name, _item_names(versions, today), heads=heads, on=today
        )
    except sheets.UnreadableFile as error:
        raise UnreadableSheet(str(error), place="file") from error
    answered, open_questions = _answered(sheet, answers)
    reading = _Reading(sheet.read, [], open_questions, [_refused(one) for one in sheet.refused], 0)
    seen: Counter[str] = Counter()
    for line in sorted([*sheet.rows, *answered], key=lambda one: (one.sheet, one.row)):
        _take(reading, line, subjects.get(line.household_no), row.scheme, versions, seen, today)
    keys = [draft.request_key for _line, draft in reading.drafts]
    known = set(models.Claim.objects.filter(request_key__in=keys).values_list("request_key", flat=True))
    reading.repeats = len(known)
    _leave_out_given(reading, row, known)
    return reading


def _leave_out_given(reading: _Reading, row: models.ClaimImport, known: set[str]) -> None:
    """Rows about what a record of the house gave already are problems with their place, never a second claim."""
    fresh = {
        draft.request_key: filing.act_of(draft, row.scheme)
        for _line, draft in reading.drafts
        if draft.request_key not in known
    }
    given = once.standing_for(row.village, set(fresh.values()))
    if not given:
        return
    kept = []
    for line, draft in reading.drafts:
        claim = given.get(fresh[draft.request_key]) if draft.request_key in fresh else None
        if claim is None:
            kept.append((line, draft))
            continue
        reasons = {}
        for language in ("zh-hans", "en"):
            with translation.override(language):
                reasons[language] = str(once.words_of(claim))
        reading.problems.append(
            _Problem(line.sheet, line.row, "act_date", line.what, reasons["zh-hans"], reasons["en"])
        )
    reading.drafts = kept


def _item_names(versions: Versions, today: dt.date) -> list[sheets.ItemName]:
    document = versions.on(today) or versions.latest
    return [
        sheets.ItemName(item.id, item.title.zh, item.aliases, item.unit_word.zh if item.unit_word else "")
        for item in document.items
        if "recorder" in item.claim
    ]


def key_of(question: sheets.ClaimQuestion) -> str:
    """The name under which the answer to a question comes back."""
    return f"{question.sheet}!{question.row}:{question.kind}"


def _answered(
    sheet: sheets.ClaimSheet, answers: Mapping[str, str]
) -> tuple[list[sheets.ClaimRow], list[sheets.ClaimQuestion]]:
    """Rows whose every question is answered, completed; and the questions that are still open."""
    by_row: dict[tuple[str, int], list[sheets.ClaimQuestion]] = {}
    for question in sheet.questions:
        by_row.setdefault((question.sheet, question.row), []).append(question)
    done, still_open = [], []
    for questions in by_row.values():
        line = questions[0].claim
        unanswered = []
        for question in questions:
            answer = answers.get(key_of(question), "").strip()
            completed = _completed(line, question, answer) if answer else None
            if completed is None:
                unanswered.append(question)
            else:
                line = completed
        if unanswered:
            still_open += unanswered
        elif not any(answers.get(key_of(question)) == "-" for question in questions):
            done.append(line)
    return done, still_open


def _completed(line: sheets.ClaimRow, question: sheets.ClaimQuestion, answer: str) -> sheets.ClaimRow | None:
    """The row with one answer; `-` leaves the row out. None where the answer is no answer."""
    if answer == "-":
        return line
    if question.kind == "item":
        return replace(line, item_id=answer)
    if question.kind == "head":
        return replace(line, household_no=answer)
    try:
        return replace(line, quantity=Decimal(answer))
    except InvalidOperation:
        return None


def _take(
    reading: _Reading,
    line: sheets.ClaimRow,
    subject: Subject | None,
    scheme: str,
    versions: Versions,
    seen: Counter[str],
    today: dt.date,
) -> None:
    """Turn a row into a draft, or into a problem with its place."""
    if subject is None:
        reading.problems.append(
            _Problem(
                line.sheet,
                line.row,
                "户编号",
                line.household_no,
                "本村没有这个编号",
                "no such number in the village",
            )
        )
        return
    said = f"{line.household_no}|{line.claim_date}|{line.item_id}|{line.quantity}"
    if scheme != participants.HOUSEHOLD_SCHEME:  # one item may stand in two schemes
        said = f"{scheme}|{said}"
    seen[said] += 1
    key = hashlib.sha256(f"{subject.key}|{said}|{seen[said]}".encode()).hexdigest()[:40]
    words = "；".join(
        part for part in (line.what, line.witness and f"证明人：{line.witness}", line.remark) if part
    )
    draft = filing.Draft(subject, line.item_id, line.claim_date, f"sheet:{key}", line.quantity, "", "", words)
    item, place, reason = _checked(versions, draft, today, "zh-hans")
    if item is None:
        _item, _place, reason_en = _checked(versions, draft, today, "en")
        reading.problems.append(_Problem(line.sheet, line.row, place, line.what, reason, reason_en))
        return
    if item.needs != "quantity":
        draft = replace(draft, quantity=None)
    reading.drafts.append((line, draft))


def _checked(
    versions: Versions, draft: filing.Draft, today: dt.date, language: str
) -> tuple[Item | None, str, str]:
    """The item; or none, the column and the reason in the language, since it is put into words as it is raised."""
    with translation.override(language):
        try:
            return filing.checked_item(versions, draft, rules.Channel.EXCEL, today=today), "", ""
        except filing.UnusableClaim as error:
            return None, error.place, str(error)


def _refused(refusal: Any) -> _Problem:
    return _Problem(
        refusal.sheet, refusal.row, refusal.column, refusal.value, refusal.reason, refusal.reason_en
    )


def _report(reading: _Reading, answers: Mapping[str, str]) -> dict[str, Any]:
    """The dry run as JSON: what would be filed, what is asked, what cannot be used."""
    return {
        "read": reading.read,
        "ready": [_ready(line, draft) for line, draft in reading.drafts],
        "repeats": reading.repeats,
        "questions": list(_questions(reading, answers)),
        "refused": [asdict(problem) for problem in reading.problems],
    }


def _ready(line: sheets.ClaimRow, draft: filing.Draft) -> dict[str, Any]:
    return {
        "sheet": line.sheet,
        "row": line.row,
        "household": line.household_no,
        "head": line.head,
        "date": line.claim_date.isoformat(),
        "what": line.what,
        "item": draft.item,
        "quantity": str(draft.quantity) if draft.quantity is not None else "",
    }


def _questions(reading: _Reading, answers: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for question in reading.questions:
        yield {
            "key": key_of(question),
            "sheet": question.sheet,
            "row": question.row,
            "column": question.column,
            "value": question.value,
            "kind": question.kind,
            "question": question.question,
            "question_en": question.question_en,
            "candidates": list(question.candidates),
            "household": question.claim.household_no,
            "head": question.claim.head,
            "date": question.claim.claim_date.isoformat(),
            "answer": answers.get(key_of(question), ""),
        }
