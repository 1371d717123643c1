"""What every step of a matter has in common: lock, check, log, deadline, photos, audit, telling the reporters.

A step is repeated harmlessly by its `request_key`; a stale page is refused by `version`.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import IO, Any

from django.core.files.base import ContentFile
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jizhi.core import audit, clock
from jizhi.core.errors import Conflict, DomainError
from jizhi.core.photos import BadPhoto, encode_photo
from jizhi.matters import models, rules, selectors
from jizhi.matters.rules import MatterState, Verb
from jizhi.people import services as people

PHOTOS_A_STEP_MAX = 6
WORDS_MAX = 2000


class UnusableMatter(DomainError):
    """What was written cannot be kept as it stands; `place` names the field."""


# What a reporting household is told of, in a message of its own; `{words}` only where the words are meant for it.
TOLD: dict[Verb, tuple[Any, Any]] = {
    Verb.DISPATCH: (_("您反映的{kind}已受理"), _("事件{number}已安排{who}办理，期限到{due}。")),
    Verb.ASK_BACK: (_("您反映的{kind}需要补充"), _("事件{number}需要您补充：{words}")),
    Verb.HANDLE: (_("您反映的{kind}已办理，待复核"), _("事件{number}已办理，网格员会到现场复核。")),
    Verb.NOT_SOLVED: (_("您反映的{kind}复核未解决，继续办理"), _("事件{number}复核时还没有解决，继续办理。")),
    Verb.CLOSE: (_("您反映的{kind}已办结"), _("事件{number}办结，答复：{words} 您可以评价是否满意。")),
    Verb.REFUSE: (_("您反映的{kind}不予受理"), _("事件{number}不予受理，理由：{words}")),
    Verb.MERGE: (
        _("您反映的{kind}已与同一件事合并办理"),
        _("事件{number}与先报的同一件事合并办理，结果一样告诉您。"),
    ),
    Verb.ESCALATE: (_("您反映的{kind}已上报上级"), _("事件{number}已上报上级办理。")),
    Verb.SEND_DOWN: (_("您反映的{kind}已转有关单位"), _("事件{number}已转回下级办理。")),
    Verb.REOPEN: (_("您反映的{kind}重新办理"), _("事件{number}已重新办理。")),
}


def locked(matter_id: int) -> models.Matter:
    """The matter with its row locked. Raises NoSuchMatter."""
    found = (
        models.Matter.objects.select_for_update(of=("self",))
        .select_related("village", "area", "household", "reporter", "assignee")
        .filter(pk=matter_id)
        .first()
    )
    if found is None:
        raise selectors.NoSuchMatter(_("没有这件事件，或者您无权查看。"))
    return found


def opened(
    *, matter_id: int, verb: Verb, by: Any, at: dt.datetime, version: int | None, request_key: str
) -> tuple[models.Matter, bool]:
    """The locked matter and whether this very step was taken before. Raises Conflict, WrongStep, NoSuchMatter."""
    matter = locked(matter_id)
    if request_key and models.Step.objects.filter(matter=matter, request_key=request_key).exists():
        return matter, True
    if version is not None and version != matter.version:
        raise conflict(matter, verb, by, at)
    selectors.check_step(by, matter, verb, clock.day_of(at))
    return matter, False


def conflict(matter: models.Matter, verb: Verb, by: Any, at: dt.datetime) -> Conflict:
    """Where the matter stands now and who took the last step, as far as the reader may know it."""
    page = selectors.matter_page(by, matter.pk, on=clock.day_of(at))
    last = page.steps[-1]
    now: dict[str, Any] = {
        gettext("状态"): gettext(MatterState(matter.state).label),
        gettext("最近一步"): gettext(last.verb.label),
        gettext("这一步的说明"): last.words,
        gettext("办理人"): holder_words(matter),
    }
    return Conflict(
        _("这件事件刚被别人办理过。您填的内容没有保存，请看最新情况后再办。"),
        now={label: value for label, value in now.items() if value},
        version=matter.version
        if verb in page.allowed or (verb is Verb.DISPATCH and page.may_take_on)
        else None,
        changed_by=last.by,
        changed_at=last.at,
    )


def needed(words: str, message: Any, place: str = "words") -> str:
    """Words that a step cannot do without."""
    text = words.strip()
    if not text:
        raise UnusableMatter(message, place=place)
    return text[:WORDS_MAX]


def take(
    matter: models.Matter,
    verb: Verb,
    *,
    by: Any,
    at: dt.datetime,
    words: str = "",
    photos: Sequence[IO[bytes]] = (),
    request_key: str = "",
) -> models.Step:
    """Move the matter, set its clock, append the step with its photos, record it and tell who reported."""
    before = MatterState(matter.state)
    matter.state = rules.target_of(before, verb)
    _set_clock(matter, verb, clock.day_of(at))
    matter.version += 1
    matter.save()
    step = log(matter, verb, before=before, by=by, at=at, words=words, request_key=request_key)
    attach(matter, step, photos, at)
    tell(matter, verb, words, at)
    return step


def log(
    matter: models.Matter,
    verb: Verb,
    *,
    before: MatterState | None,
    by: Any,
    at: dt.datetime,
    words: str,
    request_key: str,
) -> models.Step:
    """Append the step and its audit event."""
    step = models.Step.objects.create(
        matter=matter,
        village=matter.village,
        no=matter.version,
        verb=verb,
        at=at,
        by=by,
        words=words.strip(),
        from_state=before or "",
        to_state=matter.state,
        storey=matter.storey,
        assigned=holder_words(matter),
        due_date=matter.due_date,
        request_key=request_key or uuid.uuid4().hex,
    )
    audit.record_event(
        by=by,
        at=at,
        verb=f"matter.{verb.value}",
        target=matter,
        area_path=matter.area.path,
        detail={"step": step.no, "from": before or "", "to": matter.state, "storey": matter.storey},
    )
    return step


def holder_words(matter: models.Matter) -> str:
    """Who handles it, in words: the person, the organisation, or both."""
    name = matter.assignee.display_name if matter.assignee else ""
    return " · ".join(part for part in (name, matter.assignee_words) if part)


def _set_clock(matter: models.Matter, verb: Verb, today: dt.date) -> None:
    clocks = selectors.clocks_in(matter.village)
    if matter.due_date is not None and today > matter.due_date:
        matter.was_late = True
    if verb is Verb.SUPPLEMENT:
        matter.due_date = clocks.after(today, matter.paused_left or 0)
        matter.paused_left = None
    elif verb in rules.CLOCK_STOPS:
        left = clocks.between(today, matter.due_date) if matter.due_date else 0
        matter.paused_left = left if verb is Verb.ASK_BACK else None
        matter.due_date = None
    elif verb in rules.CLOCK_STEPS:
        matter.due_date = rules.due_after(verb, clocks, matter.handle_days, today)


def attach(matter: models.Matter, step: models.Step, photos: Sequence[IO[bytes]], at: dt.datetime) -> None:
    """Keep the step's photos; one that the matter has already is kept once. Raises BadPhoto."""
    if len(photos) > PHOTOS_A_STEP_MAX:
        raise BadPhoto(_("一次最多附%(count)s张照片。") % {"count": PHOTOS_A_STEP_MAX}, place="photos")
    for photo in photos:
        clean = encode_photo(photo)
        if matter.photos.filter(digest=clean.digest).exists():
            continue
        row = models.MatterPhoto(
            matter=matter,
            step=step,
            village=matter.village,
            digest=clean.digest,
            width=clean.width,
            height=clean.height,
            added_at=at,
        )
        row.file.save(f"{clean.digest}.jpg", ContentFile(clean.content), save=False)
        row.save()


def tell(matter: models.Matter, verb: Verb, words: str, at: dt.datetime) -> None:
    """Tell the household that reported it, and those whose reports were merged into it."""
    if verb not in TOLD:
        return
    rows = [matter]
    if verb is not Verb.MERGE:
        rows += matter.merged.filter(reporter__isnull=False).select_related("reporter")
    title, body = TOLD[verb]
    for row in rows:
        if row.reporter is None:
            continue
        about = {
            "number": row.number,
            "kind": _KindName(row.kind_zh, row.kind_en),
            "who": holder_words(matter),
            "due": matter.due_date.isoformat() if matter.due_date else "",
            "words": words.strip(),
        }
        people.tell_subject(
            subject=row.reporter,
            kind="matter.step",
            title=format_lazy(title, **about),
            body=format_lazy(body, **about),
            link=f"/my/matters/{row.pk}/",
            at=at,
        )


class _KindName:
    """A kind's title that speaks the language in force when it is written out."""

    def __init__(self, chinese: str, english: str) -> None:
        self.chinese, self.english = chinese, english

    def __str__(self) -> str:
        return selectors.in_language(self.chinese, self.english)

    def __format__(self, spec: str) -> str:
        return str(self)
