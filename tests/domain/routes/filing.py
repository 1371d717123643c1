"""How claims come in: every way there is, each through the service its page or machine calls."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from jizhi.activities import rules as attending
from jizhi.activities import services as activities
from jizhi.channels import services as channels
from jizhi.channels.models import System
from jizhi.claims import services as claims
from jizhi.claims.rules import Channel
from jizhi.demo.setup import SCHEME
from jizhi.matters import services as matters
from jizhi.matters.rules import Channel as MatterChannel
from jizhi.matters.rules import ToldHow
from jizhi.people.models import Subject
from jizhi.recognition import services as recognition
from jizhi.recognition.models import Round, Sheet
from jizhi.recognition.rules import Score, SelfChannel
from jizhi.reviews import services as reviews
from jizhi.schemes import selectors as schemes
from tests.domain.routes.life import RECORDED, Life, NothingToDo

WAYS = (
    "phone", "grid_worker", "neighbour", "paper", "spoken", "recorder", "pushed", "attended", "derived", "recognised",
    "excel", "list_imported", "pushed_over_http",
)  # fmt: skip
# Merits with a limit they share, one that buys nothing, one whose points the panel sets; faults with and without time
# to mend; a veto that is posted and one that is not.
ITEMS = (
    "village-meeting", "volunteering", "public-cleaning", "mediation", "donation", "bravery", "littering", "sewage",
    "blocking-roads", "dirty-courtyard", "false-claim", "forged-evidence", "elder-neglect",
)  # fmt: skip
QUANTITIES = {"volunteering": Decimal("2.5"), "donation": Decimal(700)}


class Filing(Life):
    """Claims by phone, by others, on paper, by machine, by a list, out of a record and by three parties."""

    def claim(self, way: str, one: int, two: int) -> None:
        getattr(self, way)(one, two)

    def draft(self, subject: Subject, item: str, *, back: int) -> claims.Draft:
        return claims.Draft(
            subject=subject,
            item=item,
            act_date=self.day - dt.timedelta(days=back),
            request_key=self.key,
            quantity=QUANTITIES.get(item),
            words=self.words("做了这件事"),
        )

    def file(self, one: int, two: int, channel: Channel) -> None:
        subject = self.subject(one)
        by = {
            Channel.SELF: self.user(subject),
            Channel.WORKER: self.worker(subject),
            Channel.RECORDER: self.staff["recorder"],
        }[channel]
        draft = self.draft(subject, ITEMS[two % len(ITEMS)], back=one % 3 * 4)
        claims.file_claims(
            village=self.area, scheme=SCHEME, drafts=[draft], channel=channel, by=by, at=self.at
        )

    def phone(self, one: int, two: int) -> None:
        self.file(one, two % 6, Channel.SELF)

    def grid_worker(self, one: int, two: int) -> None:
        self.file(one, two, Channel.WORKER)

    def recorder(self, one: int, two: int) -> None:
        self.file(one, two, Channel.RECORDER)

    def neighbour(self, one: int, two: int) -> None:
        witness, other = self.subject(one), self.households()[-1 - one % 3]
        channels.file_as_witness(
            neighbour=channels.Neighbour(other.no, other.head_name, self.words("当面说好的")),
            scheme=SCHEME,
            draft=self.draft(witness, ITEMS[two % 4], back=1),
            by=self.user(witness),
            at=self.at,
        )

    def paper(self, one: int, two: int) -> None:
        subject, recorder = self.subject(one), self.staff["recorder"]
        batch = channels.print_sheets(
            village=self.area, scheme=SCHEME, count=1, request_key=self.key, by=recorder, at=self.at
        )
        lines = [
            self.draft(subject, ITEMS[(two + more) % len(ITEMS)], back=more) for more in range(1 + one % 2)
        ]
        channels.key_in_sheet(
            code=batch.sheets.get().code, subject=subject, drafts=lines, by=recorder, at=self.at
        )

    def spoken(self, one: int, two: int) -> None:
        channels.file_spoken(
            village=self.area,
            scheme=SCHEME,
            drafts=[self.draft(self.subject(one), ITEMS[two % len(ITEMS)], back=2)],
            speaker=self.words("户主"),
            spoken_at=self.at - dt.timedelta(hours=1),
            read_back=one % 5 != 4,
            by=self.staff["recorder"],
            at=self.at,
        )

    def pushed(self, one: int, two: int) -> None:
        """Another system sends it with its key; every fifth time the same claim again."""
        town, household = self.town(), self.pick(self.households(), one)
        system = System.objects.filter(owner=town).first() or channels.register_system(
            name="平安联防", area=self.area, items=[(SCHEME, one) for one in ITEMS], by=town, at=self.at
        )
        _key, secret = channels.issue_key(system_id=system.pk, by=town, at=self.at)
        opened = channels.open_by_key(secret=secret, at=self.at)
        draft = self.draft(household.subject, ITEMS[two % len(ITEMS)], back=1)
        push = channels.Push(
            request_key="always-the-same" if two % 5 == 4 else self.key,
            village=self.area.code, household=household.no, item=draft.item, act_date=draft.act_date,
            quantity=draft.quantity, words=draft.words,
        )  # fmt: skip
        channels.push_claim(system=opened, push=push, by=opened.owner, at=self.at)

    def attended(self, one: int, two: int) -> None:
        """People sign in with the code of the moment; the list is confirmed and waits for the panel."""
        leader, ends = self.staff["committee"], self.at + dt.timedelta(minutes=1)
        activity = activities.plan_activity(
            area=self.area, kind=attending.ActivityKind.SERVICE, title="清理河道", words=self.words("带铁锹"),
            place="石桥头", starts_at=self.at, ends_at=ends, hours=Decimal(2), item="volunteering",
            request_key=self.key, by=leader, at=self.at,
        )  # fmt: skip
        for number in {one, two}:
            activities.sign_in_by_code(
                activity=activity,
                code=attending.code_at(activity.secret, self.at),
                by=self.user(self.subject(number)),
                at=self.at,
            )
        activities.confirm_activity(activity=activity, by=leader, at=ends)

    def derived(self, one: int, two: int) -> None:
        """A danger that a household reported, handled by one and looked at again by another; some claim it by hand."""
        subject, committee = self.subject(one), self.staff["committee"]
        if two % 3 == 1:
            draft = self.draft(subject, RECORDED, back=0)
            claims.file_claims(
                village=self.area,
                scheme=SCHEME,
                drafts=[draft],
                channel=Channel.WORKER,
                by=self.worker(subject),
                at=self.at,
            )
        report = matters.Report(
            village=self.area, kind="safety", words=self.words("电线垂下来了"), request_key=self.key,
            area=subject.household.area, place="桥头", confidential=two % 4 == 3,
        )  # fmt: skip
        by = {"by": committee, "at": self.at}
        pk = matters.report_matter(
            report=report, channel=MatterChannel.HOUSEHOLD, by=self.user(subject), at=self.at
        ).pk
        matters.dispatch_matter(matter_id=pk, assignee=committee, **by)
        matters.start_matter(matter_id=pk, **by)
        matters.handle_matter(matter_id=pk, words=self.words("已处理"), **by)
        worker = {"by": self.worker(subject), "at": self.at}
        matters.recheck_matter(matter_id=pk, solved=True, words=self.words("看过"), **worker)
        matters.close_matter(matter_id=pk, feedback=self.words("已修好"), told_how=ToldHow.VISIT, **worker)
        self.derive()

    def derive(self) -> int:
        return channels.derive_claims(village=self.area, at=self.at)

    def recognised(self, one: int, two: int) -> None:
        """A sheet of this month's round: the household's score, the team's, the decision. Faults wait to be told."""
        recorder, last = self.staff["recorder"], self.day.replace(day=1) - dt.timedelta(days=1)
        found = Round.objects.filter(village=self.area, to_date=last).first()
        round_ = found or recognition.open_round(
            village=self.area, scheme=SCHEME, title="三方认定", from_date=last.replace(day=1), to_date=last,
            self_until_date=self.day + dt.timedelta(days=7), by=recorder, at=self.at,
        )  # fmt: skip
        sheet: Sheet = self.pick(round_.sheets.filter(state="open").order_by("pk"), one)
        if not sheet.subject.household.to_date and two % 2:
            recognition.score_self(
                sheet_id=sheet.pk, scores={"voluntary-labour": Score(Decimal(2))}, channel=SelfChannel.SPOKEN,
                by=self.worker(sheet.subject), at=self.at,
            )  # fmt: skip
        scores = {"voluntary-labour": Score(Decimal(1)), "littering": Score(Decimal(two % 2))}
        recognition.score_team(
            sheet_id=sheet.pk, scores=scores, photos={}, by=self.worker(sheet.subject), at=self.at
        )
        meeting = reviews.open_meeting(
            panel=self.county.home.panel, held_on_date=self.day, case_ids=[],
            seat_ids=list(self.county.home.panel.seats.values_list("pk", flat=True)), by=recorder, at=self.at,
        )  # fmt: skip
        recognition.decide_sheet(
            sheet_id=sheet.pk,
            scores=scores,
            meeting=meeting,
            reason=self.words("按工作组"),
            by=recorder,
            at=self.at,
        )

    def amend(self, one: int, two: int) -> None:
        """A claim goes back, comes again, or is taken back, whichever of the two numbers say."""
        row = self.pick(self.claims("filed", "returned", "verified"), two)
        if row.state != "returned" and one % 2:
            claims.return_claim(
                claim_id=row.pk, reason=self.words("缺照片"), by=self.worker(row.subject), at=self.at
            )
        elif one % 4 == 0:
            claims.withdraw_claim(claim=row, by=row.filed_by, at=self.at)
        else:
            claims.refile_claim(
                claim=row, act_date=row.act_date - dt.timedelta(days=1), quantity=row.quantity, grade=row.grade,
                words=self.words("改了日期"), by=row.filed_by, at=self.at,
            )  # fmt: skip

    def needs(self, item: str, day: dt.date) -> str:
        """What the panel must say of an item: `grade`, `given`, or nothing."""
        document = schemes.scheme_on(self.area, SCHEME, day)
        found = document.item(item)
        if found is None:
            raise NothingToDo
        return str(found.needs or "")
