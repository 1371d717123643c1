"""The sayings of which explanations are made, Chinese and English side by side; parts stand in braces."""

from __future__ import annotations

from jizhi.engine.document.text import Text

SAYINGS: dict[str, Text] = {
    "repeat": Text(
        zh="{date}已发生过（第{fact}号），按{factor}倍计 = {price}",
        en="done before on {date} (no. {fact}), times {factor} = {price}",
    ),
    "better": Text(
        zh="同一行为计第{fact}号“{title}”{price}{unit}，这一项不计",
        en="the same act counts as no. {fact}, {title}, {price} {unit}; this one does not",
    ),
    "cut": Text(
        zh="{name}：不计{amount}{unit}（{window}最多{cap}{unit}，此前已用{used}{unit}）",
        en="{name} keeps back {amount} (at most {cap} {window}, {used} used before)",
    ),
    "cut-times": Text(
        zh="{name}：不计{amount}{unit}（{window}最多{cap}次，此前已有{used}次）",
        en="{name} keeps back {amount} (at most {cap} times {window}, {used} before)",
    ),
    "wiped": Text(
        zh="第{fact}号“{title}”（{date}）一票否决，{window}清零",
        en="wiped out by the veto no. {fact}, {title}, of {date}: nothing counts {window}",
    ),
    "vetoes": Text(zh="一票否决：{window}清零", en="a veto: nothing counts {window}"),
    "reversed": Text(zh="已撤销，不计", en="taken back, does not count"),
    "no-version": Text(zh="当天细则尚未施行，不计", en="no version was in force on that day"),
    "no-item": Text(
        zh="当天施行的版本没有这一项，不计", en="the version in force on that day has no such item"
    ),
    "absent": Text(zh="不在册，不计", en="did not take part"),
    "class": Text(zh="这一项不适用于该类别，不计", en="the item is not for this class"),
    "days": Text(zh="{first}至{last}", en="from {first} to {last}"),
    "ever": Text(zh="累计", en="ever"),
    "version": Text(zh="{day}起施行的版本", en="the version in force from {day}"),
    "first-version": Text(zh="自始施行的版本", en="the version in force from the beginning"),
    "floor": Text(
        zh="低于{bound}{unit}按{bound}{unit}计，补{amount}{unit}", en="not below {bound}: {amount} added"
    ),
    "ceiling": Text(
        zh="高于{bound}{unit}按{bound}{unit}计，减{amount}{unit}", en="not above {bound}: {amount} taken off"
    ),
    "rank": Text(zh="{within}{members}个中第{rank}名", en="rank {rank} of {members} {within}"),
    "ties": Text(zh="，并列{same}个", en=", shared by {same}"),
    "tie-break": Text(zh="，同分依次看{columns}", en=", equals parted by {columns}"),
    "ruling": Text(
        zh="由第{fact}号“{title}”（{date}）直接定级", en="set by the ruling no. {fact}, {title}, of {date}"
    ),
    "level-from": Text(zh="总分{total}，不低于{bound}", en="the total {total} is at least {bound}"),
    "level-over": Text(zh="总分{total}，高于{bound}", en="the total {total} is more than {bound}"),
    "level-top": Text(
        zh="名次{rank}，在前{top}之内（{members}个中{places}个）",
        en="rank {rank} is among the first {top} ({places} of {members})",
    ),
    "level-rest": Text(zh="其余", en="all the others"),
    "met": Text(zh="符合", en="follows"),
    "unmet": Text(zh="不符合", en="does not follow"),
    "top": Text(zh="名次{found}（前{wanted}）", en="rank {found} (the first {wanted})"),
    "bottom": Text(zh="名次{found}（后{wanted}）", en="rank {found} (the last {wanted})"),
    "below": Text(zh="总分{found}（低于{wanted}）", en="total {found} (below {wanted})"),
    "from": Text(zh="总分{found}（不低于{wanted}）", en="total {found} (at least {wanted})"),
    "over": Text(zh="总分{found}（高于{wanted}）", en="total {found} (more than {wanted})"),
    "to": Text(zh="总分{found}（不高于{wanted}）", en="total {found} (at most {wanted})"),
    "level": Text(zh="等级{found}（{wanted}）", en="level {found} ({wanted})"),
    "vetoed": Text(zh="有一票否决（{wanted}）", en="vetoed ({wanted})"),
    "not-vetoed": Text(zh="无一票否决（{wanted}）", en="not vetoed ({wanted})"),
    "want-vetoed": Text(zh="要求有", en="asks for a veto"),
    "want-not-vetoed": Text(zh="要求无", en="asks for none"),
    "no-level": Text(zh="无", en="none"),
    "running": Text(zh="连续{count}期：{periods}", en="{count} periods running: {periods}"),
    "held": Text(zh="{period}成立", en="{period} held"),
    "not-held": Text(zh="{period}不成立", en="{period} did not hold"),
    "not-there": Text(zh="{period}不在册", en="{period} did not take part"),
    "not-listed": Text(zh="{period}未出总分", en="{period} has no totals"),
    "unsettled": Text(zh="此前未结算", en="nothing settled before"),
    "share": Text(
        zh="超过{above}{unit}的部分 {points} ÷ 全组 {whole} × {pool}分钱 = {exact}分钱",
        en="{points} above {above}, out of {whole} of the group, of {pool} fen = {exact} fen",
    ),
    "remainder": Text(
        zh="，余下的按零头大小分得{remainder}分钱 = {fen}分钱",
        en=", and {remainder} of what remained = {fen} fen",
    ),
}
WITHIN: dict[str, Text] = {
    "all": Text(zh="全部", en="of all"),
    "group": Text(zh="“{group}”组", en="in group {group}"),
    "class": Text(zh="{klass}", en="of class {klass}"),
    "one-group": Text(zh="全组", en="in the group"),
    "no-class": Text(zh="不分类别的", en="of no class"),
}
COLUMNS: dict[str, Text] = {
    "awarded": Text(zh="得分", en="points awarded"),
    "base": Text(zh="基础分", en="base points"),
    "size": Text(zh="人口", en="size"),
}
ACTIONS: dict[str, Text] = {
    "honour": Text(zh="表彰", en="an honour"),
    "recommend": Text(zh="推荐", en="a recommendation"),
    "talk": Text(zh="谈话", en="a talk"),
    "rectify": Text(zh="整改", en="rectification"),
    "reward": Text(zh="奖励", en="a reward"),
    "bar": Text(zh="取消资格", en="a bar"),
    "fact": Text(zh="联动计分", en="points under another scheme"),
    "list": Text(zh="列入名单", en="a list"),
}


def say(saying: str, language: str, /, **parts: object) -> str:
    """A saying with its parts filled in."""
    return SAYINGS[saying].say(language).format(**parts)
