"""The demonstration's persons and organisations: their pages have something true to show, whatever day it starts on."""

from __future__ import annotations

import datetime as dt

import pytest

from jizhi.accounts.selectors import user_by_username
from jizhi.assemblies.models import Assembly
from jizhi.assemblies.rules import FilingState
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel, ToldHow
from jizhi.demo import cast, organisations, panels, participants, setup
from jizhi.demo.month import VillageMonth, moment, next_month
from jizhi.ledger import selectors as ledger
from jizhi.notices import selectors as notices
from jizhi.notices.models import Notice, Objection
from jizhi.notices.rules import NoticeKind, NoticeState
from jizhi.participants import selectors
from jizhi.participants.models import Participant
from jizhi.settlement.models import Settlement
from tests.examples import examples

HOME = cast.Village("130699101201", "石桥村", "Shiqiao Village", "sq", 3, 6, "notice-open")
SCHEMES = ("branch", "member")
DAYS = ("2024-02-29", "2026-01-01", "2026-05-03", "2031-12-31")


def lived(now: dt.datetime, begin: dt.date) -> setup.VillageParts:
    """The village from `begin` on: its households' months and both schemes, without all else of the demonstration."""
    at = moment(begin - dt.timedelta(days=12), 10)
    operator, township = setup.make_root(at)
    part = setup.make_village(HOME, township, operator, begin, at, set())
    panels.prepare(part, operator, begin)
    founded = organisations.found_organisations(part, operator, begin)
    participants.register_members(part, founded, operator, begin)
    events, month = participants.events(part, begin, now), begin
    while month <= now.date():
        last = next_month(month) == now.date().replace(day=1)
        events += VillageMonth(part, month, now, last=last).events()
        month = next_month(month)
    for at, happen in sorted(events, key=lambda event: event[0]):
        happen(at)
    return part


@pytest.mark.django_db
def test_two_schemes_are_resolved_lived_posted_and_settled(clock: object) -> None:
    now = moment(dt.date(2026, 6, 15), 10)
    part = lived(now, dt.date(2026, 3, 1))
    resolved = Assembly.objects.exclude(version=None)
    assert sorted(row.version.scheme for row in resolved) == list(SCHEMES)
    assert {row.state for row in resolved} == {FilingState.ACKNOWLEDGED}
    for scheme in SCHEMES:
        assert Participant.objects.filter(subject__scheme=scheme).count() >= 3
        months = Notice.objects.filter(scheme=scheme, kind=NoticeKind.MONTH).order_by("period")
        assert [(row.period, row.state) for row in months] == [
            ("2026-03", NoticeState.FINALISED),
            ("2026-04", NoticeState.FINALISED),
            ("2026-05", NoticeState.POSTED),
        ]
        assert Notice.objects.filter(scheme=scheme, kind=NoticeKind.QUARTER).count() == 1
        settled = Settlement.objects.filter(scheme=scheme)
        assert settled
        assert not any(row.differences for row in settled)
        claims = Claim.objects.filter(scheme=scheme)
        assert {Channel.SELF, Channel.PAPER} <= set(claims.values_list("channel", flat=True))
        faults = claims.filter(item_kind="fault", state="posted")
        assert faults
        assert all(one.told_at for one in faults)
    assert Claim.objects.filter(scheme="member", channel=Channel.WORKER).exists()
    due = notices.to_post(user_by_username("operator"), on=now.date())
    assert [one for one in due if one.scheme in SCHEMES] == []
    _the_visitors_household(part, now)
    _the_secretary(now)


def _the_visitors_household(part: setup.VillageParts, now: dt.datetime) -> None:
    home = part.all_subjects[0]
    own = selectors.own_subject_ids(part.household_users[home.pk], on=now.date()) - {home.pk}
    assert own, "somebody of the household takes part"
    mine = Claim.objects.filter(subject__in=own)
    assert mine.filter(channel=Channel.SELF, state="filed").exists(), "one waits for the grid worker"
    assert mine.filter(told_how=ToldHow.MESSAGE, state="posted").exists(), (
        "a deduction whose message was read"
    )
    assert any(ledger.entries_of_subject(one) for one in own)
    assert Objection.objects.filter(subject=home, notice__scheme="member").exclude(answer="").exists()


def _the_secretary(now: dt.datetime) -> None:
    own = selectors.own_subject_ids(user_by_username("sq-secretary"), on=now.date())
    kinds = {row.subject.scheme for row in Participant.objects.filter(subject__in=own)}
    assert kinds == set(SCHEMES), "the own person, and the branch that is led"
    assert Claim.objects.filter(subject__in=own, channel=Channel.SELF, state="posted").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("day", DAYS[: examples(2)])
def test_it_starts_on_any_day(clock: object, day: str) -> None:
    now = dt.date.fromisoformat(day)
    begin = now.replace(day=1)
    for _n in range(3):
        begin = (begin - dt.timedelta(days=1)).replace(day=1)
    lived(moment(now, 10), begin)
    final = Notice.objects.filter(kind=NoticeKind.MONTH, state=NoticeState.FINALISED)
    for scheme in ("household", *SCHEMES):
        assert final.filter(scheme=scheme).count() == 2
        assert Claim.objects.filter(scheme=scheme, filed_at__lte=moment(now, 10)).exists()
        assert not Claim.objects.filter(scheme=scheme, filed_at__gt=moment(now, 10)).exists()
