"""Letters: objections by whoever is not signed in, or about what is no entry; from taking in to the appeal."""

import datetime as dt
import secrets

from django.db import transaction
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.claims.rules import ClaimState
from jizhi.core import audit, clock, nights, scope
from jizhi.core.errors import DomainError
from jizhi.ledger import services as ledger_services
from jizhi.notices import models, rules, selectors
from jizhi.notices.services import appeals, hearing, objections
from jizhi.people.models import Subject
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes

LETTERS_AN_HOUR = 20
LETTERS_A_DAY_OF_HOUSEHOLD = 5
WORDS_MAX = 2000


class LetterRefused(DomainError):
    """The letter says too little, there are too many at once, or it was dealt with already."""


@transaction.atomic
def receive_letter(
    *,
    village: Area,
    about: rules.LetterAbout,
    name: str,
    contact: str,
    words: str,
    reference: str = "",
    subject: Subject | None = None,
    claim_id: int | None = None,
    by: User | None,
    at: dt.datetime,
) -> tuple[models.Letter, str]:
    """Take a letter in. Returns it with the secret part of the address under which its writer follows it.

    Nothing is marked or held by a letter alone: nobody knows yet who wrote it. `claim_id` is a claim of the household
    that was not recognised. Raises LetterRefused.
    """
    for place, text in {"name": name, "contact": contact, "words": words}.items():
        if not text.strip():
            raise LetterRefused(_("请写明姓名、怎样答复您和理由。"), place=place)
    with scope.beyond("whoever writes a letter is nobody whom the site knows"):
        ledger_services.lock_villages([village.pk])
        _check_claim(village, subject, claim_id)
        _check_not_too_many(village, subject, at)
        today = clock.day_of(at)
        clocks = schemes.clocks(village)
        letter = models.Letter(
            village=village,
            about=about,
            subject=subject,
            claim_id=claim_id,
            name=name.strip(),
            contact=contact.strip(),
            reference=reference.strip(),
            words=words.strip()[:WORDS_MAX],
            due_date=clocks.after(today, clocks.answer_days),
        )
        return letter, _take_in(letter, "letter.receive", by, at)


def _take_in(letter: models.Letter, verb: str, by: User | None, at: dt.datetime) -> str:
    """Number and store a letter; returns its secret. The village is locked."""
    token = secrets.token_urlsafe(24)
    letter.number = _next_number(letter.village, clock.day_of(at))
    letter.token_digest, letter.received_at = rules.digest_of(token), at
    letter.save(force_insert=True)
    audit.record_event(
        by=by,
        at=at,
        verb=verb,
        target=letter,
        area_path=letter.village.path,
        detail={"number": letter.number, "about": letter.about},
    )
    return token


def _check_claim(village: Area, subject: Subject | None, claim_id: int | None) -> None:
    """A letter about a claim is its household's own, the claim was not recognised, and no other letter waits for it."""
    if claim_id is None:
        return
    known = Claim.objects.filter(pk=claim_id, village=village, subject=subject, state=ClaimState.REJECTED)
    if subject is None or not known.exists():
        raise LetterRefused(_("只能反映本户没有认定的申报。"))
    if models.Letter.objects.filter(claim_id=claim_id, state__in=rules.OPEN_LETTER).exists():
        raise LetterRefused(_("您对这条申报的意见正在处理，不用重复提出。"))


def _check_not_too_many(village: Area, subject: Subject | None, at: dt.datetime) -> None:
    rows = models.Letter.objects.filter(village=village, subject=subject, appeal_of=None)
    if subject is None:
        if rows.filter(received_at__gt=at - dt.timedelta(hours=1)).count() >= LETTERS_AN_HOUR:
            raise LetterRefused(_("刚才来件太多，请过一小时再提交，或者直接找村（居）委会。"))
    elif rows.filter(received_at__gt=at - dt.timedelta(days=1)).count() >= LETTERS_A_DAY_OF_HOUSEHOLD:
        raise LetterRefused(
            _("一天最多提交%(count)s件，请明天再提交，或者直接找村（居）委会。")
            % {"count": LETTERS_A_DAY_OF_HOUSEHOLD}
        )


def _next_number(village: Area, today: dt.date) -> str:
    prefix = f"{village.code}{today:%y%m%d}"
    rows = models.Letter.objects.filter(village=village, number__startswith=prefix)
    counted = rows.annotate(count=Cast(Substr("number", len(prefix) + 1), IntegerField()))
    return f"{prefix}{(counted.aggregate(last=Max('count'))['last'] or 0) + 1:03d}"


@transaction.atomic
def admit_letter(
    *,
    letter: models.Letter,
    notice: models.Notice,
    fact_id: int,
    subject: Subject,
    by: User,
    at: dt.datetime,
) -> models.Objection:
    """The writer is known and the entry found: the letter becomes an objection, as of the day it came in.

    What went up to the township is admitted by the township, and answered by it. Raises LetterRefused, Conflicted and
    what file_objection raises.
    """
    letter = _locked(letter)
    posts.check_can(by, selectors.admission_action(letter), letter.village, clock.day_of(at))
    went_up = letter.state == rules.LetterState.ESCALATED
    if went_up:
        hearing.check_letter_not_conflicted(letter, by, clock.day_of(at))
    filed = objections.file_objection(
        notice=notice,
        fact_id=fact_id,
        subject=subject,
        grounds=letter.words,
        channel=rules.ObjectionChannel.PUBLIC,
        request_key=f"letter:{letter.pk}",
        received_date=clock.day_of(letter.received_at),
        handed_up=letter.escalation if went_up else "",
        by=by,
        at=at,
    )
    letter.state, letter.objection, letter.subject = rules.LetterState.ADMITTED, filed, subject
    letter.answered_at, letter.answered_by = at, by
    letter.save(update_fields=["state", "objection", "subject", "answered_at", "answered_by"])
    _record(letter, "letter.admit", by, at)
    return filed


@transaction.atomic
def answer_letter(
    *, letter: models.Letter, state: rules.LetterState, answer: str, by: User, at: dt.datetime
) -> models.Letter:
    """Answer a letter that is about no entry, or say why it is not taken up; always with reasons.

    What went up is the township's to answer. A rejected claim whose letter is upheld goes back to the panel. Raises
    LetterRefused, AnswerMissing and Conflicted.
    """
    letter = _locked(letter)
    posts.check_can(by, selectors.letter_action(letter, state), letter.village, clock.day_of(at))
    hearing.check_letter_not_conflicted(letter, by, clock.day_of(at))
    words = hearing.check_reasons(answer)
    letter.state, letter.answer = state, words
    letter.answered_at, letter.answered_by = at, by
    letter.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    if state is rules.LetterState.UPHELD and letter.claim_id is not None:
        claims.reopen_claim(claim_id=letter.claim_id, reason=words, by=by, at=at)
    _record(letter, "letter.answer", by, at)
    _tell(letter, _("您提的意见已答复"), words, at)
    return letter


def _tell(letter: models.Letter, title: object, words: str, at: dt.datetime) -> None:
    if letter.subject is not None:
        hearing.tell(
            letter.subject,
            kind="letter.answered" if letter.answer else "letter.escalated",
            title=title,
            body=words,
            link="/my/objections/",
            at=at,
        )


@transaction.atomic
def escalate_letter(*, letter: models.Letter, words: str, by: User, at: dt.datetime) -> models.Letter:
    """Hand a letter up to the township, with the reason. Raises LetterRefused."""
    letter = _locked(letter)
    posts.check_can(by, Action.ANSWER_OBJECTION, letter.village, clock.day_of(at))
    if not words.strip():
        raise LetterRefused(_("请写明为什么转乡镇答复。"), place="answer")
    _hand_up(letter, words.strip(), by, at)
    return letter


def escalate_overdue_letters(*, at: dt.datetime) -> int:
    """Hand up every letter that has waited as long as an objection may (`hand_up_days`). Returns how many.

    Run every night; one transaction a letter, and a second run the same day finds nothing.
    """
    late = models.Letter.objects.filter(state=rules.LetterState.RECEIVED, due_date__lt=clock.day_of(at))
    count = 0
    for number in late.order_by("id").values_list("pk", flat=True):
        with nights.alone("letter", number):
            count += _escalate_if_due(number, at)
    return count


@transaction.atomic
def _escalate_if_due(letter_id: int, at: dt.datetime) -> bool:
    letter = (
        models.Letter.objects.select_for_update(of=("self",))
        .select_related("village", "subject")
        .get(pk=letter_id)
    )
    clocks = schemes.clocks(letter.village)
    last = clocks.after(clock.day_of(letter.received_at), clocks.hand_up_days)
    if letter.state != rules.LetterState.RECEIVED or clock.day_of(at) <= last:
        return False
    with translation.override("zh-hans"):
        words = gettext("超过期限没有答复，自动转乡镇答复。")
    _hand_up(letter, words, None, at)
    return True


def _hand_up(letter: models.Letter, words: str, by: User | None, at: dt.datetime) -> None:
    if letter.state != rules.LetterState.RECEIVED:
        raise LetterRefused(_("这份来件已经转到乡镇。"))
    clocks = schemes.clocks(letter.village)
    letter.state, letter.escalated_at, letter.escalation = rules.LetterState.ESCALATED, at, words
    letter.due_date = clocks.after(clock.day_of(at), clocks.escalate_days)
    letter.save(update_fields=["state", "escalated_at", "escalation", "due_date"])
    _record(letter, "letter.escalate", by, at)
    _tell(letter, _("您提的意见已转乡镇答复"), words, at)


@transaction.atomic
def appeal_letter(
    *, village: Area, token: str, grounds: str, request_key: str, by: User | None, at: dt.datetime
) -> models.Letter | models.Appeal:
    """Its writer does not accept the answer: about an objection an appeal, else a new letter that the township answers.

    Whoever holds the letter's address may; the same letter is appealed once. Raises NoSuchLetter, LetterRefused and
    AppealClosed.
    """
    with scope.beyond("the writer of a letter holds its address and has no account"):
        ledger_services.lock_villages([village.pk])
        letter = selectors.letter_by_token(village, token)
        return _appeal(letter, grounds, request_key, by, at)


@transaction.atomic
def appeal_own_letter(
    *, letter: models.Letter, grounds: str, request_key: str, by: User, at: dt.datetime
) -> models.Letter | models.Appeal:
    """The same by the household that wrote it. Raises LetterRefused."""
    if letter.subject_id not in selectors.spoken_for(by, on=clock.day_of(at)):
        raise LetterRefused(_("只有提出的人可以申请复核。"))
    with scope.beyond("whoever writes a letter is nobody whom the site knows"):
        ledger_services.lock_villages([letter.village_id])
        fresh = models.Letter.objects.select_related(
            "village", "subject", "claim", "objection", "appealed_by"
        )
        return _appeal(fresh.get(pk=letter.pk), grounds, request_key, by, at)


def _appeal(
    letter: models.Letter, grounds: str, request_key: str, by: User | None, at: dt.datetime
) -> models.Letter | models.Appeal:
    if letter.objection is not None:
        return appeals.file_for_letter(
            objection=letter.objection, grounds=grounds, request_key=request_key, at=at
        )
    if selectors.letter_appeal_until(letter, on=clock.day_of(at)) is None:
        raise LetterRefused(_("现在不能申请复核：没有可以复核的答复，或者期限已过。"))
    if not grounds.strip():
        raise LetterRefused(_("请写明理由。"), place="grounds")
    clocks = schemes.clocks(letter.village)
    again = models.Letter(
        village=letter.village,
        about=letter.about,
        subject=letter.subject,
        claim=letter.claim,
        name=letter.name,
        contact=letter.contact,
        reference=letter.reference,
        words=grounds.strip()[:WORDS_MAX],
        appeal_of=letter,
        state=rules.LetterState.ESCALATED,
        escalated_at=at,
        due_date=clocks.after(clock.day_of(at), clocks.escalate_days),
    )
    with translation.override("zh-hans"):
        again.escalation = gettext("不服答复，申请乡镇复核。")
    _take_in(again, "letter.appeal", by, at)
    return again


def _locked(letter: models.Letter) -> models.Letter:
    locked = (
        models.Letter.objects.select_for_update(of=("self",))
        .select_related("village", "subject", "claim", "appeal_of")
        .get(pk=letter.pk)
    )
    if locked.state not in rules.OPEN_LETTER:
        raise LetterRefused(_("这份来件已经办结。"))
    return locked


def _record(letter: models.Letter, verb: str, by: User | None, at: dt.datetime) -> None:
    audit.record_event(
        by=by,
        at=at,
        verb=verb,
        target=letter,
        area_path=letter.village.path,
        detail={"number": letter.number, "state": letter.state},
    )
