"""Kinds of post, actions, and which post allows which action. Plain Python and the only place where it is written."""

from jizhi.core.text import N_, LabelledEnum


class PostKind(LabelledEnum):
    """A function somebody holds in an area; it reaches everything below that area."""

    GRID_WORKER = "grid_worker", N_("网格员")
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
    DECIDE_CLAIM = "decide_claim", N_("认定积分")
    TELL_FAULT = "tell_fault", N_("告知扣分")
    POST_NOTICE = "post_notice", N_("发布公示")
    ANSWER_OBJECTION = "answer_objection", N_("答复异议")
    FINALISE_NOTICE = "finalise_notice", N_("公示定稿")
    SETTLE = "settle", N_("积分结算")
    VIEW_LEDGER = "view_ledger", N_("查看积分台账")
    KEEP_STORE = "keep_store", N_("管理积分超市")
    REDEEM = "redeem", N_("办理兑换")
    EXPORT = "export", N_("导出")
    VIEW_AUDIT = "view_audit", N_("查看操作记录")


def _posts(*kinds: PostKind) -> frozenset[PostKind]:
    return frozenset(kinds)


_GW, _REC, _SUP = PostKind.GRID_WORKER, PostKind.RECORDER, PostKind.SUPERVISOR
_PANEL, _COM, _STORE = PostKind.PANEL_MEMBER, PostKind.COMMITTEE, PostKind.STOREKEEPER
_TOWN, _COUNTY, _AUD = PostKind.TOWNSHIP, PostKind.COUNTY, PostKind.AUDITOR

# Separation of duties: whoever verifies does not decide, whoever decides does not hand out goods, and the auditor
# and the supervisor look but do not write. The panel decides; the committee posts, answers and finalises.
ALLOWED: dict[Action, frozenset[PostKind]] = {
    Action.VIEW_DESK: _posts(_GW, _REC, _SUP, _PANEL, _COM, _STORE, _TOWN, _COUNTY, _AUD),
    Action.IMPORT_HOUSEHOLDS: _posts(_REC, _COM, _TOWN),
    Action.MANAGE_HOUSEHOLDS: _posts(_REC, _COM, _TOWN),
    Action.VIEW_HOUSEHOLDS: _posts(_GW, _REC, _SUP, _PANEL, _COM, _STORE, _TOWN, _COUNTY, _AUD),
    Action.UNMASK_PERSON: _posts(_GW, _REC, _COM, _TOWN),
    Action.MANAGE_AREAS: _posts(_TOWN, _COUNTY),
    Action.MANAGE_POSTS: _posts(_TOWN, _COUNTY),
    Action.MANAGE_SCHEMES: _posts(_COM, _TOWN, _COUNTY),
    Action.ACTIVATE_SCHEME: _posts(_COM, _TOWN),
    Action.FILE_CLAIM_FOR_OTHERS: _posts(_GW, _REC),
    Action.KEY_IN_CLAIMS: _posts(_REC),
    Action.VERIFY_CLAIM: _posts(_GW),
    Action.HOLD_MEETING: _posts(_REC, _PANEL, _COM),
    Action.DECIDE_CLAIM: _posts(_PANEL),
    Action.TELL_FAULT: _posts(_GW, _REC, _COM),
    Action.POST_NOTICE: _posts(_REC, _COM),
    Action.ANSWER_OBJECTION: _posts(_COM, _TOWN),
    Action.FINALISE_NOTICE: _posts(_COM),
    Action.SETTLE: _posts(_COM, _TOWN),
    Action.VIEW_LEDGER: _posts(_GW, _REC, _SUP, _PANEL, _COM, _TOWN, _COUNTY, _AUD),
    Action.KEEP_STORE: _posts(_STORE, _COM),
    Action.REDEEM: _posts(_STORE),
    Action.EXPORT: _posts(_REC, _SUP, _COM, _TOWN, _COUNTY, _AUD),
    Action.VIEW_AUDIT: _posts(_SUP, _TOWN, _COUNTY, _AUD),
}

# A township fills the posts of its villages; who serves the township or the county, or audits them, the county names.
NAMED_BY_COUNTY: frozenset[PostKind] = _posts(_TOWN, _COUNTY, _AUD)
