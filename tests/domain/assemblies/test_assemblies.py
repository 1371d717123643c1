"""No resolution, no money: what a record must say, when it carries, how it is filed, and what it allows."""

import dataclasses
import datetime as dt
import io
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from jizhi.assemblies import models, rules, selectors, services
from jizhi.assemblies.rules import About, EntryKind, Failing, FilingState
from jizhi.claims.services import posting
from jizhi.core.documents import BadDocument
from jizhi.demo.month import moment
from jizhi.demo.setup import SCHEME
from jizhi.notices import selectors as notices
from jizhi.posts.selectors import NotAllowed
from jizhi.schemes import services as schemes
from jizhi.schemes.models import Activation, SchemeVersion
from jizhi.schemes.rules import MeetingKind
from jizhi.settlement import rules as periods
from jizhi.settlement import services as settlements
from tests.county import County, posted
from tests.domain.notices import world as hearings

HELD, MAY = dt.date(2026, 6, 1), dt.date(2026, 5, 6)
AT = moment(HELD, 20)
COUNTS = rules.Counts(45, 40, 30, 6, 4)
FUND = services.Motion(
    About.FUND, "积分超市资金", "从村集体经营收入列支。", fen=300_000, source="村集体经营收入",
    from_date=HELD, to_date=dt.date(2026, 12, 31),
)  # fmt: skip


def record(county: County, motion: services.Motion = FUND, **changed: Any) -> models.Assembly:
    about = {
        "village": county.home.area, "kind": MeetingKind.REPRESENTATIVES, "announced_date": HELD,
        "held_on_date": HELD, "chair": "甲", "recorder": "乙", "counts": COUNTS,
        "by": county.home.staff["committee"], "at": AT,
    }  # fmt: skip
    return services.record_assembly(motion=motion, **(about | changed))


def on_file(county: County, motion: services.Motion = FUND) -> models.Assembly:
    row = record(county, motion)
    services.file_assembly(
        assembly_id=row.pk, filing_number="石村〔2026〕1号", by=county.home.staff["recorder"], at=AT
    )
    return services.acknowledge_assembly(
        assembly_id=row.pk, receipt="备〔2026〕7号", by=county.operator, at=AT
    )


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"counts": rules.Counts(45, 46, 30, 0, 0)}, "present"),
        ({"counts": rules.Counts(45, 40, 30, 6, 5)}, "votes_for"),
        ({"counts": rules.Counts(0, 0, 0, 0, 0)}, "members"),
        ({"held_on_date": HELD + dt.timedelta(days=1)}, "held_on_date"),
        ({"announced_date": HELD + dt.timedelta(days=1)}, "announced_date"),
        ({"chair": " "}, "chair"),
        ({"motion": services.Motion(About.FUND, "题", "文", source="某处")}, "fen"),
        ({"motion": services.Motion(About.FUND, "题", "文", fen=1)}, "source"),
        ({"motion": services.Motion(About.FUND, "题", "文", fen=1, source="某处")}, "to_date"),
        ({"motion": services.Motion(About.SCHEME, "题", "文")}, "version"),
        ({"motion": services.Motion(About.DIVIDEND, "题", "文", fen=1, source="某处", period="x")}, "period"),
        (
            {"motion": services.Motion(About.DIVIDEND, "题", "文", fen=1, source="某", period="2026")},
            "own_pool",
        ),
        ({"motion": services.Motion(About.OTHER, "题", " ")}, "text"),
    ],
)
def test_a_record_that_contradicts_itself_is_refused(
    county: County, changed: dict[str, Any], place: str
) -> None:
    with pytest.raises(services.UnusableRecord) as caught:
        record(county, **changed)
    assert caught.value.place == place
    assert not models.Assembly.objects.exists()


def test_what_does_not_carry_is_kept_and_allows_nothing(county: County) -> None:
    few = record(county, counts=rules.Counts(45, 29, 29, 0, 0))
    lost = record(county, counts=rules.Counts(45, 40, 20, 20, 0))
    page = selectors.assembly_page(county.operator, few.pk, on=HELD)
    assert page.failings == [Failing.ATTENDANCE_OF_REPRESENTATIVES]
    assert not few.carried and not lost.carried
    with pytest.raises(services.NotFilable):
        services.file_assembly(assembly_id=few.pk, filing_number="1", by=county.operator, at=AT)
    with pytest.raises(services.NoResolution):
        services.activate_fund(assembly_id=few.pk, by=county.operator, at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        models.Assembly.objects.filter(pk=few.pk).update(carried=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        _fund_past_the_service(few)


def _fund_past_the_service(row: models.Assembly, **changed: Any) -> models.Fund:
    about = {"assembly": row, "village": row.village, "title": "x", "source": "x", "fen": row.fen}
    return models.Fund.objects.create(
        **(about | changed), from_date=HELD, to_date=HELD, activated_at=AT, activated_by=row.recorded_by
    )


def test_filing_goes_back_and_forth_and_only_the_township_answers(county: County) -> None:
    row, recorder = record(county), county.home.staff["recorder"]
    with pytest.raises(services.NotFilable):
        services.acknowledge_assembly(assembly_id=row.pk, receipt="1", by=county.operator, at=AT)
    services.file_assembly(assembly_id=row.pk, filing_number="石村1号", by=recorder, at=AT)
    with pytest.raises(NotAllowed):
        services.acknowledge_assembly(assembly_id=row.pk, receipt="1", by=recorder, at=AT)
    with pytest.raises(services.NotFilable):
        services.return_assembly(assembly_id=row.pk, reason=" ", by=county.operator, at=AT)
    services.return_assembly(assembly_id=row.pk, reason="缺会议照片", by=county.operator, at=AT)
    services.file_assembly(assembly_id=row.pk, filing_number="石村2号", by=recorder, at=AT)
    services.acknowledge_assembly(assembly_id=row.pk, receipt="备7号", by=county.operator, at=AT)
    with pytest.raises(services.NotFilable):
        services.file_assembly(assembly_id=row.pk, filing_number="石村3号", by=recorder, at=AT)
    page = selectors.assembly_page(county.operator, row.pk, on=HELD)
    assert [step.state for step in page.steps] == [
        FilingState.RECORDED, FilingState.FILED, FilingState.RETURNED, FilingState.FILED, FilingState.ACKNOWLEDGED,
    ]  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        models.Assembly.objects.filter(pk=row.pk).update(votes_for=40)
    with pytest.raises(DatabaseError), transaction.atomic():
        models.Assembly.objects.filter(pk=row.pk).update(state=FilingState.RECORDED)


def test_a_scheme_on_file_can_be_put_in_force_in_its_own_village_only(county: County) -> None:
    version = SchemeVersion.objects.get()
    motion = services.Motion(About.SCHEME, "积分细则", "通过本村积分细则。", version=version)
    row = on_file(county, motion)
    assert row.resolution is not None and row.resolution.filing_number == "备〔2026〕7号"
    with pytest.raises(schemes.AlreadyActive):
        schemes.activate_version(
            resolution=row.resolution, effective_from_date=HELD, by=county.operator, at=AT
        )
    with pytest.raises(DatabaseError, match="no resolution"), transaction.atomic():
        Activation.objects.create(
            version=version, village=county.other.area.parent, resolution=row.resolution,
            effective_from_date=HELD, activated_at=AT, activated_by=county.operator,
        )  # fmt: skip


def test_a_fund_stands_as_resolved_and_never_goes_below_nothing(county: County) -> None:
    row, committee = on_file(county), county.home.staff["committee"]
    with pytest.raises(DatabaseError), transaction.atomic():
        _fund_past_the_service(row, village=county.other.area)
    with pytest.raises(DatabaseError), transaction.atomic():
        _fund_past_the_service(row, fen=300_001)
    with pytest.raises(NotAllowed):
        services.activate_fund(assembly_id=row.pk, by=county.home.staff["recorder"], at=AT)
    fund = services.activate_fund(assembly_id=row.pk, by=committee, at=AT)
    assert services.activate_fund(assembly_id=row.pk, by=committee, at=AT) == fund

    def enter(kind: EntryKind, fen: int, key: str, day: dt.date = HELD) -> models.FundEntry:
        return services.enter_money(
            fund_id=fund.pk, kind=kind, fen=fen, date=day, text="采购", request_key=key, by=committee, at=AT
        )

    enter(EntryKind.IN, 200_000, "1")
    assert enter(EntryKind.IN, 200_000, "1").balance == 200_000
    for kind, fen, day in [
        (EntryKind.IN, 100_001, HELD),
        (EntryKind.OUT, 200_001, HELD),
        (EntryKind.OUT, 0, HELD),
        (EntryKind.OUT, 1, HELD - dt.timedelta(days=1)),
        (EntryKind.OUT, 1, HELD + dt.timedelta(days=1)),
    ]:
        with pytest.raises(services.FundRefused):
            enter(kind, fen, "2", day)
    assert enter(EntryKind.OUT, 50_000, "3").balance == 150_000
    (line,) = selectors.funds_of_village(county.home.area)
    assert (line.received, line.spent, line.balance) == (200_000, 50_000, 150_000)
    with pytest.raises(DatabaseError), transaction.atomic():
        models.FundEntry.objects.update(fen=1)


def test_minutes_are_kept_once_and_rewritten(county: County) -> None:
    row, photo = record(county), io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(photo, format="PNG")
    for left in (1, 0):
        photo.seek(0)
        made = services.attach_minutes(assembly_id=row.pk, photos=[photo], by=county.operator, at=AT)
        assert len(made) == left
    assert len(selectors.assembly_page(county.operator, row.pk, on=HELD).photos) == 1


def test_minutes_may_be_documents(county: County) -> None:
    row, paper = record(county), io.BytesIO(b"%PDF-1.7\n%%EOF")
    paper.name = "签字记录.pdf"
    (kept,) = services.attach_minutes(assembly_id=row.pk, documents=[paper], by=county.operator, at=AT)
    paper.seek(0)
    assert not services.attach_minutes(assembly_id=row.pk, documents=[paper], by=county.operator, at=AT)
    page = selectors.assembly_page(county.operator, row.pk, on=HELD)
    assert not page.photos and [one.name for one in page.documents] == ["签字记录.pdf"]
    assert kept.digest in kept.file.name and "签字" not in kept.file.name, "stored under its digest"
    with pytest.raises(selectors.NoSuchAssembly):
        selectors.photo_of(county.operator, kept.pk, on=HELD)
    script = io.BytesIO(b"<script>alert(1)</script>")
    with pytest.raises(BadDocument):
        services.attach_minutes(assembly_id=row.pk, documents=[script], by=county.operator, at=AT)


def test_a_resolution_waits_for_whoever_has_the_next_step(county: County) -> None:
    row = record(county)
    committee, stranger = county.home.staff["committee"], county.other.staff["committee"]
    assert [one.id for one in selectors.assemblies_waiting(committee, on=HELD)] == [row.pk]
    assert not selectors.assemblies_waiting(stranger, on=HELD)
    services.file_assembly(assembly_id=row.pk, filing_number="石村1号", by=committee, at=AT)
    assert not selectors.assemblies_waiting(committee, on=HELD), "now it is the township's turn"
    assert [one.id for one in selectors.assemblies_waiting(county.operator, on=HELD)] == [row.pk]


numbers = st.integers(min_value=0, max_value=60)


@given(st.sampled_from(MeetingKind), numbers, numbers, numbers)
def test_what_carries_had_enough_people_and_more_than_half_of_them(
    kind: MeetingKind, members: int, present: int, votes_for: int
) -> None:
    found = rules.failings(kind, rules.Counts(members, present, votes_for, 0, 0))
    enough = present * 2 > members if kind is MeetingKind.ASSEMBLY else present * 3 >= members * 2
    assert (found == []) == (enough and votes_for * 2 > present)


def pool(county: County, period: str) -> models.Assembly:
    motion = services.Motion(
        About.DIVIDEND,
        "积分分红",
        "按积分分配。",
        fen=10_000,
        source="单列资金",
        own_pool=True,
        period=period,
    )
    return on_file(county, motion)


def test_a_dividend_waits_for_every_month_and_shows_nothing_hidden(county: County) -> None:
    committee, later = county.home.staff["committee"], moment(dt.date(2026, 7, 28), 9)
    for item, who in (("village-meeting", 0), ("public-cleaning", 1)):
        posted(county, item, MAY, subject=county.subject(who))
    notice = hearings.post(county)
    month, quarter = pool(county, "2026-05"), pool(county, "2026-Q2")

    def activate(row: models.Assembly) -> models.Dividend:
        return services.activate_dividend(assembly_id=row.pk, scheme=SCHEME, by=committee, at=later)

    settle = {"village": county.home.area, "scheme": SCHEME, "by": county.operator, "at": later}
    for period in ("2026-05", "2026-Q2"):
        settlements.settle_period(period=periods.parse_period(period), **settle)
    with pytest.raises(services.NoDividend, match="2026-05"):
        activate(month)
    hearings.finalise(county, notice)
    shown = selectors.dividends_of_village(county.home.area)
    assert shown == []
    made = activate(month)
    (line,) = selectors.dividends_of_village(county.home.area)
    masked = {(row["no"], row["head"]) for row in line.rows}
    names = notices.names(county.home.area, on=later.date())
    assert masked <= set(names.values()) and sum(int(str(row["fen"])) for row in line.rows) == made.fen
    with pytest.raises(services.NoDividend, match="2026-0[46]"):
        activate(quarter)  # months without a notice are not final, though no notice hangs


def test_a_board_shows_no_sums_that_unpublished_acts_changed(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = posting.ledger_services.post_facts

    def hidden(*, drafts: Any, by: Any, at: Any) -> Any:
        return post(drafts=[dataclasses.replace(one, published=False) for one in drafts], by=by, at=at)

    posted(county, "public-cleaning", MAY, subject=county.subject(1))
    monkeypatch.setattr(posting.ledger_services, "post_facts", hidden)
    posted(county, "village-meeting", MAY)
    hearings.finalise(county, hearings.post(county))
    made = services.activate_dividend(
        assembly_id=pool(county, "2026-05").pk, scheme=SCHEME, by=county.home.staff["committee"],
        at=moment(dt.date(2026, 7, 28), 9),
    )  # fmt: skip
    assert made.content == [] and made.shares.count() > 1
