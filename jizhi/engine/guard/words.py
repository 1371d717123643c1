"""By which words the guard recognises what the law forbids, and in which turns the same words are harmless.

Written for texts as `plain.py` makes them: simplified, half width, lower case. They name what real rule tables say; a
scheme that avoids them is not thereby lawful.
"""

from __future__ import annotations

import re

_GAP = r"[^,.;。;\n]"


_CHINESE: list[str] = []
_ENGLISH: list[str] = []


def _any(chinese: str, english: str, *, first: bool = True) -> re.Pattern[str]:
    """Chinese words anywhere, English ones from the beginning of a word; `first` for the first look, see the end."""
    if first:
        _CHINESE.append(chinese)
    _ENGLISH.append(english)
    return re.compile(rf"{chinese}|\b(?:{english})")


# What is said not to happen ("does not touch the allowance", "not posted"), and what an authority has done already.
SAFE = re.compile(
    r"(?:不得|不会|绝不|并不|从不|一律不|不再|不|无|未|勿)(?:影响|涉及|改变|触及|扣减|扣发|公示|公布|公开|点名|"
    r"列入|与[^,.;。;\n]{0,10}挂钩)"
    rf"{_GAP}*|(?:被|受到?){_GAP}{{0,10}}?罚(?:款|金)(?:处罚)?(?!{_GAP}{{0,6}}(?:抵|换|折|兑))|\b(?:never|not|nor|"
    rf"without) (?:affect|touch|chang|post|publish|nam|list|disclos){_GAP}*"
)

_RIGHTS_CN = (
    r"补贴|补助|低保|五保|特困|社保|社会保险|社会保障|养老|医保|医疗|新农合|救助|救济|优抚|抚恤|征地|拆迁补偿|"
    r"安置房|公租房|廉租房|危房改造|宅基地|承包地|承包权|土地|耕地|口粮田|股权|股份|(?<!积分)分红|集体收益|"
    r"收益分配|集体福利|粮补|地补|惠农|惠民|选举|选民|投票|表决权|被选举|入学|上学|升学|就学|高考|助学金|参军|征兵|"
    r"政审|户口|落户|证明|公共服务|供水|供电|退休金|抚养费|残疾补|高龄津贴|津贴|身份证|办证|盖章|承包田|责任田|"
    r"(?<!积分)福利|(?:村民|社员|集体|低保)待遇|贫困户资格|脱贫户"
)
_RIGHTS_EN = (
    r"subsid|social (?:insurance|security|welfare)|insurance|pension|medical|medicare|health ?care|land\b|farmland|"
    r"homestead|shares?\b|shareholding|dividend|votes?\b|voting|ballot|suffrage|election|welfare|allowance|"
    r"benefits?\b|relief|school|enrol|household registration|hukou|low income|minimum living|housing|"
    r"public services?|water supply|electricity"
)
RIGHTS = re.compile(rf"{_RIGHTS_CN}|\b(?:{_RIGHTS_EN})")
_WITHHOLD_CN = (
    r"取消|停止|停发|停办|停缴|停供|暂停|暂缓|缓发|缓办|不予|不发|不给|不能|不准|不再|不办|不享受|不纳入|禁止|扣发|"
    r"扣减|扣除|扣留|扣押|减发|减少|核减|限制|剥夺|不得|降低|受限|中止|终止|冻结|收回|挂钩|拒绝|剔除|清退|清除|"
    r"失去|丧失|没收"
)
_WITHHOLD_EN = (
    r"withh|withdr|cancel|stop|suspen|barred|bar from|den(?:y|ied)|los(?:e|es|ing)\b|no |cut|reduc|revok|remov|"
    r"exclu|ineligib|disqualif|forfeit|depriv|freez|terminat|refus|restrict|not eligible|without|linked to|tied to"
)
_NEAR = r"[^。;\n]"
WITHHELD = re.compile(
    rf"(?:停|断)(?:水|电|气)(?!期|时)|(?:{_WITHHOLD_CN}){_NEAR}{{0,10}}?(?:{_RIGHTS_CN})|"
    rf"(?:{_RIGHTS_CN}){_NEAR}{{0,10}}?(?:{_WITHHOLD_CN})|\b(?:{_WITHHOLD_EN}){_NEAR}{{0,40}}?\b(?:{_RIGHTS_EN})|"
    rf"\b(?:{_RIGHTS_EN}){_NEAR}{{0,40}}?\b(?:{_WITHHOLD_EN})"
)

PETITION = _any(
    r"上访|信访|访民|(?:缠|闹|越级?|非法?|进京|赴省|赴京|集体|群体|重复)访|投诉|举报|12345|12388|热线|告状|批评|"
    r"言论|发帖|跟帖|网上发布|网络发布|发布负面|负面言|负面信息|抱怨|发牢骚|申诉|检举|控告|差评|市长信箱|领导信箱|"
    r"留言板|爆料|接受采访|行政复议|(?:反映|越级反映)(?:问题|情况|诉求)|质疑|记者采访|(?:抖音|快手|媒体|网络)曝光|"
    r"行政诉讼|提起诉讼|打官司|起诉",
    r"petition|complain|hotline|critici[sz]|speech|free expression|whistle|blow the whistle|posting online|"
    r"online post|speak(?:ing)? out|grievance|appeal(?:ing|s)? to (?:higher|superior)|su(?:e|ing) the|lawsuit",
)
# The fault lies in how somebody else's complaint was met, or the criticism was suffered.
ANSWERED = re.compile(
    rf"(?:打击|报复|阻拦|拦截|压制|泄露|恐吓|威胁){_GAP}{{0,6}}(?:举报|信访|投诉|检举|控告|上访)人?|(?:投诉|信访|"
    rf"举报|热线|12345|上访|申诉){_GAP}{{0,8}}?(?:处理|办理|答复|回复|化解|受理|办结|反馈|响应|处置|不力|不及时|"
    rf"超期|逾期|推诿){_GAP}{{0,8}}|(?:不|未|没|瞒|漏)(?:有|按时|及时|主动|如实)?反映{_GAP}{{0,6}}|(?:被|"
    rf"遭){_GAP}{{0,8}}?(?:起诉|公诉|检举|举报|投诉|控告)|(?:通报|公开|点名|被|受到?|受过)批评|批评教育|"
    rf"critici[sz]ed by|retaliat\w* [^,.;\n]{{0,30}}(?:petition|complain|whistle)\w*|(?:unanswered|ignor\w+|"
    rf"not answer\w*|handl\w+|late \w* ?to) [^,.;\n]{{0,30}}(?:complaint|petition|hotline)\w*|(?:complaint|"
    rf"petition|hotline call)s? [^,.;\n]{{0,20}}(?:unanswered|not (?:answer|handl)\w*|handled|overdue|ignored)"
)
# Points for keeping silent are points off for speaking.
SILENCE = _any(
    r"(?:无|不|零|未|没有|息)(?:越级|非法|集体|重复|进京|发生|参与|去)?(?:上访|信访|非访|投诉|举报|缠访|闹访)(?!处|"
    r"办)",
    r"(?:no|zero|without) (?:petition|complaint|hotline)|never (?:petition|complain)",
)

_KIN = (
    r"(?:家属|子女|亲属|家人|家庭成员|配偶|爱人|老婆|老公|儿子|女儿|丈夫|妻子|父母|近亲|亲戚|兄弟|姐妹|孩子|孙子|"
    r"户内其他人)"
)
FAMILY = re.compile(
    rf"{_KIN}{_GAP}{{0,4}}(?:违|犯|被|有|参与|不|未|受|赌|吸|酒|闹|拒|乱|私|打架|偷)|株连|连坐|连带(?:扣分|责任)|"
    rf"一人{_GAP}{{0,6}}全家|\b(?:famil(?:y|ies)|relatives?|spouse|child(?:ren)?|sons?|daughters?|husband|wife|"
    rf"parents?|kin)(?:'s|s'|’s)? [^,.;\n]{{0,30}}(?:fault|violat|offen[cs]|crime|gambl|break|fail|commit|punish|"
    rf"litter|drunk|fight|refus)"
)
NOT_FAMILY = re.compile(
    r"不赡养|不孝|虐待|遗弃|家暴|殴打|support(?:ing)? (?:their |one's |one’s )?parents|abus|neglect"
)

APP = _any(
    r"登录|登陆|登入|日活|活跃度|(?:阅读|浏览|学习|观看|在线|使用)(?:时长|分钟)|阅读(?:打卡|量)|浏览(?:量|次数|"
    r"文章|新闻)|点赞|转发|转载|(?:分享|发)(?:到)?(?:朋友圈|微信群|链接)|刷(?:视频|屏|分|量)|关注(?:本村|村|县|镇|"
    r"官方|我们的?)?(?:公众号|视频号|抖音|微博)|(?:下载|安装|注册|绑定)[^,.;。;\n]{0,6}(?:app|小程序|客户端|公众号|"
    r"平台)|(?:app|小程序|客户端|平台)[^,.;。;\n]{0,4}(?:下载|安装|注册|打卡|签到)|(?:网上|线上|每日|手机)(?:打卡|"
    r"签到)|在线率|学习强国|观看视频|评论区|网评|跟评|集赞|微信运动|微信步数|(?:收看|观看)[^,.;。;\n]{0,4}直播|"
    r"点红心|回复收到|小程序[^,.;。;\n]{0,2}浏览|打开[^,.;。;\n]{0,3}(?:小程序|app)",
    r"apps?\b|log ?ins?\b|logging in\b|sign(?:ing)? in to|reading (?:time|minutes)|minutes online|likes\b|lik(?:e|"
    r"ing) (?:a |an |the |our )?(?:post|article|video|page|message)|(?:click|tap|press|giv)\w* (?:a )?like|"
    r"forwards\b|forward(?:ing|ed)?\b(?! (?:to|of))|repost|shar(?:e|ing) (?:a |an |the |our )?(?:posts?|articles?|"
    r"links?)|online (?:time|presence|activity|streak)|screen time|check ?in on (?:the |an? |our )?(?:app|platform|"
    r"phone|site)|daily (?:check ?in|sign ?in)|thumbs up|follow(?:ing)? (?:the |our )?(?:account|channel)",
)

FINE = _any(
    rf"(?:抵|缴|顶|代替|冲|兑|折|减免|免除|免交|免缴){_GAP}{{0,6}}罚(?:款|金|单)|"
    rf"罚(?:款|金|单){_GAP}{{0,6}}(?:抵|(?<!未)缴|换|折|兑|冲|减免)|"
    rf"(?:处以?|并处?|予以?|另)罚(?:款|金)?|罚款{_GAP}{{0,4}}\d|罚{_GAP}{{0,3}}\d+元|"
    rf"(?:花钱|交钱|现金|充值|购买|买|付费|缴费|交费|出钱|人民币|用钱){_GAP}{{0,6}}积分|"
    rf"积分{_GAP}{{0,3}}(?:充值|买卖|出售|转卖|有偿转让)|"
    rf"(?:花钱|交钱|现金|充值|缴费|交费|出钱|用钱){_GAP}{{0,6}}(?:补分|抵分|加分|免扣|抵扣|消分|销分)|"
    rf"元{_GAP}{{0,2}}(?:兑换|换|买|购){_GAP}{{0,3}}分|(?:交|缴)[\d一二三四五六七八九十百千]+元{_GAP}{{0,3}}分|"
    rf"以钱(?:抵|代|换)分|买分|(?:收取|缴纳|交纳|扣缴)罚(?:款|金)",
    r"(?:pay|settl|offset|redeem|exchang|instead of|waiv|against|toward)\w*[^,.;\n]{0,20}\bfines?\b|fines? (?:of|"
    r"may be|can be|paid|waived)|fined \d|(?:buy|sell|purchas)\w* points|points for (?:cash|money|sale)|top ?up|"
    r"cash for points|pa(?:y|id|ying) for points|money (?:buys|for points)",
    first=False,
)

SENSITIVE = _any(
    r"患病|患有|重病|大病|疾病|病史|病人|病患|患者|残疾|残障|智障|聋哑|盲人|癌|肿瘤|糖尿病|高血压|尘肺|癫痫|抑郁|"
    r"乙肝|肺结核|性病|梅毒|艾滋|精神病|精神障碍|传染病|怀孕|孕检|孕妇|流产|节育|结扎|避孕|人流|计划生育|不孕|宗教|"
    r"信教|教徒|礼拜|基督|天主|佛教|伊斯兰|道教|教堂|寺庙|清真|基因|dna|血型|指纹|人脸|虹膜|性取向|同性恋|性侵|"
    r"未成年(?:人|子女|孩子|学生)?(?:犯|违|吸|打|偷|不良|姓名)|学生成绩|三好学生|少先队|(?:中|小)学生(?:获奖|成绩|"
    r"姓名|违)|接种(?:新冠|流感)?疫苗|孩子(?:逃学|成绩|考上|获奖)",
    r"disease|illness|ill\b|sick|diagnos|disab|hiv\b|aids\b|mental|cancer|diabet|depress|epilep|pregnan|abortion|"
    r"steriliz|contracept|religio|church|temple(?! fair)|mosque|christian|buddhis|muslim|genes?\b|genetic|dna\b|"
    r"blood (?:type|group)|fingerprint|biometric|facial|sexual|gay\b|lesbian|minor's|minors? (?:offen|crime|fault)|"
    r"pupils?\b|child's (?:grade|mark|name|exam)",
)

BLACK = _any(
    r"黑榜|黑名单|灰名单|黄榜|丑榜|白榜|曝光|差评榜|批评榜|通报批评|点名批评|点名通报|反面典型|亮丑|(?:亮|挂)(?:黄|"
    r"黑|红)?牌|示众|失信(?:人|户|名单)|老赖|耻辱",
    r"black ?list|name(?:d|s)? and shame|wall of shame|shaming|shame|bottom list|publicly (?:named|critici[sz]ed)|"
    r"disgrac|pillor",
)
# Words for those with few points; harmless as long as nobody posts them.
LOWLY = re.compile(
    r"后进|落后|末位|倒数|低分|问题户|不合格户|不文明户|\b(?:worst|loser|backward|laggard|low scor|lowest)"
)
POSTED = _any(
    r"公示|公布|公开|张贴|张榜|点名|喇叭|通报|上榜|榜单|名单|广播|上墙|展示",
    r"post(?:ed|ing)\b|publish|publicly|announc|public list|display|broadcast",
)
CUSTOM = _any(
    r"婚|丧事|丧葬|嫁|彩礼|喜事|白事|红事|红白|葬|宴席|宴请|酒席|办酒|随礼|份子|人情|升学宴|满月酒|祝寿",
    r"wedding|funeral|marriage|bride|dowry|burial|banquet",
)


def _heads(pattern: str) -> set[str]:
    """The characters with which a match of the pattern can begin; groups, `?` and look-behind are understood."""
    found: set[str] = set()
    for one in _alternatives(pattern):
        rest = re.sub(r"^\(\?<!.*?\)", "", one)
        end = _closing(rest) if rest.startswith("(?:") else 1
        found |= _heads(rest[3 : end - 1]) if rest.startswith("(?:") else {rest[0]}
        if rest[end : end + 1] == "?":
            found |= _heads(rest[end + 1 :])
    return found


def _alternatives(pattern: str) -> list[str]:
    """The parts between the bars that stand in no group."""
    found, depth = [""], 0
    for char in pattern:
        depth += (char == "(") - (char == ")")
        if char == "|" and not depth:
            found.append("")
        else:
            found[-1] += char
    return found


def _closing(pattern: str) -> int:
    """Where the group ends with which the pattern begins."""
    depth = 0
    for place, char in enumerate(pattern, 1):
        depth += (char == "(") - (char == ")")
        if not depth:
            return place
    raise ValueError(pattern)


# One look at a text tells whether any of these could be concerned; most texts are done with it.
_CONCERNED = "|".join((*_CHINESE, "罚|钱|元|充值|现金|买|卖|付费|缴费|交费|人民币"))
_CONCERNED_CN = re.compile(f"(?=[{re.escape(''.join(sorted(_heads(_CONCERNED))))}])(?:{_CONCERNED})")
_CONCERNED_EN = re.compile(rf"\b(?:{'|'.join(_ENGLISH)})")


def concerned(words: str) -> bool:
    """Whether any rule about words could have something to say."""
    return bool(_CONCERNED_CN.search(words) or _CONCERNED_EN.search(words))
