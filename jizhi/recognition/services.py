"""Opening a round, scoring by the household and by the team, and the group's decision, which goes to the ledger."""

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from decimal import Decimal
from typing import IO

from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.claims import selectors as claim_selectors
from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.claims.selectors import RecognisedItem
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.core.photos import encode_photo
from jizhi.people import selectors as people
from jizhi.people import services as people_services
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.recognition import models, rules, selectors
from jizhi.recognition.rules import Party, Score, SelfChannel, SheetState
from jizhi.reviews import services as reviews
from jizhi.reviews.models import Meeting
from jizhi.reviews.rules import Choice, Outcome, Procedure, Voting

PHOTOS_A_LINE_MAX = 4


class BadRound(DomainError):
    """The round cannot be opened as asked."""


class BadScore(DomainError):
    """A line cannot be scored like this; `place` is the item."""


class WrongMeeting(DomainError):
    """Sheets are decided by a show of hands in an ordinary meeting of the village's panel."""


class TooLate(DomainError):
    """The sheet has moved on, or the time for it is over."""


@transaction.atomic
def open_round(
    *,
    village: Area,
    scheme: str,
    title: str,
    from_date: dt.date,
    to_date: dt.date,
    self_until_date: dt.date,
    by: User,
    at: dt.datetime,
) -> models.Round:
    """A sheet for every household that takes part on the last day; each is asked for its own score. Raises BadRound."""
    today = clock.day_of(at)
    posts.check_can(by, Action.HOLD_MEETING, village, today)
    if from_date > to_date or to_date > today:
        raise BadRound(_("认定时段要先后有序，最后一天不能晚于今天。"), place="to_date")
    if self_until_date < today:
        raise BadRound(_("自评截止日不能早于今天。"), place="self_until_date")
    claim_selectors.items_to_recognise(village, scheme, on=to_date)
    row = _create_round(
        models.Round(
            village=village, scheme=scheme, title=title.strip(), from_date=from_date, to_date=to_date,
            self_until_date=self_until_date, opened_at=at, opened_by=by,
        )
    )  # fmt: skip
    subjects = people.household_subjects(village, to_date)
    sheets = models.Sheet.objects.bulk_create(
        [models.Sheet(round=row, village=village, subject=subject) for subject in subjects]
    )
    people_services.tell_subjects(
        messages=[
            people_services.new_message(
                subject=sheet.subject,
                kind="recognition.open",
                title=format_lazy("{}：{}", _("请自评"), row.title),
                body=format_lazy("{} {}", _("自评截止"), self_until_date),
                link=f"/my/recognition/{sheet.pk}/",
                at=at,
            )
            for sheet in sheets
        ]
    )
    audit.record_event(by=by, at=at, verb="recognition.open", target=row, area_path=village.path)
    return row


def _create_round(row: models.Round) -> models.Round:
    """No act may be recognised in two rounds: the database refuses spans that overlap."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as clash:
        if "round_once_at_a_time" not in str(clash):
            raise
        text = _("这个时段已经开过一轮认定：各轮的时段不能重叠。")
        raise BadRound(text, place="from_date") from clash
    return row


def _locked(sheet_id: int) -> models.Sheet:
    rows = models.Sheet.objects.select_for_update(of=("self",))
    return rows.select_related("round", "village", "subject__village", "subject__household__area").get(
        pk=sheet_id
    )


@transaction.atomic
def score_self(
    *, sheet_id: int, scores: Mapping[str, Score], channel: SelfChannel, by: User, at: dt.datetime
) -> models.Sheet:
    """The household's own score: by phone until the last day, on paper or spoken through whoever keys it in.

    It may be changed until the team has scored. Raises TooLate and BadScore.
    """
    sheet, today = _locked(sheet_id), clock.day_of(at)
    if channel is SelfChannel.PHONE:
        own = people.subject_of_user(by, on=today)
        if own is None or own.pk != sheet.subject_id:
            raise selectors.NoSuchSheet(_("没有这张认定表，或者您无权查看。"))
        if today > sheet.round.self_until_date:
            raise TooLate(_("自评已经截止。需要补充的，请告诉网格员。"))
    else:
        posts.check_can(by, Action.FILE_CLAIM_FOR_OTHERS, _area_of(sheet), today)
    if sheet.state not in (SheetState.OPEN, SheetState.SELF_SCORED):
        raise TooLate(_("工作组已经评过，自评不能再改。"))
    _write(sheet, Party.SELF, scores)
    sheet.self_channel, sheet.self_at, sheet.self_by = channel, at, by
    _move(sheet, SheetState.SELF_SCORED, ["self_channel", "self_at", "self_by"])
    _record(sheet, "recognition.self", by, at)
    return sheet


@transaction.atomic
def score_team(
    *,
    sheet_id: int,
    scores: Mapping[str, Score],
    photos: Mapping[str, Sequence[IO[bytes]]],
    by: User,
    at: dt.datetime,
) -> models.Sheet:
    """The work team's score with its evidence; it may be changed until the group has decided.

    Raises TooLate, BadScore and BadPhoto.
    """
    sheet, today = _locked(sheet_id), clock.day_of(at)
    posts.check_can(by, Action.VERIFY_CLAIM, _area_of(sheet), today)
    if sheet.state == SheetState.DECIDED:
        raise TooLate(_("认定小组已经认定，不能再改。"))
    _write(sheet, Party.TEAM, scores)
    for item, files in photos.items():
        _add_photos(sheet, item, files, by, at)
    sheet.team_at, sheet.team_by = at, by
    _move(sheet, SheetState.TEAM_SCORED, ["team_at", "team_by"])
    _record(sheet, "recognition.team", by, at)
    return sheet


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
    sheet = _locked(sheet_id)
    posts.check_can(by, Action.HOLD_MEETING, sheet.village, clock.day_of(at))
    _check_meeting(meeting, sheet)
    if sheet.state != SheetState.TEAM_SCORED:
        raise TooLate(_("要先由工作组评过，认定小组才能认定；每户只认定一次。"))
    _write(sheet, Party.DECIDED, scores)
    lines = {line.item: line for line in sheet.lines.all()}
    differ = [
        line for line in lines.values()
        if not selectors.score_of(line, Party.DECIDED).same(selectors.score_of(line, Party.TEAM))
    ]  # fmt: skip
    if differ and not reason.strip():
        raise BadScore(_("与工作组评分不一致的，要写明理由。"), place="reason")
    sheet.decided_at, sheet.meeting, sheet.reason = at, meeting, reason.strip()
    _move(sheet, SheetState.DECIDED, ["decided_at", "meeting", "reason"])
    _post(sheet, lines, meeting, reason, choices or {}, by, at)
    _record(sheet, "recognition.decide", by, at)
    people_services.tell_subject(
        subject=sheet.subject, kind="recognition.decided", title=_("三方认定有结果了"), body=sheet.round.title,
        link=f"/my/recognition/{sheet.pk}/", at=at,
    )  # fmt: skip
    return sheet


def _check_meeting(meeting: Meeting, sheet: models.Sheet) -> None:
    """Each line is voted on by name, at once: neither in secret nor by circulation."""
    if meeting.panel.village_id != sheet.village_id:
        raise WrongMeeting(_("这次会议不是本村评议小组的。"))
    if meeting.procedure != Procedure.MEETING or meeting.voting != Voting.OPEN:
        raise WrongMeeting(_("三方认定须在公开表决的评议会上进行，不能无记名表决，也不能传签。"))


def _area_of(sheet: models.Sheet) -> Area:
    return people.areas_of_subjects([sheet.subject_id]).get(sheet.subject_id, sheet.village)


def _items(sheet: models.Sheet) -> dict[str, RecognisedItem]:
    found = claim_selectors.items_to_recognise(sheet.village, sheet.round.scheme, on=sheet.round.to_date)
    return {item.id: item for item in found}


def _write(sheet: models.Sheet, party: Party, scores: Mapping[str, Score]) -> None:
    """Put a party's whole column: a line that it says nothing of is empty in its column."""
    items = _items(sheet)
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
    if len(score.days) > _times(item, score):
        raise BadScore(_("写的日期比次数多。"), place=item.id)


def _add_photos(
    sheet: models.Sheet, item: str, files: Sequence[IO[bytes]], by: User, at: dt.datetime
) -> None:
    line = sheet.lines.filter(item=item).first()
    if line is None or not files:
        return
    kept = set(line.photos.values_list("digest", flat=True))
    for photo in map(encode_photo, files):
        if photo.digest in kept:
            continue
        if len(kept) >= PHOTOS_A_LINE_MAX:
            raise BadScore(_("一个条目最多附%(count)s张照片。") % {"count": PHOTOS_A_LINE_MAX}, place=item)
        row = models.LinePhoto(line=line, digest=photo.digest, added_at=at, added_by=by)
        row.file.save(f"{photo.digest}.jpg", photo.file, save=False)
        row.save()
        kept.add(photo.digest)


def _post(
    sheet: models.Sheet,
    lines: Mapping[str, models.Line],
    meeting: Meeting,
    reason: str,
    choices: Mapping[int, Choice],
    by: User,
    at: dt.datetime,
) -> None:
    """File what was decided as claims, verified by the team's score, and decide them in the same meeting."""
    items, acts = _items(sheet), []
    for line in sorted(lines.values(), key=lambda one: one.pk):
        score = selectors.score_of(line, Party.DECIDED)
        if not score.says_nothing:
            acts += [(line, number, score) for number in range(1, _times(items[line.item], score) + 1)]
    if not acts:
        return
    hands = _hands(sheet)
    filed = claims.file_recognised(
        village=sheet.village,
        scheme=sheet.round.scheme,
        drafts=[_draft(sheet, items[line.item], line, number, score) for line, number, score in acts],
        hands=hands,
        note=sheet.round.title,
        by=by,
        at=at,
    )
    _link(filed, acts, hands)
    cases = [claim.case_id for claim in filed if claim.case_id is not None]
    reviews.add_to_agenda(meeting=meeting, case_ids=cases, by=by, at=at)
    given = {
        claim.pk: score.amount if items[line.item].needs == "given" else None
        for claim, (line, _number, score) in zip(filed, acts, strict=True)
    }
    rulings = [
        claims.ClaimRuling(claim.pk, Outcome.APPROVE, reason, claim.grade, given[claim.pk], choices)
        for claim in filed
    ]
    claims.decide_claims(meeting=meeting, rulings=rulings, by=by, at=at)


def _hands(sheet: models.Sheet) -> claims.Hands:
    """The household's own score, where there is one, brings the lines forward; the work team has looked at them."""
    team, team_at = sheet.team_by, sheet.team_at
    assert team is not None  # the sheet was scored by the team
    assert team_at is not None
    return claims.Hands(sheet.self_by or team, sheet.self_at or team_at, team, team_at)


def _times(item: RecognisedItem, score: Score) -> int:
    """An amount is one act; so many times are so many acts."""
    return 1 if item.needs in ("quantity", "given") else int(score.amount)


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


def _move(sheet: models.Sheet, state: SheetState, fields: list[str]) -> None:
    if sheet.state != state:
        if not rules.can_move(SheetState(sheet.state), state):
            raise TooLate(_("这张认定表已经往前走了一步，请刷新后再试。"))
        sheet.state = state
    sheet.save(update_fields=["state", *fields])


def _record(sheet: models.Sheet, verb: str, by: User, at: dt.datetime) -> None:
    audit.record_event(
        by=by, at=at, verb=verb, target=sheet, area_path=sheet.village.path, detail={"state": sheet.state}
    )
