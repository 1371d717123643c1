"""Schemes at the desk: read in words, load with every problem and its line, resolve by law, put in force."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

import jizhi
from jizhi.assemblies import services as assemblies
from jizhi.assemblies.rules import About, Counts
from jizhi.demo.month import moment
from jizhi.schemes.models import Activation, Resolution, SchemeVersion
from jizhi.schemes.rules import MeetingKind
from tests.county import County

SOURCE = next((Path(jizhi.__file__).parent / "packs/gaoyang/schemes/household").glob("*.yaml")).read_text(
    "utf-8"
)


@pytest.fixture
def client(town: Any, client_as: Any) -> Any:
    return client_as(town)


def load(client: Any, county: County, source: str, day: str = "2026-07-01") -> Any:
    file = SimpleUploadedFile("2026-07-01.yaml", source.encode())
    data = {"area": county.home.area.parent.code, "applies_from_date": day, "file": file}
    return client.post(reverse("register:version_new"), data)


def test_versions_read_in_words(county: County, client: Any) -> None:
    version = SchemeVersion.objects.get(scheme="household")
    assert version.title in client.get(reverse("register:schemes")).content.decode()
    address = reverse("register:version", args=[version.pk])
    page = client.get(address).content.decode()
    assert "参加志愿服务" in page
    assert "每小时1分" in page
    for part, words in (("adoption", "石桥村"), ("findings", "人把关"), ("source", "scheme: household")):
        assert words in client.get(address, {"part": part}).content.decode()
    assert client.get(f"{address}source.yaml").content.decode() == version.source
    assert client.get(f"{address}export/").content.startswith(b"PK")


def test_every_problem_is_listed_with_its_line(county: County, client: Any) -> None:
    before = SchemeVersion.objects.count()
    broken = load(client, county, SOURCE.replace("kind: merit", "kind: meritt", 1))
    assert broken.status_code == 422
    line = next(n for n, text in enumerate(SOURCE.splitlines(), 1) if "kind: merit" in text)
    assert f">{line}<" in broken.content.decode()
    assert load(client, county, "scheme: [").status_code == 422
    assert load(client, county, "/etc/hostname").status_code == 422
    unlawful = load(client, county, SOURCE.replace("zh: 参加志愿服务", "zh: 手机上登录签到"))
    assert unlawful.status_code == 422
    assert "发现" in unlawful.content.decode()
    assert SchemeVersion.objects.count() == before


def test_no_resolution_no_activation(county: County, client: Any, as_: Any) -> None:
    address = load(client, county, SOURCE).url
    version = SchemeVersion.objects.latest("id")
    page = as_("committee").get(address, {"part": "adoption"}).content.decode()
    record = f"{reverse('fairwork:assembly_new', args=['scheme'])}?version={version.pk}"
    assert record in page, "the meeting is recorded with its votes, not as a number alone"
    form = as_("committee").get(record).content.decode()
    assert f'value="{version.pk}" selected' in form
    assert client.get(f"{address}resolutions/new/").status_code == 404
    resolution = adopted(county, version)
    activation = reverse("register:activation", args=[resolution.pk])
    early = client.post(activation, {"effective_from_date": "2026-06-01"})
    assert "不能早于" in early.content.decode()
    assert client.post(activation, {"effective_from_date": "2026-07-01"}).status_code == 302
    assert Activation.objects.filter(version=version, village=county.home.area).exists()
    assert "起生效" in client.get(address, {"part": "adoption"}).content.decode()


def adopted(county: County, version: SchemeVersion) -> Resolution:
    """The meeting's record, sent in and taken on file."""
    at, by = moment(dt.date(2026, 6, 10), 20), county.operator
    motion = assemblies.Motion(about=About.SCHEME, title="新版细则", text="采用新版细则。", version=version)
    held = dt.date(2026, 6, 10)
    row = assemblies.record_assembly(
        village=county.home.area, motion=motion, kind=MeetingKind.REPRESENTATIVES, announced_date=held,
        held_on_date=held, chair="赵主任", recorder="钱记录", counts=Counts(30, 30, 28, 1, 1), by=by, at=at,
    )  # fmt: skip
    assemblies.file_assembly(assembly_id=row.pk, filing_number="石桥〔2026〕2号", by=by, at=at)
    return assemblies.acknowledge_assembly(
        assembly_id=row.pk, receipt="柳备〔2026〕9号", by=by, at=at
    ).resolution


def test_villages_do_not_load_or_adopt_for_others(county: County, as_: Any) -> None:
    assert as_("recorder").get(reverse("register:version_new")).status_code == 403
    committee = as_("committee", "other")
    resolution = Resolution.objects.get(village=county.home.area)
    assert committee.get(reverse("register:activation", args=[resolution.pk])).status_code == 404
    assert load(committee, county, SOURCE).status_code == 422
