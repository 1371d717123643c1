"""The ledger as others read it: facts for the evaluators, entries for pages, wallets for the counter."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum

from jizhi.accounts.models import User
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.ledger import models, rules
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


@dataclass(frozen=True, slots=True)
class FactRow:
    """A decided act as the evaluators need it. `awarded` and `held_back` are what the ledger says now."""

    id: int
    subject_id: int
    subject_key: str
    item: str
    act_date: dt.date
    quantity: Decimal | None
    grade: str
    given: Decimal | None
    act: str
    reversed: bool
    published: bool = True


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry for a list; points in hundredths."""

    id: int
    fact_id: int
    subject_id: int
    subject_key: str
    subject_label: str
    village_id: int
    village: str
    scheme: str
    version_date: dt.date
    item: str
    act_date: dt.date
    quantity: Decimal | None
    grade: str
    given: Decimal | None
    cause: rules.Cause
    price: int
    points: int
    held_back: int
    limit: str
    note: str
    reason: str
    spendable: bool
    published: bool
    posted_at: dt.datetime
    decision_number: int | None


@dataclass(frozen=True, slots=True)
class WalletLine:
    """One movement in a wallet: points with their sign, in hundredths."""

    id: int
    reason: rules.TransferReason
    points: int
    period: str
    made_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Wallet:
    """A subject's spendable points and the last movements."""

    balance: int
    expiring: list[tuple[dt.date, int]]
    moves: list[WalletLine]


@dataclass(frozen=True, slots=True)
class Sums:
    """What a list of entries adds up to, in hundredths; `faults` is negative."""

    merits: int
    faults: int
    held_back: int


def _reversed() -> Exists:
    return Exists(models.Entry.objects.filter(fact=OuterRef("pk"), cause=rules.Cause.REVERSED))


def _rows(facts: QuerySet[models.Fact]) -> list[FactRow]:
    rows = (
        facts.annotate(is_reversed=_reversed())
        .order_by("id")
        .values_list(
            "id",
            "subject_id",
            "subject__key",
            "item",
            "act_date",
            "quantity",
            "grade",
            "given",
            "act",
            "is_reversed",
            "published",
        )
    )
    return [FactRow(*row) for row in rows]


def facts_of_subjects(subject_ids: Collection[int], scheme: str) -> list[FactRow]:
    """Every fact of the subjects under a scheme, in ledger order."""
    return _rows(models.Fact.objects.filter(subject_id__in=subject_ids, scheme=scheme))


def subjects_with_facts(subject_ids: Collection[int], scheme: str) -> list[int]:
    """Which of the subjects the ledger knows under a scheme."""
    facts = models.Fact.objects.filter(subject_id__in=subject_ids, scheme=scheme)
    return sorted(set(facts.values_list("subject_id", flat=True)))


def facts_of_village(village: Area, scheme: str, *, until: dt.date | None = None) -> list[FactRow]:
    """Every fact of a village under a scheme, acts up to `until`, in ledger order."""
    facts = models.Fact.objects.filter(village=village, scheme=scheme)
    return _rows(facts.filter(act_date__lte=until) if until else facts)


def marks_of_villages(villages: Collection[Area], scheme: str) -> list[tuple[int, int, int, dt.date]]:
    """(village, facts, entries, first day) of villages with facts: a digest of it tells whether anything was added."""
    rows = models.Fact.objects.filter(village__in=villages, scheme=scheme).order_by("village_id")
    counts = rows.values_list("village_id").annotate(
        facts=Count("pk", distinct=True), posted=Count("entries", distinct=True), first=Min("act_date")
    )
    return [(village, facts, entries, first) for village, facts, entries, first in counts]


def fact(fact_id: int) -> models.Fact:
    """One fact, locked for the transaction by its subject's lock, not here."""
    return models.Fact.objects.select_related("subject", "village").get(pk=fact_id)


def worth_of_facts(fact_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """What the ledger's entries add up to for each fact: (awarded, held back) in hundredths."""
    sums = (
        models.Entry.objects.filter(fact_id__in=list(fact_ids))
        .values_list("fact_id")
        .annotate(points=Sum("points"), held=Sum("held_back"))
        .order_by("fact_id")
    )
    return {number: (points, held) for number, points, held in sums}


def worth_in_period(village: Area, scheme: str, start: dt.date, end: dt.date) -> dict[int, tuple[int, int]]:
    """The same for every fact of a village whose act lies in start…end (inclusive)."""
    sums = (
        models.Entry.objects.filter(village=village, fact__scheme=scheme, act_date__range=(start, end))
        .values_list("fact_id")
        .annotate(points=Sum("points"), held=Sum("held_back"))
        .order_by("fact_id")
    )
    return {number: (points, held) for number, points, held in sums}


def entry_lines(entries: QuerySet[models.Entry]) -> list[EntryLine]:
    """Entries as lines, with one query."""
    rows = entries.select_related("fact", "subject", "village")
    return [_line(row) for row in rows]


def _line(row: models.Entry) -> EntryLine:
    decided = row.fact
    return EntryLine(
        id=row.pk,
        fact_id=row.fact_id,
        subject_id=row.subject_id,
        subject_key=row.subject.key,
        subject_label=row.subject.label,
        village_id=row.village_id,
        village=areas.named(row.village),
        scheme=decided.scheme,
        version_date=decided.version_date,
        item=decided.item,
        act_date=row.act_date,
        quantity=decided.quantity,
        grade=decided.grade,
        given=decided.given,
        cause=rules.Cause(row.cause),
        price=row.price,
        points=row.points,
        held_back=row.held_back,
        limit=row.limit,
        note=row.note,
        reason=row.reason,
        spendable=decided.spendable,
        published=decided.published,
        posted_at=row.posted_at,
        decision_number=decided.decision_number,
    )


def visible_entries(user: User, on: dt.date) -> QuerySet[models.Entry]:
    """Entries of the villages in the user's scope."""
    paths = posts.scope_paths(user, Action.VIEW_LEDGER, on)
    return models.Entry.objects.filter(village__path__within=paths)


def filtered_entries(
    user: User,
    *,
    on: dt.date,
    village_code: str = "",
    month: str = "",
    words: str = "",
    cause: str = "",
    subject_key: str = "",
    scheme: str = "",
) -> QuerySet[models.Entry]:
    """The ledger's list for a page or an export, newest first; `month` is `2022-05`, by the day of the act."""
    entries = visible_entries(user, on)
    if village_code:
        entries = entries.filter(village__code=village_code)
    if subject_key:
        entries = entries.filter(subject__key=subject_key)
    if month:
        year, number = (int(part) for part in month.split("-"))
        entries = entries.filter(act_date__year=year, act_date__month=number)
    if cause:
        entries = entries.filter(cause=cause)
    if scheme:
        entries = entries.filter(fact__scheme=scheme)
    if words:
        entries = entries.filter(Q(subject__label__icontains=words) | Q(subject__key__icontains=words))
    return entries.order_by("-id")


def sums(entries: QuerySet[models.Entry]) -> Sums:
    """What the entries of a list add up to; one query."""
    found = entries.order_by().aggregate(
        merits=Sum("points", filter=Q(points__gt=0)),
        faults=Sum("points", filter=Q(points__lt=0)),
        held_back=Sum("held_back"),
    )
    return Sums(*(found[name] or 0 for name in ("merits", "faults", "held_back")))


def entries_of_subject(subject_id: int, *, limit: int | None = None) -> list[EntryLine]:
    """A subject's entries, newest first."""
    entries = models.Entry.objects.filter(subject_id=subject_id).order_by("-id")
    return entry_lines(entries[:limit] if limit else entries)


def entries_of_fact(fact_id: int) -> list[EntryLine]:
    """Everything the ledger says about a fact, in order."""
    return entry_lines(models.Entry.objects.filter(fact_id=fact_id).order_by("id"))


def first_entries(fact_ids: Collection[int]) -> dict[int, EntryLine]:
    """The entry by which each fact was posted; one query."""
    rows = models.Entry.objects.filter(fact_id__in=fact_ids).order_by("fact_id", "id").distinct("fact_id")
    return {line.fact_id: line for line in entry_lines(rows)}


def awarded_in_period(subject_id: int, start: dt.date, end: dt.date) -> int:
    """The subject's awarded points for acts in start…end (inclusive), hundredths."""
    entries = models.Entry.objects.filter(subject_id=subject_id, act_date__range=(start, end))
    return entries.aggregate(total=Sum("points"))["total"] or 0


def awarded_by_item(subject_id: int, scheme: str, start: dt.date, end: dt.date) -> dict[str, int]:
    """The same item by item under one scheme."""
    entries = models.Entry.objects.filter(
        subject_id=subject_id, fact__scheme=scheme, act_date__range=(start, end)
    )
    sums = entries.values_list("fact__item").annotate(total=Sum("points")).order_by("fact__item")
    return dict(sums)


def subjects_with_unpublished_points(village: Area, scheme: str) -> set[str]:
    """Keys of the subjects who have spendable points from acts that are not published."""
    facts = models.Fact.objects.filter(village=village, scheme=scheme, published=False, spendable=True)
    return set(facts.values_list("subject__key", flat=True))


def entries_not_noticed(village: Area, scheme: str, *, until: dt.date) -> QuerySet[models.Entry]:
    """Entries for acts up to `until` that stand on no notice that holds, in ledger order."""
    entries = models.Entry.objects.filter(village=village, fact__scheme=scheme, act_date__lte=until)
    return entries.exclude(noticed__lapsed=False).order_by("id")


def wallet_of(subject_id: int, *, moves: int = 10) -> Wallet:
    """A subject's wallet; an empty one where none was opened yet."""
    account = models.Account.objects.filter(subject_id=subject_id).first()
    if account is None:
        return Wallet(0, [], [])
    lots = account.lots.filter(remaining__gt=0, expires_date__isnull=False)
    rows = models.Transfer.objects.filter(Q(source=account) | Q(target=account)).order_by("-id")[:moves]
    return Wallet(
        balance=account.balance,
        expiring=[(lot.expires_date, lot.remaining) for lot in lots if lot.expires_date],
        moves=[
            WalletLine(
                row.pk,
                rules.TransferReason(row.reason),
                row.points if row.target_id == account.pk else -row.points,
                row.period,
                row.made_at,
            )
            for row in rows
        ],
    )


def lots_of_subjects(
    subject_ids: Collection[int], *, today: dt.date
) -> dict[int, list[tuple[dt.date | None, int]]]:
    """What the wallets hold that has not expired, by subject: day of expiry and points, the first to expire first."""
    live = Q(expires_date__isnull=True) | Q(expires_date__gte=today)
    sums = (
        models.Lot.objects.filter(live, wallet__subject_id__in=subject_ids, remaining__gt=0)
        .order_by("wallet__subject_id", F("expires_date").asc(nulls_last=True))
        .values_list("wallet__subject_id", "expires_date")
        .annotate(points=Sum("remaining"))
    )
    found: dict[int, list[tuple[dt.date | None, int]]] = {}
    for subject, day, points in sums:
        found.setdefault(subject or 0, []).append((day, points))
    return found


def awarded_of_subjects(subject_ids: Collection[int], start: dt.date, end: dt.date) -> dict[int, int]:
    """Awarded points for acts in start…end (inclusive) by subject, hundredths; subjects without any are left out."""
    entries = models.Entry.objects.filter(subject_id__in=subject_ids, act_date__range=(start, end))
    return dict(entries.order_by().values_list("subject_id").annotate(points=Sum("points")))


def last_act_days(subject_ids: Collection[int]) -> dict[int, dt.date]:
    """The day of each subject's latest act that is in the ledger."""
    facts = models.Fact.objects.filter(subject_id__in=subject_ids)
    return dict(facts.order_by().values_list("subject_id").annotate(day=Max("act_date")))


def facts_posted_between(village: Area, begin: dt.datetime, end: dt.datetime) -> tuple[int, int]:
    """How many merits and faults were posted in a village from one moment to before another."""
    entries = models.Entry.objects.filter(
        village=village, cause=rules.Cause.POSTED, posted_at__gte=begin, posted_at__lt=end
    )
    counts = entries.aggregate(
        merits=Count("pk", filter=Q(price__gte=0)), faults=Count("pk", filter=Q(price__lt=0))
    )
    return counts["merits"], counts["faults"]


def anything_since(subject_ids: Collection[int], since: dt.datetime, own_keys: str) -> bool:
    """Whether entries or transfers came after that moment; transfers whose key begins with `own_keys` are left out."""
    if models.Entry.objects.filter(subject_id__in=subject_ids, posted_at__gt=since).exists():
        return True
    touched = Q(source__subject_id__in=subject_ids) | Q(target__subject_id__in=subject_ids)
    later = models.Transfer.objects.filter(touched, made_at__gte=since)
    return later.exclude(request_key__startswith=own_keys).filter(made_at__gt=since).exists()


def lots_credited(subject_id: int, key: str) -> dict[int, int]:
    """What is left of the lots that transfers with this key brought into a wallet: lot number → points."""
    lots = models.Lot.objects.filter(
        wallet__subject_id=subject_id, credit__request_key__startswith=f"{key}:", remaining__gt=0
    )
    return dict(lots.order_by("pk").values_list("pk", "remaining"))


def transfer_by_key(request_key: str) -> models.Transfer | None:
    return (
        models.Transfer.objects.filter(request_key=request_key)
        .select_related("source__village", "target")
        .first()
    )


def balances(village: Area) -> dict[rules.AccountKind, int]:
    """The sum of the village's accounts by kind; they add up to zero."""
    sums = (
        models.Account.objects.filter(village=village)
        .values_list("kind")
        .annotate(total=Sum("balance"))
        .order_by("kind")
    )
    return {rules.AccountKind(kind): total for kind, total in sums}
