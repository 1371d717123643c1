"""Printing sheets with codes, keying them in once, and noting which were spoiled or never came back."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from django.db import connection, transaction
from django.db.models import Max
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.channels import models, rules, selectors
from jizhi.channels.rules import SheetKind, SheetState
from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.participants import selectors as participants
from jizhi.people.models import Subject
from jizhi.people.rules import SubjectKind
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes


class BadBatch(DomainError):
    """The batch cannot be printed as asked."""


class SheetSettled(DomainError):
    """The sheet was keyed in, or set aside, before; the message says by whom and when."""


_PRINTED_FOR = {
    SubjectKind.HOUSEHOLD: _("这张表是印给%(label)s户的。"),
    SubjectKind.PERSON: _("这张表是印给%(label)s本人的。"),
    SubjectKind.ORGANISATION: _("这张表是印给“%(label)s”这个组织的。"),
}
# What keying in a sheet of the kind asks for, and with it printing and setting aside.
KEYED_BY = {SheetKind.CLAIM: Action.KEY_IN_CLAIMS, SheetKind.OBJECTION: Action.POST_NOTICE}


@transaction.atomic
def print_sheets(
    *,
    village: Area,
    scheme: str,
    kind: SheetKind = SheetKind.CLAIM,
    count: int = 0,
    subjects: Sequence[Subject] = (),
    title: str = "",
    request_key: str,
    by: User,
    at: dt.datetime,
) -> models.PaperBatch:
    """A batch of sheets: one for each of the subjects, and so many without a name. Raises BadBatch.

    Claim sheets are for whoever the scheme scores; whoever objects is a household. The same `request_key` again gives
    the batch that is there.
    """
    posts.check_can(by, KEYED_BY[kind], village, clock.day_of(at))
    if any(subject.village_id != village.pk for subject in subjects):
        raise BadBatch(_("有积分主体不属于本村，没有印出任何一张。"))
    if kind is SheetKind.CLAIM:
        document = schemes.versions_in_village(village, scheme).latest
        strange = next((one for one in subjects if not participants.is_scored(one, document)), None)
        if strange is not None:
            raise BadBatch(_("%(name)s不是这份细则的积分主体。") % {"name": strange.label}, place="subjects")
    whole = len(subjects) + count
    if not 0 < whole <= rules.SHEETS_A_BATCH_MAX:
        raise BadBatch(
            _("一批印1到%(most)s张，您要印%(count)s张。")
            % {"most": rules.SHEETS_A_BATCH_MAX, "count": whole},
            place="count",
        )
    _lock_numbers(village)
    present = models.PaperBatch.objects.filter(request_key=request_key).first()
    if present is not None:
        return present
    batch = models.PaperBatch.objects.create(
        village=village,
        kind=kind,
        scheme=scheme,
        title=title.strip(),
        request_key=request_key,
        printed_at=at,
        printed_by=by,
    )
    last = models.PaperSheet.objects.filter(village=village).aggregate(last=Max("number"))["last"] or 0
    models.PaperSheet.objects.bulk_create(
        [
            models.PaperSheet(
                batch=batch, village=village, subject=subject,
                number=number, code=rules.sheet_code(village.pk, number),
            )
            for number, subject in enumerate([*subjects, *[None] * count], last + 1)
        ]
    )  # fmt: skip
    audit.record_event(
        by=by, at=at, verb="paper.print", target=batch, area_path=village.path,
        detail={"first": last + 1, "count": whole},
    )  # fmt: skip
    return batch


def _lock_numbers(village: Area) -> None:
    """One printing at a time in a village, so that numbers have no gaps."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('jizhi.papers'), %s)", [village.pk % 2**31])


def _locked(code: str, by: User, at: dt.datetime) -> models.PaperSheet:
    """The sheet, locked: whoever keys in the same sheet at this moment waits, and then sees what became of it."""
    line = selectors.sheet_page(by, code, on=clock.day_of(at)).line
    rows = models.PaperSheet.objects.select_for_update(of=("self",))
    return rows.select_related("village", "batch", "subject", "settled_by").get(pk=line.id)


def _check_open(sheet: models.PaperSheet, target: SheetState) -> None:
    if rules.can_move(SheetState(sheet.state), target):
        return
    raise SheetSettled(
        _("编号%(number)s的纸质表%(state)s：%(who)s，%(when)s。")
        % {
            "number": sheet.number,
            "state": _(SheetState(sheet.state).label),
            "who": sheet.settled_by.display_name if sheet.settled_by else "",
            "when": f"{localtime(sheet.settled_at):%Y-%m-%d %H:%M}" if sheet.settled_at else "",
        },
        place="code",
    )


@transaction.atomic
def key_in_sheet(
    *, code: str, subject: Subject, drafts: Sequence[claims.Draft], by: User, at: dt.datetime
) -> list[Claim]:
    """File what stands on a sheet and use its code up, both or neither. Returns a claim for each line.

    Raises SheetSettled for a sheet that was keyed in before, and what file_claims raises.
    """
    with using_sheet(code=code, kind=SheetKind.CLAIM, subject=subject, by=by, at=at) as sheet:
        if not drafts:
            raise claims.UnusableClaim(_("请至少填写一行。"))
        document = schemes.versions_in_village(sheet.village, sheet.batch.scheme).latest
        if not participants.is_scored(subject, document):
            raise claims.UnusableClaim(
                _("这张表是“%(scheme)s”的，请扫码打开它再录入。") % {"scheme": document.title.zh},
                place="code",
            )
        keyed = [
            replace(draft, subject=subject, request_key=f"paper:{sheet.code}:{number}")
            for number, draft in enumerate(drafts, 1)
        ]
        filed = claims.file_claims(
            village=sheet.village,
            scheme=sheet.batch.scheme,
            drafts=keyed,
            channel=Channel.PAPER,
            by=by,
            at=at,
        )
        models.PaperLine.objects.bulk_create(
            [
                models.PaperLine(sheet=sheet, number=number, claim=claim)
                for number, claim in enumerate(filed, 1)
            ]
        )
    return filed


@contextmanager
def using_sheet(
    *, code: str, kind: SheetKind, subject: Subject, by: User, at: dt.datetime
) -> Iterator[models.PaperSheet]:
    """Use a sheet's code up for a subject, together with what is filed inside the block, both or neither.

    Raises SheetSettled for a sheet that was keyed in before or is of another kind, UnusableClaim for one that bears
    another's name.
    """
    with transaction.atomic():
        sheet = _locked(code, by, at)
        if sheet.batch.kind != kind:
            other = _(SheetKind(sheet.batch.kind).label)
            raise SheetSettled(_("这个编码印在%(kind)s上。") % {"kind": other}, place="code")
        posts.check_can(by, KEYED_BY[kind], sheet.village, clock.day_of(at))
        _check_open(sheet, SheetState.USED)
        if sheet.subject is not None and sheet.subject_id != subject.pk:
            printed_for = _PRINTED_FOR[SubjectKind(sheet.subject.kind)]
            raise claims.UnusableClaim(printed_for % {"label": sheet.subject.label}, place="no")
        yield sheet
        sheet.subject = subject
        _settle(sheet, SheetState.USED, "", by, at)


@transaction.atomic
def settle_sheets(
    *, codes: Sequence[str], target: SheetState, reason: str = "", by: User, at: dt.datetime
) -> list[models.PaperSheet]:
    """Say of sheets that they are spoiled (a reason is needed) or never came back. All or none."""
    if target not in (SheetState.SPOILED, SheetState.MISSING):
        raise BadBatch(_("只能登记作废或未收回。"), place="target")
    if target is SheetState.SPOILED and not reason.strip():
        raise BadBatch(_("作废须写明原因。"), place="reason")
    found = []
    for code in sorted(set(codes)):
        sheet = _locked(code, by, at)
        posts.check_can(by, KEYED_BY[SheetKind(sheet.batch.kind)], sheet.village, clock.day_of(at))
        _check_open(sheet, target)
        _settle(sheet, target, reason.strip(), by, at)
        found.append(sheet)
    return found


def _settle(sheet: models.PaperSheet, state: SheetState, reason: str, by: User, at: dt.datetime) -> None:
    sheet.state, sheet.reason, sheet.settled_at, sheet.settled_by = state, reason, at, by
    sheet.save(update_fields=["state", "reason", "settled_at", "settled_by", "subject"])
    audit.record_event(
        by=by,
        at=at,
        verb=f"paper.{state}",
        target=sheet,
        area_path=sheet.village.path,
        detail={"note": reason},
    )
