"""Filing claims through every channel, one or many; refiling a returned one, withdrawing one's own.

A draft that cannot be used raises UnusableClaim with the place; nothing of the batch is written then. A draft
whose `request_key` was used before gives the claim that is there.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.claims import models, rules
from jizhi.claims.selectors.once import Act
from jizhi.claims.services import once
from jizhi.core import audit, clock
from jizhi.core.errors import Conflict, DomainError
from jizhi.engine import loader
from jizhi.engine.document.item import Item
from jizhi.participants import selectors as participants
from jizhi.people import selectors as people
from jizhi.people.models import Subject
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes

QUANTITY_MAX = Decimal(1_000_000_000)


class UnusableClaim(DomainError):
    """The claim cannot be filed as it stands; the message says what is wrong and `place` which field."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody claims for a subject. `request_key` is made by the client and makes a repeat harmless."""

    subject: Subject
    item: str
    act_date: dt.date
    request_key: str
    quantity: Decimal | None = None
    grade: str = ""
    act: str = ""
    words: str = ""


@transaction.atomic
def file_claims(
    *,
    village: Area,
    scheme: str,
    drafts: Sequence[Draft],
    channel: rules.Channel,
    by: User,
    at: dt.datetime,
) -> list[models.Claim]:
    """File claims of one village through one channel, all or none. Returns a claim for each draft, in order.

    Raises UnusableClaim and posts.NotAllowed.
    """
    subjects = {draft.subject.pk: draft.subject for draft in drafts}
    grids = participants.areas_of_subjects(list(subjects))
    _check_channel(village, list(subjects.values()), grids, channel, by, clock.day_of(at))
    versions = schemes.versions_in_village(village, scheme)
    present = _claims_by_key([draft.request_key for draft in drafts])
    _check_once(village, scheme, [one for one in drafts if one.request_key not in present], channel)
    fresh: dict[str, models.Claim] = {}
    for draft in drafts:
        if draft.request_key in present or draft.request_key in fresh:
            continue
        item = checked_item(versions, draft, channel, today=clock.day_of(at))
        fresh[draft.request_key] = new_claim(
            draft, item, scheme, channel, area=grids.get(draft.subject.pk, village), by=by, at=at
        )
    _create(list(fresh.values()), by, at)
    present |= _claims_by_key(list(fresh))
    return [present[draft.request_key] for draft in drafts]


def _check_once(village: Area, scheme: str, drafts: Sequence[Draft], channel: rules.Channel) -> None:
    """Nobody claims by hand what a record of the house gave already."""
    acts = {act_of(draft, scheme) for draft in drafts}
    for words in once.refused_acts(village, channel, acts).values():
        raise UnusableClaim(words, place="act_date")


def act_of(draft: Draft, scheme: str) -> Act:
    """What a draft is about."""
    return Act(draft.subject.pk, scheme, draft.item, draft.act_date)


def new_claim(
    draft: Draft, item: Item, scheme: str, channel: rules.Channel, *, area: Area, by: User, at: dt.datetime
) -> models.Claim:
    """A claim that is not stored yet, from a draft whose item was checked; `by` and `at` say who brought it forward."""
    return models.Claim(
        subject=draft.subject,
        village=draft.subject.village,
        area=area,
        scheme=scheme,
        item=item.id,
        item_kind=item.kind.value,
        act_date=draft.act_date,
        quantity=draft.quantity,
        grade=draft.grade,
        act=draft.act,
        words=draft.words.strip(),
        channel=channel,
        request_key=draft.request_key,
        filed_at=at,
        filed_by=by,
    )


def _create(claims: list[models.Claim], by: User, at: dt.datetime) -> None:
    """Insert claims; a key that another request used a moment ago is left to that request."""
    models.Claim.objects.bulk_create(claims, ignore_conflicts=True, batch_size=1000)
    keys = [claim.request_key for claim in claims]
    filed = models.Claim.objects.filter(request_key__in=keys, filed_at=at).select_related("village")
    audit.append_events(
        [
            audit.new_event(
                by=by,
                at=at,
                verb="claim.file",
                target=claim,
                area_path=claim.village.path,
                detail={"channel": claim.channel, "item": claim.item},
            )
            for claim in filed
        ]
    )


def _claims_by_key(keys: Sequence[str]) -> dict[str, models.Claim]:
    rows = models.Claim.objects.filter(request_key__in=keys).select_related("subject", "village")
    return {row.request_key: row for row in rows}


def _check_channel(
    village: Area,
    subjects: list[Subject],
    grids: dict[int, Area],
    channel: rules.Channel,
    by: User,
    today: dt.date,
) -> None:
    """Whether this user may file for these subjects in this way."""
    if any(subject.village_id != village.pk for subject in subjects):
        raise UnusableClaim(_("有积分主体不属于本村，没有申报任何一条。"), place="subject")
    if channel is rules.Channel.SELF:
        own = participants.own_subject_ids(by, on=today)
        if not all(subject.pk in own for subject in subjects):
            raise UnusableClaim(_("只能为自己家、自己或自己负责的组织申报。"), place="subject")
    elif channel is rules.Channel.WITNESS:
        witness = people.subject_of_user(by, on=today)
        own = participants.own_subject_ids(by, on=today)
        if witness is None or witness.village_id != village.pk or any(one.pk in own for one in subjects):
            raise UnusableClaim(_("只能替本村的邻居申报。"), place="subject")
    elif channel is rules.Channel.WORKER:
        for area in {grid.pk: grid for grid in grids.values()}.values() or [village]:
            posts.check_can(by, Action.FILE_CLAIM_FOR_OTHERS, area, today)
    elif channel is rules.Channel.ACTIVITY:
        posts.check_can_somewhere_in(by, Action.MANAGE_ACTIVITIES, village, today)
    elif channel is rules.Channel.DERIVED:
        return  # nobody asks for it: it follows from a record that somebody confirmed
    elif channel is rules.Channel.SYSTEM:
        posts.check_can(by, Action.MANAGE_SYSTEMS, village, today)
    else:
        posts.check_can(by, Action.KEY_IN_CLAIMS, village, today)


def checked_item(versions: loader.Versions, draft: Draft, channel: rules.Channel, *, today: dt.date) -> Item:
    """The item a draft is about, after every check that needs no other claim. Raises UnusableClaim."""
    if draft.act_date > today:
        raise UnusableClaim(_("日期不能晚于今天。"), place="act_date")
    document = versions.on(draft.act_date)
    if document is None:
        raise UnusableClaim(
            _("%(day)s时本村积分细则尚未生效，不能申报。") % {"day": draft.act_date}, place="act_date"
        )
    item = document.item(draft.item)
    if item is None:
        raise UnusableClaim(_("积分细则里没有这个条目：%(item)s。") % {"item": draft.item}, place="item")
    wanted = rules.CHANNEL_OF_ITEM[channel]
    if wanted and wanted not in item.claim:
        raise UnusableClaim(_("“%(item)s”不能以这种方式申报。") % {"item": item.title.zh}, place="item")
    if not participants.is_scored(draft.subject, document):
        raise UnusableClaim(
            _("%(name)s不是这份细则的积分主体。") % {"name": draft.subject.label}, place="subject"
        )
    if not _takes_part(draft.subject, draft.act_date):
        raise UnusableClaim(_("这一天不在积分范围内。"), place="act_date")
    _check_amount(item, draft.quantity, draft.grade)
    return item


def _takes_part(subject: Subject, day: dt.date) -> bool:
    return (
        not subject.void and subject.from_date <= day and (subject.to_date is None or day <= subject.to_date)
    )


def _check_amount(item: Item, quantity: Decimal | None, grade: str) -> None:
    """Quantity and grade as the item's points need them; what the panel decides may stay open here."""
    if item.needs == "quantity":
        if quantity is None:
            raise UnusableClaim(_("请填写数量。"), place="quantity")
        if not Decimal(0) < quantity <= QUANTITY_MAX:
            raise UnusableClaim(_("数量须大于0，且不能大得离谱。"), place="quantity")
    if item.needs == "grade":
        if grade and grade not in item.grades:
            raise UnusableClaim(_("没有“%(grade)s”这个档次。") % {"grade": grade}, place="grade")
        if not grade and not schemes.panel_decides(item):
            raise UnusableClaim(_("请选择档次。"), place="grade")


@transaction.atomic
def refile_claim(
    *,
    claim: models.Claim,
    act_date: dt.date,
    quantity: Decimal | None,
    grade: str,
    words: str,
    by: User,
    at: dt.datetime,
    version: int | None = None,
    request_key: str = "",
) -> models.Claim:
    """Send a returned claim again, amended. Only whoever filed it, or its household, may.

    `version` is the one the form was opened with: raises Conflict when the claim was changed since. The same
    `request_key` again gives the claim as it is.
    """
    claim = _own_claim_locked(claim, by, at)
    if request_key and claim.amended_key == request_key:
        return claim
    if version is not None:
        _check_unchanged(claim, version)
    _check_move(claim, rules.ClaimState.FILED)
    draft = Draft(claim.subject, claim.item, act_date, claim.request_key, quantity, grade, claim.act, words)
    versions = schemes.versions_in_village(claim.village, claim.scheme)
    checked_item(versions, draft, rules.Channel(claim.channel), today=clock.day_of(at))
    if why := once.refusal(claim, act_of(draft, claim.scheme)):
        raise UnusableClaim(why, place="act_date")
    claim.act_date, claim.quantity, claim.grade, claim.words = act_date, quantity, grade, words.strip()
    claim.state = rules.ClaimState.FILED
    claim.version, claim.amended_key = claim.version + 1, request_key
    claim.save(update_fields=["act_date", "quantity", "grade", "words", "state", "version", "amended_key"])
    audit.record_event(by=by, at=at, verb="claim.refile", target=claim, area_path=claim.village.path)
    return claim


@transaction.atomic
def withdraw_claim(*, claim: models.Claim, by: User, at: dt.datetime) -> models.Claim:
    """Take a claim back before the panel decides. Only whoever filed it, or its household, may."""
    claim = _own_claim_locked(claim, by, at)
    _check_move(claim, rules.ClaimState.WITHDRAWN)
    claim.state = rules.ClaimState.WITHDRAWN
    claim.save(update_fields=["state"])
    audit.record_event(by=by, at=at, verb="claim.withdraw", target=claim, area_path=claim.village.path)
    return claim


@transaction.atomic
def withdraw_witnessed(*, claim_id: int, by: User, at: dt.datetime) -> models.Claim:
    """Take back what a neighbour claimed; the caller has checked that `by` answers for whom it is about."""
    claim = models.Claim.objects.select_for_update(of=("self",)).select_related("village").get(pk=claim_id)
    if claim.channel != rules.Channel.WITNESS:
        raise UnusableClaim(_("只有申报人或本户可以改动这条申报。"))
    _check_move(claim, rules.ClaimState.WITHDRAWN)
    claim.state = rules.ClaimState.WITHDRAWN
    claim.save(update_fields=["state"])
    audit.record_event(by=by, at=at, verb="claim.withdraw", target=claim, area_path=claim.village.path)
    return claim


def _own_claim_locked(claim: models.Claim, by: User, at: dt.datetime) -> models.Claim:
    locked = (
        models.Claim.objects.select_for_update(of=("self",))
        .select_related("subject", "village")
        .get(pk=claim.pk)
    )
    if locked.filed_by_id == by.pk:
        return locked
    if locked.subject_id not in participants.own_subject_ids(by, on=clock.day_of(at)):
        raise UnusableClaim(_("只有申报人或本户可以改动这条申报。"))
    versions = schemes.versions_in_village(locked.village, locked.scheme)
    if schemes.item_of(versions, locked.item, locked.act_date).kind != "merit":
        raise UnusableClaim(_("扣分事项只能由登记人改动；认为不对，可以在公示期提出异议。"))
    return locked


def _check_unchanged(claim: models.Claim, version: int) -> None:
    """Raises Conflict with what the claim says now, and by whom, unless it is still as the form showed it."""
    open_still = rules.can_move(rules.ClaimState(claim.state), rules.ClaimState.FILED)
    if claim.version == version and open_still:
        return
    event = audit.events_of(claim).last()
    author = User.objects.filter(pk=event.by_id).first() if event and event.by_id else None
    raise Conflict(
        _("您填写的时候，这条申报已被改动。"),
        now={
            "act_date": claim.act_date,
            **({"quantity": claim.quantity} if claim.quantity is not None else {}),
            **({"grade": claim.grade} if claim.grade else {}),
            "words": claim.words,
            gettext("状态"): gettext(rules.ClaimState(claim.state).label),
        },
        version=claim.version if open_still else None,
        changed_by=author.display_name if author else "",
        changed_at=event.at if event else None,
    )


def _check_move(claim: models.Claim, target: rules.ClaimState) -> None:
    if not rules.can_move(rules.ClaimState(claim.state), target):
        raise UnusableClaim(
            _("这条申报现在是“%(state)s”，不能这样做。") % {"state": _(rules.ClaimState(claim.state).label)}
        )
