"""Kinds of organisation and where each may hang in the tree, roles, village bodies, and the states of a service.

Plain Python tables: what is written here is what services check, pages offer and the database enforces.
"""

from dataclasses import dataclass

from jizhi.core.text import N_, LabelledEnum


class OrganisationKind(LabelledEnum):
    """What an organisation is."""

    UNITED_COMMITTEE = "united_committee", N_("联合党委")
    PARTY_COMMITTEE = "party_committee", N_("党委")
    GENERAL_BRANCH = "general_branch", N_("党总支")
    BRANCH = "branch", N_("党支部")
    PARTY_GROUP = "party_group", N_("党小组")
    MEMBER_HOUSEHOLD = "member_household", N_("党员中心户")
    INDUSTRY_PARTY = "industry_party", N_("行业党组织")
    VILLAGERS_COMMITTEE = "villagers_committee", N_("村（居）民委员会")
    SUPERVISION_COMMITTEE = "supervision_committee", N_("村（居）务监督委员会")
    COLLECTIVE = "collective", N_("集体经济组织")
    COOPERATIVE = "cooperative", N_("农民合作组织")
    WOMEN = "women", N_("妇联")
    YOUTH = "youth", N_("共青团")
    MILITIA = "militia", N_("民兵组织")
    ELDERS = "elders", N_("老年协会")
    MASS = "mass", N_("其他群团组织")
    ENTERPRISE = "enterprise", N_("企业")
    PROPERTY = "property", N_("物业公司")
    SOCIAL = "social", N_("社会组织")
    VOLUNTEERS = "volunteers", N_("党员志愿服务队")
    GRID_TEAM = "grid_team", N_("网格员队伍")
    INDUSTRY = "industry", N_("行业组织")
    WORKING_GROUP = "working_group", N_("工作组")
    TASK_FORCE = "task_force", N_("专班")
    SUPERVISION_GROUP = "supervision_group", N_("督导组")
    UNIT = "unit", N_("单位")


K = OrganisationKind
PARTY = frozenset({
    K.UNITED_COMMITTEE, K.PARTY_COMMITTEE, K.GENERAL_BRANCH, K.BRANCH, K.PARTY_GROUP, K.MEMBER_HOUSEHOLD,
    K.INDUSTRY_PARTY,
})  # fmt: skip
# Party organisations that keep a member's file; a group and a member household belong to a branch and keep none.
KEEPS_MEMBERS = frozenset(
    {K.UNITED_COMMITTEE, K.PARTY_COMMITTEE, K.GENERAL_BRANCH, K.BRANCH, K.INDUSTRY_PARTY}
)
# Organisations on which double reporting builds: whose people report where they live.
REPORTS = frozenset(
    {K.UNIT, K.ENTERPRISE, K.INDUSTRY, K.SOCIAL, K.INDUSTRY_PARTY, K.PARTY_COMMITTEE, K.BRANCH}
)

# Kind → kinds it may hang below. A kind that is missing stands anywhere, below anything or nothing.
PARENTS: dict[OrganisationKind, frozenset[OrganisationKind]] = {
    K.UNITED_COMMITTEE: frozenset({K.PARTY_COMMITTEE, K.UNITED_COMMITTEE}),
    K.PARTY_COMMITTEE: frozenset({K.PARTY_COMMITTEE, K.UNITED_COMMITTEE}),
    K.INDUSTRY_PARTY: frozenset({K.PARTY_COMMITTEE, K.UNITED_COMMITTEE, K.INDUSTRY}),
    K.GENERAL_BRANCH: frozenset({K.UNITED_COMMITTEE, K.PARTY_COMMITTEE, K.INDUSTRY_PARTY}),
    K.BRANCH: frozenset({K.UNITED_COMMITTEE, K.PARTY_COMMITTEE, K.GENERAL_BRANCH, K.INDUSTRY_PARTY}),
    K.PARTY_GROUP: frozenset({K.BRANCH}),
    K.MEMBER_HOUSEHOLD: frozenset({K.PARTY_GROUP}),
    K.UNIT: frozenset({K.UNIT, K.INDUSTRY}),
    K.ENTERPRISE: frozenset({K.ENTERPRISE, K.INDUSTRY}),
    K.INDUSTRY: frozenset({K.INDUSTRY}),
    K.VILLAGERS_COMMITTEE: frozenset(),
}
NEEDS_PARENT = frozenset({K.PARTY_GROUP, K.MEMBER_HOUSEHOLD})


def may_hang_below(kind: OrganisationKind, parent: OrganisationKind | None) -> bool:
    """Whether an organisation of the kind may have such a parent (None: stands by itself)."""
    if parent is None:
        return kind not in NEEDS_PARENT
    return kind not in PARENTS or parent in PARENTS[kind]


class Role(LabelledEnum):
    """What a person is in an organisation."""

    SECRETARY = "secretary", N_("书记")
    CHAIR = "chair", N_("主任（会长）")
    LEADER = "leader", N_("负责人")
    DEPUTY_SECRETARY = "deputy_secretary", N_("副书记")
    DEPUTY_CHAIR = "deputy_chair", N_("副主任（副会长）")
    COMMITTEE_MEMBER = "committee_member", N_("委员")
    GROUP_LEADER = "group_leader", N_("组长")
    MEMBER = "member", N_("成员")
    PARTY_MEMBER = "party_member", N_("党员")
    PROBATIONARY = "probationary", N_("预备党员")


LEADING = (Role.SECRETARY, Role.CHAIR, Role.LEADER, Role.GROUP_LEADER)
DEPUTIES = (Role.DEPUTY_SECRETARY, Role.DEPUTY_CHAIR)
_PARTY_ROLES = frozenset({Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.PARTY_MEMBER, Role.PROBATIONARY})


def may_have_role(kind: OrganisationKind, role: Role) -> bool:
    """Secretaries and party members are of party organisations; a chair is of any other."""
    if role in _PARTY_ROLES:
        return kind in PARTY
    return not (kind in PARTY and role in (Role.CHAIR, Role.DEPUTY_CHAIR))


def may_keep_file(kind: OrganisationKind) -> bool:
    """Whether a person's full membership (组织关系) may lie with the organisation."""
    return kind in KEEPS_MEMBERS


@dataclass(frozen=True)
class Body:
    """A line of a set of bodies: filled by any organisation of these kinds, or by units that report here."""

    title: str
    kinds: frozenset[OrganisationKind]
    by_report: bool = False


@dataclass(frozen=True)
class BodySet:
    """Which bodies a village or community should have: one leads, the others follow."""

    key: str
    title: str
    lead: Body
    bodies: tuple[Body, ...]


_VILLAGE_PARTY = frozenset({K.UNITED_COMMITTEE, K.PARTY_COMMITTEE, K.GENERAL_BRANCH, K.BRANCH})
_MASS = frozenset({K.WOMEN, K.YOUTH, K.MILITIA, K.ELDERS, K.MASS})
# Reference: the opinions on the grassroots organisation system of the reference county: villages are led by the party
# organisation with six kinds of body beside it, communities with four.
BODY_SETS = (
    BodySet("1+6", N_("村级组织体系“1+6”"), Body(N_("村党组织"), _VILLAGE_PARTY), (
        Body(N_("村民自治组织"), frozenset({K.VILLAGERS_COMMITTEE})),
        Body(N_("村务监督组织"), frozenset({K.SUPERVISION_COMMITTEE})),
        Body(N_("集体经济组织"), frozenset({K.COLLECTIVE})),
        Body(N_("农民合作组织"), frozenset({K.COOPERATIVE})),
        Body(N_("群团组织"), _MASS),
        Body(N_("其他经济社会组织"), frozenset({K.ENTERPRISE, K.SOCIAL, K.PROPERTY, K.INDUSTRY, K.VOLUNTEERS})),
    )),
    BodySet("1+4", N_("社区治理组织体系“1+4”"), Body(N_("社区党组织"), _VILLAGE_PARTY), (
        Body(N_("网格员队伍"), frozenset({K.GRID_TEAM})),
        Body(N_("包联单位"), frozenset({K.UNIT}), by_report=True),
        Body(N_("自治机构"), frozenset({K.VILLAGERS_COMMITTEE, K.SUPERVISION_COMMITTEE})),
        Body(N_("党员志愿者"), frozenset({K.VOLUNTEERS})),
    )),
)  # fmt: skip


def body_set(key: str) -> BodySet:
    """The set of that key; the first one for an unknown key."""
    return next((one for one in BODY_SETS if one.key == key), BODY_SETS[0])


class ServiceState(LabelledEnum):
    """A service counts once somebody else has confirmed it."""

    RECORDED = "recorded", N_("待确认")
    CONFIRMED = "confirmed", N_("已确认")
    REFUSED = "refused", N_("不予确认")
    REVOKED = "revoked", N_("已收回")


TRANSITIONS: dict[ServiceState, tuple[ServiceState, ...]] = {
    ServiceState.RECORDED: (ServiceState.CONFIRMED, ServiceState.REFUSED),
    ServiceState.CONFIRMED: (ServiceState.REVOKED,),
    ServiceState.REFUSED: (),
    ServiceState.REVOKED: (),
}


def can_move(state: ServiceState, to: ServiceState) -> bool:
    """Whether a service may go from one state to the other."""
    return to in TRANSITIONS[ServiceState(state)]


MINUTES_MAX = 16 * 60
BACKDATED_DAYS = 62
