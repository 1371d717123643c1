"""What another village holds is refused with a message, though the reader sees nothing of it. All as the web role."""

from __future__ import annotations

from typing import Any

import pytest

from jizhi.demo.month import moment
from jizhi.organisations import services as organisations
from jizhi.organisations.models import Organisation
from jizhi.organisations.rules import OrganisationKind, Role
from jizhi.people import services
from jizhi.people.models import Membership, Person
from jizhi.people.rules import Residence
from tests import factories
from tests.county import County
from tests.domain.changes import world
from tests.domain.changes.world import DAY

AT = moment(DAY, 12)


def founded(area: Any, name: str, kind: OrganisationKind = OrganisationKind.BRANCH, code: str = "") -> Any:
    data = organisations.OrganisationData(kind=kind, name=name, area=area, code=code)
    return organisations.create_organisation(data=data, from_date=factories.START, by=None, at=factories.AT)


def someone(county: County) -> Person:
    return Person.objects.get(pk=world.member_ids(county.subject().household)[0])


def test_an_id_number_of_another_village(county: County, read_as: Any) -> None:
    person, clerk = someone(county), county.home.staff["recorder"]
    theirs = Membership.objects.filter(household__village=county.other.area, person__id_number__isnull=False)
    number = theirs.select_related("person")[0].person.id_number
    change = services.PersonChange(
        version=person.version, name=person.name, sex=None, birth_date=None, residence=Residence.RESIDENT,
        registered_place="", id_number=number or "",
    )  # fmt: skip
    read_as(clerk)
    with pytest.raises(services.BadPerson, match="已登记在另一人名下"):
        services.update_person(person_id=person.pk, change=change, by=clerk, at=AT)


def test_a_full_membership_in_another_village(county: County, read_as: Any) -> None:
    person, clerk = someone(county), county.home.staff["committee"]
    ours, theirs = founded(county.home.area, "石桥支部"), founded(county.other.area, "柳湾支部")
    wanted = {
        "person": person, "role": Role.PARTY_MEMBER, "keeps_file": True, "from_date": factories.START, "at": AT,
    }  # fmt: skip
    organisations.add_belonging(organisation=theirs, by=None, **wanted)
    read_as(clerk)
    with pytest.raises(organisations.CannotBelong, match="柳湾支部.*请办理转接"):
        organisations.add_belonging(organisation=ours, by=clerk, **wanted)


def test_whoever_reports_in_another_village(county: County, read_as: Any) -> None:
    person, clerk = someone(county), county.home.staff["committee"]
    unit = founded(county.home.area.parent, "镇卫生院", OrganisationKind.UNIT)
    reports = [
        organisations.report_unit(unit=unit, area=area, from_date=DAY, by=None, at=AT)
        for area in (county.home.area, county.other.area)
    ]
    wanted = {"data": organisations.ReporterData("某人", person=person), "from_date": DAY, "at": AT}
    organisations.add_reporter(report=reports[1], request_key="there", by=None, **wanted)
    read_as(clerk)
    with pytest.raises(organisations.CannotReport, match="已在柳湾村报到"):
        organisations.add_reporter(report=reports[0], request_key="here", by=clerk, **wanted)


def test_a_code_of_another_village(county: County, read_as: Any) -> None:
    clerk = county.home.staff["committee"]
    founded(county.other.area, "柳湾支部", code="D7")
    data = organisations.OrganisationData(
        kind=OrganisationKind.BRANCH, name="石桥支部", area=county.home.area, code="D7"
    )
    read_as(clerk)
    with pytest.raises(organisations.BadOrganisation, match="D7"):
        organisations.create_organisation(data=data, from_date=DAY, by=clerk, at=AT)
    assert not Organisation.objects.filter(name="石桥支部").exists()
