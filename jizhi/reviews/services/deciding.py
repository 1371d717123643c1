"""Votes and decisions: who may vote on which case, whether enough may, and what the count carries.

A member whom the registers name as related to a case steps aside whatever the table says (`selectors.recusal`).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.core import clock
from jizhi.core.errors import DomainError
from jizhi.reviews import models, rules, selectors
from jizhi.reviews.services.meetings import CaseDecided, check_not_early, open_meeting_locked


class NoQuorum(DomainError):
    """Too few members are present to decide."""


class TooFewEntitled(NoQuorum):
    """Enough are present, but too few of them may vote on this case; `place` names the case."""


class NotCarried(DomainError):
    """The vote does not carry the outcome that was asked for."""


class BadCount(DomainError):
    """The ballots of a secret vote are not as many as the members who may vote."""


class ReasonMissing(DomainError):
    """A rejection or a return needs a reason in writing."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a meeting rules on one case.

    `choices` lists the members who did not simply agree with the outcome; in a secret vote only recusals of one's own
    accord, and `count` tells the ballots (none: all alike). `concern` says whom the case is about.
    """

    case_id: int
    outcome: rules.Outcome
    reason: str = ""
    choices: Mapping[int, rules.Choice] = field(default_factory=dict)
    count: rules.Tally | None = None
    concern: selectors.Concern | None = None


@dataclass(frozen=True, slots=True)
class _Counted:
    """One case after the vote: what each voter chose (open), who stepped aside and why, and the count."""

    choices: dict[int, rules.Choice]
    recusals: dict[int, rules.Ground]
    count: rules.Tally


@transaction.atomic
def decide_cases(
    *, meeting: models.Meeting, rulings: Sequence[Ruling], by: User, at: dt.datetime
) -> dict[int, models.Decision]:
    """Decide cases on the agenda, one or many. Returns the decision of each case.

    A present member without an entry in `choices` is counted as agreeing with the outcome, unless the registers
    recuse the member. Raises NoQuorum, TooFewEntitled, NotCarried, BadCount, CaseDecided, TooEarly, ReasonMissing,
    MeetingClosed; nothing is written then.
    """
    meeting = open_meeting_locked(meeting, by, at)
    seats = voters_present(meeting)
    if not rules.quorum_is_met(len(seats), meeting.panel.quorum):
        raise NoQuorum(
            _("到会%(present)s人，不足规定的%(quorum)s人，不能表决。")
            % {"present": len(seats), "quorum": meeting.panel.quorum}
        )
    return _decide(meeting, rulings, {ruling.case_id: seats for ruling in rulings}, by, at)


def _decide(
    meeting: models.Meeting,
    rulings: Sequence[Ruling],
    seats: Mapping[int, Mapping[int, int]],
    by: User,
    at: dt.datetime,
) -> dict[int, models.Decision]:
    """Decide with these seats (and their users) at each case; the quorum of all was checked."""
    _check_cases(meeting, [ruling.case_id for ruling in rulings])
    concerns = [ruling.concern for ruling in rulings if ruling.concern is not None]
    everybody = {seat: user for group in seats.values() for seat, user in group.items()}
    forced = selectors.grounds(everybody, concerns, meeting.held_on_date, clock.day_of(at))
    counted = {
        ruling.case_id: _count(meeting, ruling, list(seats[ruling.case_id]), forced.get(ruling.case_id, {}))
        for ruling in rulings
    }
    decisions = models.Decision.objects.bulk_create(
        [_decision(meeting, ruling, counted[ruling.case_id].count, by, at) for ruling in rulings]
    )
    _store(meeting, decisions, counted)
    return {decision.case_id: decision for decision in decisions}


@transaction.atomic
def decide_circulated(
    *, meeting: models.Meeting, rulings: Sequence[Ruling], by: User | None, at: dt.datetime
) -> dict[int, models.Decision]:
    """Decide cases of a circulation: at each one sit those who answered it, and those recused from it.

    `choices` of the rulings are taken from the answers. `by=None` is the nightly work, which asks for no post: the
    decisions stand in the name of whoever began the circulation. Raises what `decide_cases` raises.
    """
    meeting = open_meeting_locked(meeting, by, at)
    sitting = voters_of(meeting)
    answers = answers_of(meeting)
    concerns = [ruling.concern for ruling in rulings if ruling.concern is not None]
    forced = selectors.grounds(sitting, concerns, meeting.held_on_date, clock.day_of(at))
    seats: dict[int, dict[int, int]] = {}
    for ruling in rulings:
        taking_part = {*answers.get(ruling.case_id, {}), *forced.get(ruling.case_id, {})}
        if not rules.quorum_is_met(len(taking_part), meeting.panel.quorum):
            raise NoQuorum(
                _("只有%(answers)s人答复，不足规定的%(quorum)s人。")
                % {"answers": len(taking_part), "quorum": meeting.panel.quorum}
            )
        seats[ruling.case_id] = {seat: user for seat, user in sitting.items() if seat in taking_part}
    with_choices = [replace(one, choices=answers.get(one.case_id, {})) for one in rulings]
    return _decide(meeting, with_choices, seats, by or meeting.opened_by, at)


def store_ruling(
    meeting: models.Meeting,
    ruling: Ruling,
    recusals: Mapping[int, rules.Ground],
    by: User,
    at: dt.datetime,
) -> models.Decision:
    """The township's decision on a case: nobody voted, and those recused are kept. Raises CaseDecided."""
    _check_cases(meeting, [ruling.case_id])
    decision = _row(meeting, ruling, rules.Tally(recused=len(recusals)), by, at)
    decision.save(force_insert=True)
    _store(meeting, [decision], {ruling.case_id: _Counted({}, dict(recusals), rules.Tally())})
    return decision


def voters_of(meeting: models.Meeting) -> dict[int, int]:
    """Seat → user of everybody who has a vote on the panel on the meeting's day."""
    return selectors.voters_on(meeting.panel, meeting.held_on_date)


def answers_of(meeting: models.Meeting) -> dict[int, dict[int, rules.Choice]]:
    """Case → seat → choice, as answered in a circulation."""
    found: dict[int, dict[int, rules.Choice]] = {}
    for row in meeting.answers.exclude(choice=""):
        found.setdefault(row.case_id, {})[row.seat_id] = rules.Choice(row.choice)
    return found


def voters_present(meeting: models.Meeting) -> dict[int, int]:
    """Seat → user of the voting members who are present (or answered)."""
    rows = meeting.attendances.filter(seat__role__in=rules.VOTING_ROLES).order_by("seat_id")
    return dict(rows.values_list("seat_id", "seat__user_id"))


def _check_cases(meeting: models.Meeting, case_ids: list[int]) -> None:
    locked = list(models.Case.objects.select_for_update().filter(pk__in=case_ids).order_by("pk"))
    if (
        meeting.procedure == rules.Procedure.MEETING
    ):  # sent back and verified again since it came on the agenda
        check_not_early(meeting, locked)
    on_agenda = set(meeting.agenda.filter(case_id__in=case_ids).values_list("case_id", flat=True))
    if on_agenda != set(case_ids):
        raise CaseDecided(_("有事项不在本次会议议程上。"))
    decided = models.Decision.objects.filter(case_id__in=case_ids)
    if decided.exclude(outcome=rules.Outcome.RETURN).exists() or decided.filter(meeting=meeting).exists():
        raise CaseDecided(_("有事项已经作出决定，请刷新后再试。"))


def _count(
    meeting: models.Meeting, ruling: Ruling, seats: list[int], forced: Mapping[int, rules.Ground]
) -> _Counted:
    """Who steps aside, whether enough are left, and the count of the others."""
    own = {seat for seat, choice in ruling.choices.items() if choice is rules.Choice.RECUSED}
    recusals = {
        seat: forced.get(seat, rules.Ground.VOLUNTARY) for seat in seats if seat in forced or seat in own
    }
    entitled = [seat for seat in seats if seat not in recusals]
    needed = rules.entitled_min(meeting.panel.quorum)
    if len(entitled) < needed:
        raise TooFewEntitled(
            _(
                "这一条有%(recused)s人须回避，能表决的只剩%(left)s人，至少要%(needed)s人。"
                "请留到下次会议由其他成员表决；全体成员里能表决的也不够的，由乡镇裁定。"
            )
            % {"recused": len(recusals), "left": len(entitled), "needed": needed},
            place=f"case-{ruling.case_id}",
        )
    agreeing = rules.Choice.FOR if ruling.outcome is rules.Outcome.APPROVE else rules.Choice.AGAINST
    if meeting.voting == rules.Voting.SECRET:
        return _Counted({}, recusals, _ballots(ruling, len(entitled), agreeing, len(recusals)))
    choices = {seat: ruling.choices.get(seat, agreeing) for seat in entitled}
    return _Counted(
        choices, recusals, rules.tally([*choices.values(), *[rules.Choice.RECUSED] * len(recusals)])
    )


def _ballots(ruling: Ruling, voters: int, agreeing: rules.Choice, recused: int) -> rules.Tally:
    """The count of a secret vote; without one all ballots are alike."""
    if ruling.count is None:
        return rules.tally([agreeing] * voters + [rules.Choice.RECUSED] * recused)
    if ruling.count.voting != voters:
        raise BadCount(
            _("有表决权的到会成员%(voters)s人，计票却有%(ballots)s张，请重新清点。")
            % {"voters": voters, "ballots": ruling.count.voting},
            place="votes_for",
        )
    return rules.Tally(ruling.count.votes_for, ruling.count.against, ruling.count.abstain, recused)


def _decision(
    meeting: models.Meeting, ruling: Ruling, count: rules.Tally, by: User, at: dt.datetime
) -> models.Decision:
    if ruling.outcome is not rules.Outcome.APPROVE and not ruling.reason.strip():
        raise ReasonMissing(_("不予认定或退回补充，须写明理由。"), place="reason")
    if ruling.outcome is rules.Outcome.APPROVE and not count.carried:
        raise NotCarried(_("同意的没有超过参加表决人数的一半，不能认定。"))
    if ruling.outcome is rules.Outcome.REJECT and count.carried:
        raise NotCarried(_("同意的超过了参加表决人数的一半，不能作出不予认定的决定。"))
    return _row(meeting, ruling, count, by, at)


def _row(
    meeting: models.Meeting, ruling: Ruling, count: rules.Tally, by: User, at: dt.datetime
) -> models.Decision:
    return models.Decision(
        case_id=ruling.case_id,
        meeting=meeting,
        outcome=ruling.outcome,
        reason=ruling.reason.strip(),
        votes_for=count.votes_for,
        against=count.against,
        abstain=count.abstain,
        recused=count.recused,
        decided_at=at,
        decided_by=by,
    )


def _store(
    meeting: models.Meeting, decisions: Sequence[models.Decision], counted: Mapping[int, _Counted]
) -> None:
    """Recusals first, since the database accepts no vote of whoever is recused; then votes, or ballots apart."""
    cases = [(decision, counted[decision.case_id]) for decision in decisions]
    models.Recusal.objects.bulk_create(
        [
            models.Recusal(decision=decision, seat_id=seat, ground=ground)
            for decision, case in cases
            for seat, ground in case.recusals.items()
        ],
        batch_size=5000,
    )
    votes = [
        models.Vote(decision=decision, seat_id=seat, choice=choice)
        for decision, case in cases
        for seat, choice in (
            *case.choices.items(),
            *dict.fromkeys(case.recusals, rules.Choice.RECUSED).items(),
        )
    ]
    models.Vote.objects.bulk_create(votes, batch_size=5000)
    if meeting.voting == rules.Voting.SECRET:
        _store_ballots(cases, list(voters_present(meeting)))


def _store_ballots(cases: Sequence[tuple[models.Decision, _Counted]], seats: Sequence[int]) -> None:
    """Who took part, and the ballots, in tables that share nothing but the decision."""
    models.Participation.objects.bulk_create(
        [
            models.Participation(decision=decision, seat_id=seat)
            for decision, case in cases
            for seat in seats
            if seat not in case.recusals
        ]
    )
    ballots = []
    for decision, case in cases:
        counts = {
            rules.Choice.FOR: case.count.votes_for,
            rules.Choice.AGAINST: case.count.against,
            rules.Choice.ABSTAIN: case.count.abstain,
        }
        ballots += [
            models.Ballot(decision=decision, choice=choice)
            for choice, number in counts.items()
            for _n in range(number)
        ]
    models.Ballot.objects.bulk_create(ballots)
