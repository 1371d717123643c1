"""What holds whatever happened: looked at after every step, at every notice, at every settlement and at the end."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from typing import TYPE_CHECKING

from django.db.models import F, Q, Sum

from jizhi.accounts.models import User
from jizhi.claims import selectors as claims
from jizhi.claims.models import Claim, Telling
from jizhi.claims.rules import LIVE, Channel
from jizhi.demo.setup import SCHEME
from jizhi.engine import reference
from jizhi.ledger import selectors as ledger
from jizhi.ledger.models import Account, Entry, Fact, Lot, Transfer
from jizhi.ledger.rules import AccountKind, TransferReason
from jizhi.matters import selectors as matters
from jizhi.notices import models, selectors
from jizhi.notices.rules import NoticeState, WithholdingState, may_be_told
from jizhi.notices.selectors.content import shown_before
from jizhi.people import selectors as people
from jizhi.people.models import Household, Person
from jizhi.schemes import selectors as schemes
from jizhi.seals import selectors as seals
from jizhi.settlement import rules as periods
from jizhi.settlement import services as settlements
from jizhi.store.models import Redemption
from tests.domain.notices import world
from tests.domain.routes.life import RECORDED, SECRET

if TYPE_CHECKING:
    from tests.domain.routes.life import Life

YEAR = dt.date(2025, 1, 1)


def check_always(life: Life) -> None:
    """After every step."""
    check_conserved()
    check_disputes()
    check_told()
    check_once(life)


def check_once(life: Life) -> None:
    """Of what records give and people claim by hand no more stands than was done, or than was claimed by hand."""
    done = Counter(
        (one.reporter.pk, one.reported_date)
        for one in matters.solved_for_reporters(life.area, since=YEAR, kinds=("safety",))
    )
    rows = Claim.objects.filter(village=life.area, item=RECORDED, state__in=LIVE)
    every, by_hand = Counter[tuple[int, dt.date]](), Counter[tuple[int, dt.date]]()
    for subject, day, channel in rows.values_list("subject_id", "act_date", "channel"):
        every[subject, day] += 1
        by_hand[subject, day] += channel != Channel.DERIVED
    for act, count in every.items():
        assert count <= max(done[act], by_hand[act]), act


def check_conserved() -> None:
    """Accounts add up to zero and are what their transfers say, wallets their lots, the store has what was spent."""
    sums = dict(Account.objects.order_by().values_list("village").annotate(all=Sum("balance")))
    assert set(sums.values()) <= {0}
    incoming = dict(Transfer.objects.order_by().values_list("target").annotate(all=Sum("points")))
    outgoing = dict(Transfer.objects.order_by().values_list("source").annotate(all=Sum("points")))
    lots = dict(Lot.objects.order_by().values_list("wallet").annotate(all=Sum("remaining")))
    for number, kind, balance in Account.objects.values_list("pk", "kind", "balance"):
        assert balance == incoming.get(number, 0) - outgoing.get(number, 0)
        if kind == AccountKind.WALLET:
            assert balance == lots.get(number, 0) >= 0
    spent = Redemption.objects.filter(undoing=None).aggregate(all=Sum("points"))["all"] or 0
    store = Account.objects.filter(kind=AccountKind.STORE).aggregate(all=Sum("balance"))["all"] or 0
    assert store == spent


def check_disputes() -> None:
    """An entry is disputed while somebody waits for an answer about it; its points are then held, never spendable."""
    disputed = set(models.Dispute.objects.filter(ended_at=None).values_list("fact_id", flat=True))
    waiting = set(
        models.Objection.objects.filter(state__in=["filed", "escalated"]).values_list("fact_id", flat=True)
    )
    waiting |= set(models.Appeal.objects.filter(state="filed").values_list("objection__fact_id", flat=True))
    assert disputed == waiting
    kept = models.Withholding.objects.filter(state=WithholdingState.WITHHELD)
    assert {row.fact_id for row in kept} <= disputed
    held = Account.objects.filter(kind=AccountKind.HELD).aggregate(all=Sum("balance"))["all"] or 0
    assert held == sum(row.held for row in kept if row.notice_id is None)
    for row in kept:
        if row.notice_id is None:
            assert row.held == row.due or ledger.wallet_of(row.subject_id, moves=0).balance == 0


def check_told() -> None:
    """Nothing was deducted before the household was told, with a record of how."""
    counted = Claim.objects.filter(item_kind__in=["fault", "veto"], fact__isnull=False)
    assert not counted.filter(Q(told_at=None) | Q(told_at__gt=F("fact__posted_at"))).exists()
    told = set(Telling.objects.filter(reached=True).values_list("claim__fact_id", flat=True))
    for fact, key in counted.values_list("fact_id", "request_key"):
        assert fact in told or (key.startswith("correction:") and int(key.split(":")[1]) in told)
    deducted = set(Entry.objects.filter(points__lt=0, cause="posted").values_list("fact_id", flat=True))
    assert deducted <= set(counted.values_list("fact_id", flat=True))


def check_words(notice: models.Notice) -> None:
    """A notice says no whole name, no number of a person, nothing that anybody wrote, no act that is not posted."""
    text = json.dumps(notice.content, ensure_ascii=False)
    names = {
        *Person.objects.values_list("name", flat=True),
        *Household.objects.values_list("head_name", flat=True),
    }
    names |= {name.split("（")[0] for name in User.objects.values_list("display_name", flat=True) if name}
    assert [name for name in names if len(name) > 1 and name in text] == []
    assert SECRET not in text
    phones = Household.objects.exclude(phone=None).values_list("phone", flat=True)
    assert [phone for phone in phones if phone and phone in text] == []
    document = schemes.scheme_on(notice.village, notice.scheme, periods.parse_period(notice.period).end)
    assert [item.id for item in document.items if not item.published and item.title.zh in text] == []


def check_notice(notice: models.Notice, life: Life) -> None:
    """Every figure comes from published acts alone, as the slow evaluator settles them by themselves."""
    check_words(notice)
    village, month = notice.village, periods.parse_period(notice.period)
    facts = [row for row in ledger.facts_of_village(village, SCHEME) if row.published]
    result = reference.settle(
        schemes.versions_in_village(village, SCHEME),
        [schemes.engine_subject(subject) for subject in people.subjects_of_village(village)],
        [claims.engine_fact(row) for row in facts],
        YEAR,
        month.end,
    )
    numbers = {key: no for key, (no, _head) in selectors.names(village, on=life.day).items()}
    of_month = {numbers[t.subject]: t.awarded for t in result.totals if t.period == month.key}
    of_year = {numbers[t.subject]: t.total for t in result.totals if t.period == str(month.end.year)}
    rows = {row["no"]: row for row in notice.content["rows"]}
    assert {no: rows[no]["awarded"] for no in of_month} == of_month
    assert {no: rows[no]["total"] for no in of_month} == {no: of_year[no] for no in of_month}
    shown = shown_before(village, SCHEME)
    worth = {award.fact: (award.awarded, award.held_back) for award in result.awards}
    for row in facts:
        if row.act_date <= month.end:
            assert shown[row.id] == worth.get(row.id, (0, 0))
    secret = set(Fact.objects.filter(published=False).values_list("pk", flat=True))
    assert not secret & {entry["fact"] for row in rows.values() for entry in row["entries"]}
    told = notice.content["unpublished"]
    assert told is None or may_be_told(told["households"], len(of_month))


def check_settled(life: Life) -> None:
    """Ledger and settlement agree to the hundredth, for every month that was posted and for the year."""
    village = life.area
    posted = models.Notice.objects.filter(village=village, kind="month").values_list("period", flat=True)
    for key in {*posted, "2026-Q2", "2026"}:
        computed = settlements.compute(village=village, scheme=SCHEME, period=periods.parse_period(key))
        assert computed.differences == []
        assert computed.awarded == computed.ledger_sum
    check_credited(village)


def check_credited(village: object) -> None:
    """No month has brought more into the wallets than its entries are worth."""
    for notice in models.Notice.objects.filter(village=village, kind="month"):
        credits = Transfer.objects.filter(
            Q(period=f"{SCHEME}:{notice.period}") | Q(period__startswith=f"{SCHEME}:{notice.period}:fact:"),
            reason=TransferReason.CREDIT, source__village=village,
        )  # fmt: skip
        brought = credits.aggregate(all=Sum("points"))["all"] or 0
        if notice.state == NoticeState.WITHDRAWN:
            continue
        entries = Entry.objects.filter(
            noticed__notice=notice, noticed__lapsed=False, fact__spendable=True, points__gt=0
        )
        most = entries.aggregate(all=Sum("points"))["all"] or 0
        assert brought <= (most if notice.state == NoticeState.FINALISED else 0)


def check_end(life: Life) -> None:
    """When everybody has been answered: nothing is held, everything agrees, and the seals say so."""
    life.hear_everything()
    check_always(life)
    assert world.held(life.county) == 0
    assert not models.Withholding.objects.filter(state=WithholdingState.WITHHELD).exists()
    check_settled(life)
    life.at += dt.timedelta(days=1)
    life.night()
    for village in (life.area, life.county.other.area):
        checked = seals.check_village(village)
        assert checked.findings == []
