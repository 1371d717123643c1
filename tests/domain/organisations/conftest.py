"""A village with grids, its secretary, and builders of organisations and persons for the tests beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.organisations import services
from jizhi.organisations.models import Organisation
from jizhi.organisations.rules import OrganisationKind
from jizhi.people.models import Household, Person
from jizhi.people.services import NewMember
from jizhi.posts.rules import PostKind
from tests import factories


@dataclass
class World:
    """One village of two grids in a township; `secretary` looks after its organisations."""

    town: Area
    village: Area
    grids: list[Area]
    secretary: User
    worker: User

    def found(
        self,
        kind: OrganisationKind,
        name: str,
        *,
        parent: Organisation | None = None,
        area: Area | None = None,
        **more: Any,
    ) -> Organisation:
        """An organisation that exists since the year's first day."""
        data = services.OrganisationData(
            kind=kind, name=name, area=area or self.village, parent=parent, **more
        )
        return services.create_organisation(data=data, from_date=factories.START, by=None, at=factories.AT)

    def person(self, name: str) -> Person:
        """A party member who lives in the first grid."""
        home: Household = factories.household(
            self.grids[0], head_name=name, members=(NewMember(name, "户主", party_member=True),)
        )
        return Person.objects.get(memberships__household=home)

    def branch(self, name: str = "石桥村党支部") -> Organisation:
        """The village's party branch."""
        return self.found(OrganisationKind.BRANCH, name)


@pytest.fixture
def world(db: None) -> World:
    town = factories.township()
    village = factories.village(town, name="石桥村")
    grids = [factories.grid(village, name=f"第{n}网格") for n in "一二"]
    secretary = factories.holder(PostKind.SECRETARY, village)
    worker = factories.holder(PostKind.GRID_WORKER, grids[0])
    return World(town, village, grids, secretary, worker)
