"""The household's own column and the work team's, with its photos."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import IO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import clock
from jizhi.core.photos import encode_photo
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.recognition import models, selectors
from jizhi.recognition.rules import Party, Score, SelfChannel, SheetState
from jizhi.recognition.services.sheets import (
    BadScore,
    TooLate,
    locked,
    move_sheet,
    record_sheet,
    write_column,
)

PHOTOS_A_LINE_MAX = 4


@transaction.atomic
def score_self(
    *, sheet_id: int, scores: Mapping[str, Score], channel: SelfChannel, by: User, at: dt.datetime
) -> models.Sheet:
    """The household's own score: by phone until the last day, on paper or spoken through whoever keys it in.

    It may be changed until the team has scored. Raises TooLate and BadScore.
    """
    sheet, today = locked(sheet_id), clock.day_of(at)
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
    write_column(sheet, Party.SELF, scores)
    sheet.self_channel, sheet.self_at, sheet.self_by = channel, at, by
    move_sheet(sheet, SheetState.SELF_SCORED, ["self_channel", "self_at", "self_by"])
    record_sheet(sheet, "recognition.self", by, at)
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
    sheet, today = locked(sheet_id), clock.day_of(at)
    posts.check_can(by, Action.VERIFY_CLAIM, _area_of(sheet), today)
    if sheet.state == SheetState.DECIDED:
        raise TooLate(_("认定小组已经认定，不能再改。"))
    write_column(sheet, Party.TEAM, scores)
    for item, files in photos.items():
        _add_photos(sheet, item, files, by, at)
    sheet.team_at, sheet.team_by = at, by
    move_sheet(sheet, SheetState.TEAM_SCORED, ["team_at", "team_by"])
    record_sheet(sheet, "recognition.team", by, at)
    return sheet


def _area_of(sheet: models.Sheet) -> Area:
    return people.areas_of_subjects([sheet.subject_id]).get(sheet.subject_id, sheet.village)


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
