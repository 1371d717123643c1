"""No resolution, no activation: what a meeting's numbers must be, from when a version holds, what stays as it is."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from jizhi.demo.month import moment
from jizhi.demo.setup import PACK, SCHEME
from jizhi.posts.selectors import NotAllowed
from jizhi.schemes import models, rules, selectors, services
from jizhi.schemes.rules import MeetingKind
from tests.county import BEGIN, County

HELD = dt.date(2026, 6, 1)
NUMBERS = {"members": 45, "present": 30, "votes_for": 16, "filing_number": "备〔2026〕9号"}


def record(county: County, **changed: object) -> models.Resolution:
    about = {"kind": MeetingKind.REPRESENTATIVES, "held_on_date": HELD} | NUMBERS | changed
    return services.record_resolution(
        version=models.SchemeVersion.objects.get(),
        village=county.home.area,
        by=county.operator,
        at=moment(HELD, 20),
        **about,
    )


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"present": 29}, "present"),
        ({"present": 46}, "present"),
        ({"votes_for": 15}, "votes_for"),
        ({"votes_for": 31}, "votes_for"),
        ({"filing_number": " "}, "filing_number"),
        ({"held_on_date": HELD + dt.timedelta(days=1)}, "held_on_date"),
        ({"kind": MeetingKind.ASSEMBLY, "members": 60, "present": 30}, "present"),
    ],
)
def test_a_resolution_must_carry(county: County, changed: dict[str, object], place: str) -> None:
    with pytest.raises(services.ResolutionFails) as caught:
        record(county, **changed)
    assert caught.value.place == place


def test_exactly_two_thirds_are_enough_half_of_an_assembly_is_not() -> None:
    assert rules.attendance_is_enough(MeetingKind.REPRESENTATIVES, 45, 30)
    assert not rules.attendance_is_enough(MeetingKind.ASSEMBLY, 60, 30)
    assert rules.attendance_is_enough(MeetingKind.ASSEMBLY, 60, 31)
    assert not rules.majority_is_enough(30, 15)


def test_a_version_is_active_once_and_never_before_its_meeting(county: County) -> None:
    resolution = record(county)
    with pytest.raises(services.ResolutionFails, match="表决日期"):
        services.activate_version(
            resolution=resolution,
            effective_from_date=HELD - dt.timedelta(days=1),
            by=county.operator,
            at=moment(HELD, 21),
        )
    with pytest.raises(services.AlreadyActive):
        services.activate_version(
            resolution=resolution, effective_from_date=HELD, by=county.operator, at=moment(HELD, 21)
        )


def test_in_force_from_the_day_and_nowhere_before(county: County) -> None:
    assert selectors.scheme_on(county.home.area, SCHEME, BEGIN).id == SCHEME
    with pytest.raises(selectors.NotInForce):
        selectors.scheme_on(county.home.area, SCHEME, BEGIN - dt.timedelta(days=1))


def test_a_stranger_resolves_nothing_here(county: County) -> None:
    with pytest.raises(NotAllowed):
        services.record_resolution(
            version=models.SchemeVersion.objects.get(), village=county.home.area, kind=MeetingKind.REPRESENTATIVES,
            held_on_date=HELD, by=county.other.staff["committee"], at=moment(HELD, 20), **NUMBERS,
        )  # fmt: skip


def test_only_the_township_takes_a_resolution_on_file(county: County) -> None:
    with pytest.raises(NotAllowed):
        services.record_resolution(
            version=models.SchemeVersion.objects.get(), village=county.home.area, kind=MeetingKind.REPRESENTATIVES,
            held_on_date=HELD, by=county.home.staff["committee"], at=moment(HELD, 20), **NUMBERS,
        )  # fmt: skip


def test_loading_again_changes_nothing_and_another_text_is_refused(county: County, tmp_path: Path) -> None:
    source = PACK / "schemes" / "household" / "2022-03-01.yaml"
    version = models.SchemeVersion.objects.get()
    again = services.load_version(area=version.area, path=source, by=county.operator, at=moment(HELD, 9))
    assert again.pk == version.pk
    changed = tmp_path / source.name
    changed.write_text(source.read_text(encoding="utf-8") + "\n# amended\n", encoding="utf-8")
    with pytest.raises(services.VersionDiffers):
        services.load_version(area=version.area, path=changed, by=county.operator, at=moment(HELD, 9))
    changed.write_text("scheme: household\nitemz: []\n", encoding="utf-8")
    with pytest.raises(services.RefusedDocument) as caught:
        services.load_version(area=version.area, path=changed, by=county.operator, at=moment(HELD, 9))
    assert any("itemz" in str(problem) for problem in caught.value.problems)


def test_what_was_adopted_stays(county: County) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        models.SchemeVersion.objects.update(source="")
    with pytest.raises(DatabaseError), transaction.atomic():
        models.Activation.objects.all().delete()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("expires: 2030-01-01", "expires: 2026-06-30", "stale"),
        ("title: 乱倒垃圾", "title: 大操大办婚宴", "custom"),
        ("title: 乱倒垃圾", "title: 越级上访", "petition"),
    ],
)
def test_the_guard_is_asked_again_on_the_day(county: County, old: str, new: str, code: str) -> None:
    text = (
        "scheme: extra\nitems:\n  - {id: litter, kind: fault, title: 乱倒垃圾, points: 1,\n"
        "     reference: {zh: 村规民约, expires: 2030-01-01}}\n"
    )
    version = services.load_version_text(
        area=models.SchemeVersion.objects.get().area,
        source=text,
        applies_from_date=HELD,
        by=county.operator,
        at=moment(HELD, 8),
    )
    about = {
        "version": version,
        "village": county.home.area,
        "kind": MeetingKind.REPRESENTATIVES,
        "held_on_date": HELD,
    }
    resolution = services.record_resolution(**about | NUMBERS, by=county.operator, at=moment(HELD, 20))
    version.source = text.replace(old, new)
    with pytest.raises(services.RefusedDocument) as caught:
        services.activate_version(
            resolution=models.Resolution(village=county.home.area, version=version, held_on_date=HELD),
            effective_from_date=dt.date(2026, 7, 1),
            by=county.operator,
            at=moment(HELD, 21),
        )
    assert [problem.code for problem in caught.value.problems] == [code]
    version.refresh_from_db()
    services.activate_version(
        resolution=resolution,
        effective_from_date=dt.date(2026, 7, 1),
        by=county.operator,
        at=moment(HELD, 21),
    )
