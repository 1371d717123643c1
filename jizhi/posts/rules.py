"""Kinds of post, actions, and which post allows which action. Plain Python and the only place where it is written."""

from jizhi.core.text import N_, LabelledEnum


class PostKind(LabelledEnum):
    """A function somebody holds in an area; it reaches everything below that area."""

    HEAD_GRID_LEADER = "head_grid_leader", N_("总网格长")
    GRID_LEADER = "grid_leader", N_("网格长")
    DEPUTY_GRID_LEADER = "deputy_grid_leader", N_("副网格长")
    GRID_WORKER = "grid_worker", N_("网格员")
    GRID_ASSISTANT = "grid_assistant", N_("网格辅助员")
    MICRO_GRID_WORKER = "micro_grid_worker", N_("微网格员")
    BUILDING_LEADER = "building_leader", N_("楼栋长")
    SECRETARY = "secretary", N_("党组织书记")
    RECORDER = "recorder", N_("记录员")
    SUPERVISOR = "supervisor", N_("监督员")
    PANEL_MEMBER = "panel_member", N_("评议小组成员")
    COMMITTEE = "committee", N_("村（居）委会成员")
    STOREKEEPER = "storekeeper", N_("积分超市管理员")
    TOWNSHIP = "township", N_("乡镇工作人员")
    COUNTY = "county", N_("县级工作人员")
    AUDITOR = "auditor", N_("审计人员")


class Action(LabelledEnum):
    """What a post may allow."""

    VIEW_DESK = "view_desk", N_("使用工作台")
    IMPORT_HOUSEHOLDS = "import_households", N_("导入农户名单")
    MANAGE_HOUSEHOLDS = "manage_households", N_("管理农户")
    VIEW_HOUSEHOLDS = "view_households", N_("查看农户")
    UNMASK_PERSON = "unmask_person", N_("查看完整证件号码")
    MANAGE_AREAS = "manage_areas", N_("管理区划")
    MANAGE_POSTS = "manage_posts", N_("管理职务")
    MANAGE_SCHEMES = "manage_schemes", N_("编写积分细则")
    ACTIVATE_SCHEME = "activate_scheme", N_("启用积分细则")
    FILE_CLAIM_FOR_OTHERS = "file_claim_for_others", N_("代为申报")
    KEY_IN_CLAIMS = "key_in_claims", N_("录入纸质申报")
    VERIFY_CLAIM = "verify_claim", N_("核实申报")
    HOLD_MEETING = "hold_meeting", N_("召开评议会")
    MANAGE_PANELS = "manage_panels", N_("组建评议小组")
    RECHECK_DECISION = "recheck_decision", N_("复核评议决定")
    RULE_CASE = "rule_case", N_("裁定评议小组无法表决的事项")
    VIEW_REPORTS = "view_reports", N_("查看日记录和周报")
    SEND_REPORT = "send_report", N_("报送周报")
    TELL_FAULT = "tell_fault", N_("告知扣分")
    POST_NOTICE = "post_notice", N_("发布公示")
    ANSWER_OBJECTION = "answer_objection", N_("答复异议")
    HEAR_APPEAL = "hear_appeal", N_("复核异议（监督委员会）")
    HEAR_AT_TOWNSHIP = "hear_at_township", N_("答复和复核异议（乡镇）")
    ENTER_ORDER = "enter_order", N_("登记法院判决和乡镇决定")
    FINALISE_NOTICE = "finalise_notice", N_("公示定稿")
    WITHDRAW_NOTICE = "withdraw_notice", N_("撤下公示")
    MANAGE_CLOCKS = "manage_clocks", N_("调整公示时限")
    SETTLE = "settle", N_("积分结算")
    VIEW_LEDGER = "view_ledger", N_("查看积分台账")
    KEEP_STORE = "keep_store", N_("管理积分超市")
    REDEEM = "redeem", N_("办理兑换")
    EXPORT = "export", N_("导出")
    VIEW_AUDIT = "view_audit", N_("查看操作记录")
    CHANGE_HOUSEHOLDS = "change_households", N_("办理分户、并户和迁移")
    MERGE_PERSONS = "merge_persons", N_("合并重复人员")
    VIEW_ORGANISATIONS = "view_organisations", N_("查看组织")
    MANAGE_ORGANISATIONS = "manage_organisations", N_("管理组织")
    KEEP_BOOK = "keep_book", N_("走访和填写一户一册")
    VIEW_COVERAGE = "view_coverage", N_("查看走访和事件统计")
    REPORT_MATTER = "report_matter", N_("上报事件")
    HANDLE_MATTER = "handle_matter", N_("办理事件")
    DISPATCH_MATTER = "dispatch_matter", N_("分派事件")
    VIEW_MATTERS = "view_matters", N_("查看事件")
    RECHECK_MATTER = "recheck_matter", N_("复核事件")
    MANAGE_ACTIVITIES = "manage_activities", N_("组织活动和志愿队")
    VIEW_ACTIVITIES = "view_activities", N_("查看活动和需求")
    VIEW_SENSITIVE = "view_sensitive", N_("查看一户一册的敏感内容")
    LINK_STAFF = "link_staff", N_("关联工作账号与居民")
    RECORD_SERVICE = "record_service", N_("登记报到服务")
    CONFIRM_SERVICE = "confirm_service", N_("确认报到服务")
    MANAGE_SYSTEMS = "manage_systems", N_("管理接入的其他系统")
    RECORD_ASSEMBLY = "record_assembly", N_("记录会议决议")
    ACKNOWLEDGE_ASSEMBLY = "acknowledge_assembly", N_("办理决议备案")
    KEEP_FUND = "keep_fund", N_("管理积分资金和分红")
    COLLECT_PLEDGES = "collect_pledges", N_("收集承诺书")
    VIEW_FAIRNESS = "view_fairness", N_("查看公平性分析")
    MANAGE_PARTICIPANTS = "manage_participants", N_("管理积分主体")


def _posts(*kinds: PostKind) -> frozenset[PostKind]:
    return frozenset(kinds)


_GW, _REC, _SUP = PostKind.GRID_WORKER, PostKind.RECORDER, PostKind.SUPERVISOR
_PANEL, _COM, _STORE = PostKind.PANEL_MEMBER, PostKind.COMMITTEE, PostKind.STOREKEEPER
_TOWN, _COUNTY, _AUD = PostKind.TOWNSHIP, PostKind.COUNTY, PostKind.AUDITOR
_HEAD, _LEAD, _DEPUTY = PostKind.HEAD_GRID_LEADER, PostKind.GRID_LEADER, PostKind.DEPUTY_GRID_LEADER
_ASSIST, _MICRO, _BUILD = PostKind.GRID_ASSISTANT, PostKind.MICRO_GRID_WORKER, PostKind.BUILDING_LEADER
_SEC = PostKind.SECRETARY
_LEADERS = (_HEAD, _LEAD, _DEPUTY)
_ON_THE_GROUND = (_GW, _ASSIST, _MICRO, _BUILD)
ON_THE_GROUND = frozenset(_ON_THE_GROUND)  # whose first page is the phone's

# Separation of duties: whoever verifies does not decide, whoever decides does not hand out goods, and the auditor
# looks but does not write. The panel decides; the committee posts, answers and finalises; the supervisors write one
# thing alone: what they decide on an appeal against such an answer, and the township after them.
ALLOWED: dict[Action, frozenset[PostKind]] = {
    Action.VIEW_DESK: _posts(*PostKind),
    Action.IMPORT_HOUSEHOLDS: _posts(_REC, _COM, _TOWN, _COUNTY),
    Action.MANAGE_HOUSEHOLDS: _posts(_REC, _COM, _TOWN),
    Action.VIEW_HOUSEHOLDS: _posts(*PostKind),
    Action.UNMASK_PERSON: _posts(_GW, _REC, _COM, _TOWN),
    Action.MANAGE_AREAS: _posts(_TOWN, _COUNTY),
    Action.MANAGE_POSTS: _posts(_TOWN, _COUNTY),
    Action.MANAGE_SCHEMES: _posts(_COM, _TOWN, _COUNTY),
    Action.ACTIVATE_SCHEME: _posts(_COM, _TOWN),
    Action.FILE_CLAIM_FOR_OTHERS: _posts(*_ON_THE_GROUND, *_LEADERS, _REC),
    Action.KEY_IN_CLAIMS: _posts(_REC),
    Action.VERIFY_CLAIM: _posts(_GW, *_LEADERS),
    Action.HOLD_MEETING: _posts(_REC, _PANEL, _COM),
    Action.MANAGE_PANELS: _posts(_COM, _TOWN),
    Action.RECHECK_DECISION: _posts(_TOWN),
    Action.RULE_CASE: _posts(_TOWN),
    Action.VIEW_REPORTS: _posts(_REC, _SUP, _COM, _SEC, _TOWN, _COUNTY, _AUD),
    Action.SEND_REPORT: _posts(_REC, _COM),
    Action.TELL_FAULT: _posts(_GW, *_LEADERS, _REC, _COM),
    Action.POST_NOTICE: _posts(_REC, _COM),
    Action.ANSWER_OBJECTION: _posts(_COM, _TOWN),
    Action.HEAR_APPEAL: _posts(_SUP),
    Action.HEAR_AT_TOWNSHIP: _posts(_TOWN),
    Action.ENTER_ORDER: _posts(_TOWN),
    Action.FINALISE_NOTICE: _posts(_COM),
    Action.WITHDRAW_NOTICE: _posts(_COM, _TOWN),
    Action.MANAGE_CLOCKS: _posts(_COUNTY),
    Action.SETTLE: _posts(_COM, _TOWN),
    Action.VIEW_LEDGER: _posts(_GW, *_LEADERS, _REC, _SUP, _PANEL, _COM, _SEC, _TOWN, _COUNTY, _AUD),
    Action.KEEP_STORE: _posts(_STORE, _COM),
    Action.REDEEM: _posts(_STORE),
    Action.EXPORT: _posts(_REC, _SUP, _COM, _TOWN, _COUNTY, _AUD),
    Action.VIEW_AUDIT: _posts(_SUP, _TOWN, _COUNTY, _AUD),
    Action.CHANGE_HOUSEHOLDS: _posts(_REC, _COM, _TOWN),
    Action.MERGE_PERSONS: _posts(_REC, _COM, _TOWN),
    Action.VIEW_ORGANISATIONS: _posts(*_LEADERS, _GW, _REC, _SUP, _COM, _SEC, _TOWN, _COUNTY, _AUD),
    Action.MANAGE_ORGANISATIONS: _posts(_COM, _SEC, _TOWN, _COUNTY),
    Action.LINK_STAFF: _posts(_COM, _TOWN, _COUNTY),
    Action.KEEP_BOOK: _posts(*_ON_THE_GROUND, *_LEADERS),
    Action.VIEW_COVERAGE: _posts(*_LEADERS, _GW, _REC, _SUP, _COM, _SEC, _TOWN, _COUNTY, _AUD),
    Action.REPORT_MATTER: _posts(*_ON_THE_GROUND, *_LEADERS, _REC, _COM, _SEC, _TOWN),
    Action.HANDLE_MATTER: _posts(_GW, *_LEADERS, _COM, _SEC, _TOWN, _COUNTY),
    Action.DISPATCH_MATTER: _posts(*_LEADERS, _COM, _SEC, _TOWN, _COUNTY),
    Action.VIEW_MATTERS: _posts(*_ON_THE_GROUND, *_LEADERS, _REC, _SUP, _COM, _SEC, _TOWN, _COUNTY, _AUD),
    Action.RECHECK_MATTER: _posts(_GW, *_LEADERS),
    Action.MANAGE_ACTIVITIES: _posts(*_LEADERS, _GW, _REC, _COM, _SEC, _TOWN),
    Action.VIEW_ACTIVITIES: _posts(*_ON_THE_GROUND, *_LEADERS, _REC, _SUP, _COM, _SEC, _TOWN, _COUNTY, _AUD),
    Action.VIEW_SENSITIVE: _posts(*_ON_THE_GROUND, *_LEADERS, _COM),
    Action.RECORD_SERVICE: _posts(*_ON_THE_GROUND, *_LEADERS, _REC, _COM, _SEC),
    Action.CONFIRM_SERVICE: _posts(*_LEADERS, _COM, _SEC, _TOWN),
    Action.MANAGE_SYSTEMS: _posts(_TOWN, _COUNTY),
    Action.RECORD_ASSEMBLY: _posts(_REC, _COM),
    Action.ACKNOWLEDGE_ASSEMBLY: _posts(_TOWN),
    Action.KEEP_FUND: _posts(_COM),
    Action.COLLECT_PLEDGES: _posts(_REC, _COM),
    Action.VIEW_FAIRNESS: _posts(_SUP, _COUNTY, _AUD),
    Action.MANAGE_PARTICIPANTS: _posts(_REC, _COM, _TOWN),
}

# A township fills the posts of its villages; who serves the township or the county, or audits them, the county names.
NAMED_BY_COUNTY: frozenset[PostKind] = _posts(_TOWN, _COUNTY, _AUD)

# What the register warns of, and how long somebody may stand in for a post before it has to be filled.
DEPUTY_DAYS_MAX = 90
ENDING_DAYS = 30
POSTS_MANY = 3


class PostState(LabelledEnum):
    """How a post stands on a day: the filter of the register."""

    HELD = "held", N_("在任")
    ENDING = "ending", N_("30 天内到期")
    DEPUTY = "deputy", N_("代理中")
    COMING = "coming", N_("将任")
    PAST = "past", N_("已卸任")


class ActionGroup(LabelledEnum):
    """Chapters of the permissions table."""

    DESK = "desk", N_("工作台与记录")
    REGISTER = "register", N_("底册与职务")
    POINTS = "points", N_("积分申报与评议")
    NOTICE = "notice", N_("公示、结算与超市")
    GRID = "grid", N_("网格工作")


GROUPS: dict[ActionGroup, tuple[Action, ...]] = {
    ActionGroup.DESK: (
        Action.VIEW_DESK, Action.EXPORT, Action.VIEW_AUDIT, Action.VIEW_LEDGER, Action.VIEW_REPORTS,
        Action.SEND_REPORT,
    ),
    ActionGroup.REGISTER: (
        Action.VIEW_HOUSEHOLDS, Action.IMPORT_HOUSEHOLDS, Action.MANAGE_HOUSEHOLDS, Action.CHANGE_HOUSEHOLDS,
        Action.MERGE_PERSONS, Action.UNMASK_PERSON, Action.VIEW_ORGANISATIONS, Action.MANAGE_ORGANISATIONS,
        Action.MANAGE_AREAS, Action.MANAGE_POSTS, Action.LINK_STAFF,
    ),
    ActionGroup.POINTS: (
        Action.MANAGE_SCHEMES, Action.ACTIVATE_SCHEME, Action.FILE_CLAIM_FOR_OTHERS, Action.KEY_IN_CLAIMS,
        Action.VERIFY_CLAIM, Action.HOLD_MEETING, Action.TELL_FAULT,
        Action.MANAGE_PANELS, Action.RECHECK_DECISION, Action.RULE_CASE, Action.MANAGE_SYSTEMS,
        Action.MANAGE_PARTICIPANTS,
    ),
    ActionGroup.NOTICE: (
        Action.POST_NOTICE, Action.ANSWER_OBJECTION, Action.HEAR_APPEAL, Action.HEAR_AT_TOWNSHIP,
        Action.ENTER_ORDER, Action.FINALISE_NOTICE, Action.WITHDRAW_NOTICE, Action.MANAGE_CLOCKS, Action.SETTLE,
        Action.KEEP_STORE, Action.REDEEM,
        Action.RECORD_ASSEMBLY, Action.ACKNOWLEDGE_ASSEMBLY, Action.KEEP_FUND, Action.COLLECT_PLEDGES,
        Action.VIEW_FAIRNESS,
    ),
}  # fmt: skip


def grouped_actions() -> list[tuple[ActionGroup, tuple[Action, ...]]]:
    """Every action under its chapter; whatever no chapter names is work of the grid."""
    named = {action for actions in GROUPS.values() for action in actions}
    rest = tuple(action for action in Action if action not in named)
    return [*GROUPS.items(), (ActionGroup.GRID, rest)]
