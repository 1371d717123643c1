"""From a claim to the ledger: looked at, decided in a meeting or in writing, told, mended, sent back from above."""

from __future__ import annotations

from decimal import Decimal

from jizhi.claims import selectors as queues
from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.claims.rules import ToldHow
from jizhi.oversight import services as oversight
from jizhi.reviews import selectors as panels
from jizhi.reviews import services as reviews
from jizhi.reviews.models import Decision, Meeting
from jizhi.reviews.rules import Choice, Outcome
from tests.domain.claims.test_evidence import jpeg, scene
from tests.domain.notices.world import scan
from tests.domain.routes.importing import Importing
from tests.domain.routes.life import NothingToDo


class Deciding(Importing):
    """The panel's work, and what comes between its decision and the ledger."""

    def verify(self, one: int, two: int) -> None:
        rows = self.claims("filed")
        row = self.pick(rows, two)
        by = self.worker(row.subject)
        beside = [one.pk for one in rows if one.subject_id == row.subject_id]
        claims.verify_claims(claim_ids=beside if one % 2 else [row.pk], by=by, at=self.at)

    def ruling(self, claim: Claim, outcome: Outcome, choices: dict[int, Choice]) -> claims.ClaimRuling:
        needs = self.needs(claim.item, claim.act_date) if outcome is Outcome.APPROVE else ""
        return claims.ClaimRuling(
            claim.pk,
            outcome,
            reason="" if outcome is Outcome.APPROVE else self.words("证据不足"),
            grade="2" if needs == "grade" else "",
            given=Decimal(12) if needs == "given" else None,
            choices=choices,
        )

    def meet(self, one: int, two: int) -> None:
        """A meeting on up to four cases. Some members are away, some vote against, kin step aside by themselves."""
        rows = self.claims("verified")
        if not rows:
            raise NothingToDo
        place = two % len(rows)
        rows = [*rows[place:], *rows[:place]][:4]
        seats = panels.seats_of(self.county.home.panel, self.day)
        voters = [seat.id for seat in seats if seat.can_vote]
        present = voters[: len(voters) - (2 if one == 7 else one % 2)]
        outcome = {5: Outcome.REJECT, 6: Outcome.RETURN}.get(one, Outcome.APPROVE)
        against = dict.fromkeys(present[-(3 if two == 11 else 1) :], Choice.AGAINST)
        choices = against if outcome is Outcome.APPROVE and two % 3 == 2 else {}
        recorder = self.staff["recorder"]
        meeting = reviews.open_meeting(
            panel=self.county.home.panel, held_on_date=self.day, case_ids=[row.case_id or 0 for row in rows],
            seat_ids=present, by=recorder, at=self.at,
        )  # fmt: skip
        claims.decide_claims(
            meeting=meeting,
            rulings=[self.ruling(row, outcome, choices) for row in rows],
            by=recorder,
            at=self.at,
        )

    def circulate(self, one: int, two: int) -> None:
        cases = queues.cases_to_circulate(self.area)
        if not cases:
            raise NothingToDo
        claims.circulate_claims(
            village=self.area, case_ids=cases[: 1 + two % 3], by=self.staff["recorder"], at=self.at
        )

    def answer_circulation(self, one: int, two: int) -> None:
        """One member answers, or (an even number) all of them do, one after the other."""
        meeting = self.pick(Meeting.objects.filter(procedure="circulation", state="open").order_by("pk"), two)
        item = self.pick(meeting.agenda.exclude(case__decisions__meeting=meeting).order_by("pk"), one)
        choice = (Choice.FOR, Choice.FOR, Choice.AGAINST, None)[two % 4]
        for member in range(1, 6) if one % 2 == 0 else [1 + one % 5]:
            try:
                claims.answer_circulation(
                    meeting=meeting, case_id=item.case_id, choice=choice, words=self.words("看过"),
                    by=self.staff[f"panel{member}"], at=self.at,
                )  # fmt: skip
            except reviews.BadAnswer:  # answered already, or to step aside
                continue

    def tell(self, one: int, two: int) -> None:
        """The household opens its message, or is told by call, visit or slip; or nobody was reached."""
        row = self.pick(self.claims("approved"), two)
        worker, how = self.worker(row.subject), (*ToldHow, ToldHow.VISIT)[one % 5]
        if one == 6:
            claims.note_attempt(
                claim_id=row.pk, how=ToldHow.CALL, answer=self.words("无人接听"), by=worker, at=self.at
            )
        elif how is ToldHow.MESSAGE:
            claims.tell_faults(claim_ids=[row.pk], how=how, by=self.user(row.subject), at=self.at)
        else:
            photo = scan() if how is ToldHow.SLIP else None
            proof = claims.Proof(person=self.words("户主"), answer=self.words("知道了"), photo=photo)
            claims.tell_faults(claim_ids=[row.pk], how=how, proof=proof, by=worker, at=self.at)

    def mend(self, one: int, two: int) -> None:
        row = self.pick(self.claims("grace"), two)
        claims.confirm_correction(
            claim_id=row.pk, photos=[jpeg(scene(one))], note=self.words("改好了"), by=self.worker(row.subject),
            at=self.at,
        )  # fmt: skip

    def send_back(self, one: int, two: int) -> None:
        """The township returns a decision; the newest more often, since the old ones are past its day."""
        decisions = Decision.objects.filter(case__village=self.area).order_by("-pk")[: 1 + two % 3]
        oversight.return_decision(
            decision_id=self.pick(decisions, one).pk,
            reason=self.words("佐证不足"),
            by=self.town(),
            at=self.at,
        )
