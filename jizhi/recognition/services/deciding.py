"""What is decided on a sheet, by the recognition group or by the township: it is filed, decided and posted as claims.

The township rules where recusal leaves too few of the panel for any meeting, as it does on single claims.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.claims.selectors import RecognisedItem
from jizhi.core import clock
from jizhi.core.errors import DomainError
from jizhi.people import services as people_services
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.recognition import models, selectors
from jizhi.recognition.rules import Party, Score, SheetState
from jizhi.recognition.services.sheets import (
    BadScore,
    TooLate,
    items_of,
    locked,
    move_sheet,
    record_sheet,
    times_of,
    write_column,
)
from jizhi.reviews import services as reviews
from jizhi.reviews.models import Meeting
from jizhi.reviews.rules import Choice, Outcome, Procedure, Voting


class WrongMeeting(DomainError):
    """Sheets are decided by a show of hands in an ordinary meeting of the village's panel."""


@dataclass(frozen=True, slots=True)
class _Filed:
    """The claims that the decided lines became, with the points of those whose item leaves them open."""

    rows: list[Claim] = field(default_factory=list)
    given: dict[int, Decimal | None] = field(default_factory=dict)

    def rulings(self, reason: str, choices: Mapping[int, Choice]) -> list[claims.ClaimRuling]:
        return [
            claims.ClaimRuling(one.pk, Outcome.APPROVE, reason, one.grade, self.given[one.pk], choices)
            for one in self.rows
        ]


@transaction.atomic
def decide_sheet(
    *,
    sheet_id: int,
    meeting: Meeting,
    scores: Mapping[str, Score],
    reason: str = "",
    choices: Mapping[int, Choice] | None = None,
    by: User,
    at: dt.datetime,
) -> models.Sheet:
    """The recognition group decides every line in an open meeting; what is decided is filed, decided and posted.

    A reason is needed where the group decides otherwise than the team. Faults wait until the household was told.
    Raises TooLate, WrongMeeting, BadScore, and what reviews.decide_cases raises.
    """
    sheet = locked(sheet_id)
    posts.check_can(by, Action.HOLD_MEETING, sheet.village, clock.day_of(at))
    _check_meeting(meeting, sheet)
    lines = _write_decided(sheet, scores)
    if _differs(lines) and not reason.strip():
        raise BadScore(_("与工作组评分不一致的，要写明理由。"), place="reason")
    filed = _file(sheet, lines, Action.HOLD_MEETING, by, at)
    if filed.rows:
        cases = [claim.case_id for claim in filed.rows if claim.case_id is not None]
        reviews.add_to_agenda(meeting=meeting, case_ids=cases, by=by, at=at)
        claims.decide_claims(meeting=meeting, rulings=filed.rulings(reason, choices or {}), by=by, at=at)
    return _close(sheet, meeting, reason, "recognition.decide", by, at)


@transaction.atomic
def rule_sheet(
    *, sheet_id: int, scores: Mapping[str, Score], reason: str, by: User, at: dt.datetime
) -> models.Sheet:
    """The township decides every line of a sheet that recusal puts beyond the panel, with reasons; what follows is the
    same as after the group's decision.

    Raises TooLate, BadScore and what claims.rule_claims raises.
    """
    sheet = locked(sheet_id)
    posts.check_can(by, Action.RULE_CASE, sheet.village, clock.day_of(at))
    lines = _write_decided(sheet, scores)
    filed = _file(sheet, lines, Action.RULE_CASE, by, at)
    meeting = claims.rule_claims(
        village=sheet.village, concern=selectors.concern_of(sheet), rulings=filed.rulings(reason, {}),
        reason=reason, by=by, at=at,
    )  # fmt: skip
    return _close(sheet, meeting, reason, "recognition.rule", by, at)


def _check_meeting(meeting: Meeting, sheet: models.Sheet) -> None:
    """Each line is voted on by name, at once: neither in secret nor by circulation."""
    if meeting.panel.village_id != sheet.village_id:
        raise WrongMeeting(_("这次会议不是本村评议小组的。"))
    if meeting.procedure != Procedure.MEETING or meeting.voting != Voting.OPEN:
        raise WrongMeeting(_("三方认定须在公开表决的评议会上进行，不能无记名表决，也不能传签。"))


def _write_decided(sheet: models.Sheet, scores: Mapping[str, Score]) -> list[models.Line]:
    """The deciding column of a sheet that the team has scored. Raises TooLate and BadScore."""
    if sheet.state != SheetState.TEAM_SCORED:
        raise TooLate(_("要先由工作组评过，才能认定；每户只认定一次。"))
    write_column(sheet, Party.DECIDED, scores)
    return list(sheet.lines.order_by("pk"))


def _differs(lines: Sequence[models.Line]) -> bool:
    """Whether any line is decided otherwise than the team scored it."""
    return any(
        not selectors.score_of(line, Party.DECIDED).same(selectors.score_of(line, Party.TEAM))
        for line in lines
    )


def _file(
    sheet: models.Sheet, lines: Sequence[models.Line], action: Action, by: User, at: dt.datetime
) -> _Filed:
    """File what was decided as claims, verified by the team's score; `by` does it with the right to `action`."""
    items, acts = items_of(sheet), []
    for line in lines:
        score = selectors.score_of(line, Party.DECIDED)
        if not score.says_nothing:
            acts += [(line, number, score) for number in range(1, times_of(items[line.item], score) + 1)]
    if not acts:
        return _Filed()
    hands = _hands(sheet)
    filed = claims.file_recognised(
        village=sheet.village,
        scheme=sheet.round.scheme,
        drafts=[_draft(sheet, items[line.item], line, number, score) for line, number, score in acts],
        hands=hands,
        note=sheet.round.title,
        action=action,
        by=by,
        at=at,
    )
    _link(filed, acts, hands)
    given = {
        claim.pk: score.amount if items[line.item].needs == "given" else None
        for claim, (line, _number, score) in zip(filed, acts, strict=True)
    }
    return _Filed(filed, given)


def _close(
    sheet: models.Sheet, meeting: Meeting, reason: str, verb: str, by: User, at: dt.datetime
) -> models.Sheet:
    """The sheet is decided, and the household is told."""
    sheet.decided_at, sheet.meeting, sheet.reason = at, meeting, reason.strip()
    move_sheet(sheet, SheetState.DECIDED, ["decided_at", "meeting", "reason"])
    record_sheet(sheet, verb, by, at)
    people_services.tell_subject(
        subject=sheet.subject, kind="recognition.decided", title=_("三方认定有结果了"), body=sheet.round.title,
        link=f"/my/recognition/{sheet.pk}/", at=at,
    )  # fmt: skip
    return sheet


def _hands(sheet: models.Sheet) -> claims.Hands:
    """The household's own score, where there is one, brings the lines forward; the work team has looked at them."""
    team, team_at = sheet.team_by, sheet.team_at
    assert team is not None  # the sheet was scored by the team
    assert team_at is not None
    return claims.Hands(sheet.self_by or team, sheet.self_at or team_at, team, team_at)


def _draft(
    sheet: models.Sheet, item: RecognisedItem, line: models.Line, number: int, score: Score
) -> claims.Draft:
    quantity: Decimal | None = score.amount if item.needs == "quantity" else None
    return claims.Draft(
        subject=sheet.subject,
        item=item.id,
        act_date=_day_of(sheet, score, number),
        request_key=f"recognition:{line.pk}:{number}",
        quantity=quantity,
        grade=score.grade if item.needs == "grade" else "",
        act=f"recognition:{line.pk}:{number}",
        words=line.team_words or line.self_words,
    )


def _day_of(sheet: models.Sheet, score: Score, number: int) -> dt.date:
    """The day that the sheet says of the act of that number; the round's last day where it says none."""
    return score.days[number - 1] if number <= len(score.days) else sheet.round.to_date


def _link(
    filed: Sequence[Claim], acts: Sequence[tuple[models.Line, int, Score]], hands: claims.Hands
) -> None:
    """Say which line each claim comes from; the team's photos go along to the first claim of their line."""
    models.LineClaim.objects.bulk_create(
        [
            models.LineClaim(line=line, number=number, claim=claim)
            for claim, (line, number, _score) in zip(filed, acts, strict=True)
        ]
    )
    for claim, (line, number, _score) in zip(filed, acts, strict=True):
        photos = list(line.photos.all()) if number == 1 else []
        with ExitStack() as opened:
            files = [opened.enter_context(photo.file.open("rb")) for photo in photos]
            claims.add_photos(claim, files, hands.verified_by, hands.verified_at)
