"""Who takes part in a scheme of persons or organisations: one source in the registers, and what narrows it.

A settlement does not look at it; the installation keeps its register of subjects by it. Where a scheme says nothing,
everybody is enrolled by hand. Households take part by being registered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from jizhi.engine.document.base import Model, Wrong, read_list

# The registers' own names; `tests/domain/participants` holds them against the registers.
POSTS = (
    "head_grid_leader", "grid_leader", "deputy_grid_leader", "grid_worker", "grid_assistant", "micro_grid_worker",
    "building_leader", "secretary", "recorder", "supervisor", "panel_member", "committee", "storekeeper", "township",
    "county", "auditor",
)  # fmt: skip
RESIDENCES = ("resident", "away", "incomer", "tenant", "paper")
ORGANISATIONS = (
    "united_committee", "party_committee", "general_branch", "branch", "party_group", "member_household",
    "industry_party", "villagers_committee", "supervision_committee", "collective", "cooperative", "women", "youth",
    "militia", "elders", "mass", "enterprise", "property", "social", "volunteers", "grid_team", "industry",
    "working_group", "task_force", "supervision_group", "unit",
)  # fmt: skip
OF_PERSONS = ("party", "posts", "residence", "teams", "members_of")
OF_ORGANISATIONS = ("organisations",)


def _among(names: Sequence[str]) -> AfterValidator:
    def check(value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if name not in names:
                raise Wrong(f"one of {', '.join(names)}", found=name, names=names)
        return value

    return AfterValidator(check)


Posts = Annotated[tuple[str, ...], BeforeValidator(read_list), _among(POSTS)]
Residences = Annotated[tuple[str, ...], BeforeValidator(read_list), _among(RESIDENCES)]
Organisations = Annotated[tuple[str, ...], BeforeValidator(read_list), _among(ORGANISATIONS)]


class Enrolment(Model):
    """One source: party members, holders of posts, residents, members of teams or of organisations; or organisations.

    `age_from` narrows residents to whoever is so many years old on the day.
    """

    party: bool = False
    posts: Posts = ()
    residence: Residences = ()
    age_from: Annotated[int, Field(ge=0, le=120)] = 0
    teams: bool = False
    members_of: Organisations = ()
    organisations: Organisations = ()

    @model_validator(mode="after")
    def _one_source(self) -> Enrolment:
        names = (*OF_PERSONS, *OF_ORGANISATIONS)
        found = [name for name in names if getattr(self, name)]
        if len(found) != 1:
            raise Wrong(
                f"one source out of {', '.join(names)}", found=", ".join(found) or "none", names=names
            )
        if self.age_from and not self.residence:
            raise Wrong("`age_from` beside `residence` only", found=found[0], key="age_from")
        return self

    @property
    def source(self) -> str:
        """The key of the one source."""
        return next(name for name in (*OF_PERSONS, *OF_ORGANISATIONS) if getattr(self, name))


def check_source(enrol: Any, subject: str) -> None:
    """Raises Wrong where a source gives subjects of another kind than the scheme scores."""
    if enrol is None:
        return
    fits = {"person": OF_PERSONS, "organisation": OF_ORGANISATIONS}.get(subject, ())
    if enrol.source not in fits:
        expected = f"one of {', '.join(fits)}" if fits else "no `enrol`: these take part by being registered"
        raise Wrong(expected, found=f"{enrol.source} beside subject: {subject}", key="enrol", names=fits)
