"""What the guard recognises however it is written, and what real rule tables say that it must let pass.

Each line is the title of an item (`+` merit, `-` fault, `!` veto) or of an outcome (`>`).
"""

from __future__ import annotations

from typing import Any

import pytest

from jizhi.engine import guard
from jizhi.engine.document.scheme import Scheme

KINDS = {"+": "merit", "-": "fault", "!": "veto"}


def codes(line: str, *, subject: str = "household", **more: Any) -> list[str]:
    sign, title = line[0], line[1:].strip()
    plain: dict[str, Any] = {"scheme": "x", "subject": subject}
    one: dict[str, Any] = {"id": "i", "title": title, "reference": "第一条"}
    if sign == ">":
        plain["outcomes"] = [one | {"when": {"period": "month"}, "then": "talk"} | more]
    else:
        what = {"effect": {"zero": "year"}} if sign == "!" else {"points": "5"}
        plain["items"] = [one | {"kind": KINDS[sign]} | what | more]
    return [problem.code for problem in guard.check(Scheme.model_validate(plain))]


REFUSED = {
    "petition": """
        - 越级上访
        - 进京访
        - 到信访局反映问题
        - 拨打12345热线
        - 拨打１２３４５
        - 向上级投诉村干部
        - 举报村干部
        - 上 访
        - 上·访
        - 上-访
        - 上​访
        - “上”“访”
        - 上、访
        - 越級上訪、投訴
        - 網上發帖
        - 在微信群发表不当言论
        - 批评村委会
        - 在网上发布负面信息
        - 给差评
        - 到市里反映问题
        - 对村务提出质疑
        - 抖音曝光村里问题
        - 接受记者采访
        - 越级非访
        - 到法院起诉村委会
        - Petitioning the county
        - PETITION to higher levels
        - Ｐｅｔｉｔｉｏｎ
        - Hotline calls
        - Complaining about the committee
        - Criticising cadres
        - Posting online about the village
        ! 缠访闹访
        ! 非法上访
        + 全年无上访
        + 零信访户
        + 不越级上访
        + No petitions all year
    """,
    "app-use": """
        + 每日登录学习平台
        + 登 录 平台
        + 每天登陆APP
        + 阅读时长满30分钟
        + 点赞村级公众号文章
        + 点　赞
        + 點讚
        + 转发通知到朋友圈
        + 轉發文章
        + 关注村公众号
        + 下载安装国家反诈中心APP
        + 学习强国积分
        + 在线时长
        + 线上打卡
        + 平台签到
        + 微信运动步数达标
        + 收看党建直播
        + 群内回复收到
        + 打开小程序一次
        + Logging in every day
        + Log-in to the platform
        + Daily check-in
        + Reading time
        + Likes and reposts
        + Forwarding the newsletter
        + Sharing our posts
        + Online presence
        - 未转发通知
        - 不登录平台
    """,
    "fine": """
        + 积分抵缴罚款
        + 用积分抵罚款
        + 缴纳罚款换积分
        + 现金购买积分
        + 花钱买分
        + 积分充值
        + 10元兑换1积分
        + 交100元加10分
        + 用积分抵扣罚单
        - 乱倒垃圾罚款50元
        - 违规停车并处罚款
        - 罰款五十元，處罰款
        + Buying points
        + Paying a fine with points
        + Top-up of points for cash
        > 积分可抵交通罚款
    """,
    "sensitive": """
        + 照顾患病邻居
        + 精神病人监护到位
        + 残疾人家庭就业
        + 癌症患者互助
        + 参加宗教活动
        + 信　教群众
        + 孕检按时参加
        + 采集血型和指纹
        + 接种新冠疫苗
        - 未成年子女违规骑车
        + 孩子被评为三好学生
        - 未成年人打架，公布未成年人姓名
        + Caring for the sick
        + Disabled household
        + HIV test taken
        + Church attendance
        + Pregnancy check
        + Fingerprint given
    """,
    "custom": """
        - 大操大办婚宴
        - 高价彩礼
        - 丧事铺张
        - 办酒席超过十桌
        - 随礼超标
        - 婚​宴超标
        - 喪葬浪費，喪事鋪張
        - Lavish weddings
        - Costly funeral
    """,
    "lawful-rights": """
        > 取消低保
        > 停发惠农补贴
        > 暂缓办理户口证明
        > 不予享受医疗救助
        > 取消年底集体收益分配
        > 取消選舉資格，停發補貼
        > 子女入学受限
        > 低保与积分挂钩
        > 停发 粮补
        > 停水停电
        > 不给盖章办证
        > 收回承包田
        > 取消福利
        > 取消村民待遇
        > Suspension of welfare
        > 扣发养老金
        > Allowance withheld
        > Cut off from subsidies
        > No medical care
        > Loses the right to vote, no vote
        > Barred from social insurance
    """,
    "person-blacklist": """
        > 列入黑名单
        > 黑榜公示
        > 黑 榜
        > 紅黑榜、曝光臺曝光
        > 末位通报
        > 后进户公示
        > 低分户名单上墙
        > 后进户亮黄牌
        > Worst households posted
        > 失信名单
        > Blacklist
        > Black-listed households
        > Name and shame
    """,
}
LET_PASS = """
    + 志愿服务
    + 参加技能培训
    + 参加拥军活动
    + 帮助非亲属满六个月
    + 庭院清洁户（按人口每季度）
    + 公益捐赠
    + 拾金不昧
    + 合理化建议被采纳
    + 让出土地用于公益建设
    + 主动拆除自家违建
    + 修缮公共设施
    + 为集体增收
    + 国家级表彰
    + 应征入伍
    + 采集员年度合格
    + 婚事新办、丧事简办
    + 不要彩礼
    + 调解邻里纠纷
    + 化解信访积案
    + 举报非法采砂受到表扬
    + 参加村民会议，怎样表决不影响积分
    + 关注留守老人
    + 公益捐赠，每100元计1分
    + 停水期间为邻居送水
    + 经验分享会
    + 农家书屋阅读活动
    + 志愿者注册
    + 会议签到
    + 无偿献血
    + 返乡大学生创业
    + 宣传医保政策
    + 参加抢险救灾，表现突出
    + 接受电视台采访宣传本村
    + Coming forward to help, and the like
    + Voluntary labour on roads, ditches and the like
    - 乱倒垃圾
    - 占道经营、乱贴广告
    - 污水直排
    - 焚烧秸秆
    - 果园地膜不回收
    - 毁坏绿化
    - 打架斗殴
    - 养犬不拴绳
    - 偷盗庄稼
    - 参与赌博
    - 辱骂工作人员
    - 滥伐林木
    - 擅自翻建
    - 野外用火引发火情
    - 阻挠公共工程施工
    - 不赡养父母
    - 不履行集体合同
    - 骗取补贴
    - 骗取低保
    - 采集员弄虚作假
    - 代表无故缺席
    - 不履行异议答复职责
    - 泄露隐私
    - 打击报复举报人
    - 群众投诉未及时处理
    - 12345工单超期未办结
    - 被通报批评
    - 对来访群众态度生硬
    - 受到公开批评
    - 被公安机关处以罚款
    - 被检察机关起诉
    - 被群众投诉并查实
    - 发现隐患未及时反映情况
    - 交通罚单逾期未缴
    - 墓地用火引发火情
    - 参与封建迷信
    + 庙会志愿服务
    + 乘车主动投币
    + Checking in on elderly neighbours
    + Check in on the elderly
    + Temple fair volunteers
    + Acting in good faith
    - 造谣传谣
    - 醉酒滋事
    - 飞线充电
    - 入户走访不到位
    - 无故缺席三会一课
    - 党费未按时交纳
    - 诫勉谈话
    - 群众满意率低于85%
    - Complaints not answered in time
    - Retaliation against whistleblowers
    ! 伪造材料骗取积分
    ! 骗取集体或惠民资金
    ! 拒不履行赡养义务
    > 星级文明户
    > 优先推荐参军、入党
    > 上门提醒帮扶，不公示
    > 提醒谈话
    > 后进户结对帮扶
    > 低分户上门走访
    > 年度星级户奖品
    > 积分分红
    > 免费体检一次
    > 取消评优资格
    > 取消评优，不影响低保和补贴
    > Recommended first
    > Barred from awards; subsidies are never affected
"""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize(
    ("code", "line"), [(code, line) for code, text in REFUSED.items() for line in _lines(text)]
)
def test_it_is_recognised(code: str, line: str) -> None:
    assert codes(line) == [code]


@pytest.mark.parametrize("line", _lines(LET_PASS))
def test_it_is_let_pass(line: str) -> None:
    assert codes(line) == []


@pytest.mark.parametrize(
    "line",
    [
        "- 家属参与赌博",
        "- 子女违法",
        "- 爱人酒驾",
        "- 父母私搭乱建",
        "- 家 属 违 规",
        "- 家屬違法",
        "- 一人违规全家扣分",
        "- A relative's offence",
        "- Husband caught gambling",
    ],
)
def test_a_relatives_fault(line: str) -> None:
    assert codes(line, subject="person") == ["family-liability"]
    assert codes(line, subject="household") == []
