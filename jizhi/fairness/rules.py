"""What is worth a second look, and whether chance explains it. Plain Python only; it accuses nobody."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from jizhi.core.text import N_, LabelledEnum

DRAWS = 999
SEED = 20_260_101
SMALL_VOTES = 20
SMALL_HOUSEHOLDS = 20
RARE = 50  # of a thousand draws
BULK = 10
ROUND = 10
NIGHT_FROM, NIGHT_TO = 22, 6
Z = 1.96
APART = 5  # percentage points; with thousands of votes hardly any difference is chance, and most say nothing


class Figure(LabelledEnum):
    """A pattern in the claims of a period."""

    CLOSE = "close", N_("评议成员或核实人自家和近亲属家的得分")
    OWN = "own", N_("参加表决的人自己提交的申报")
    NIGHT = "night", N_("夜间（22 点至 6 点）提交")
    ROUND = "round", N_("整十的数量或给分")
    PHOTO = "photo", N_("与别的申报用同一张照片")
    BULK = "bulk", N_("一分钟内成批表决")


MEANING = {
    Figure.CLOSE: N_("已记分的申报中，农户里住着评议成员、核实人或其近亲属的。"),
    Figure.OWN: N_("代为提交申报的人，也在这件申报上投了票，没有回避。"),
    Figure.NIGHT: N_("晚上补录很常见；集中在一个人或一个时段时值得问一问。"),
    Figure.ROUND: N_("数量或给分是十的整倍数，可能是估的。"),
    Figure.PHOTO: N_("同一张照片可以合理地证明几户一起做的事。"),
    Figure.BULK: N_("同一次会上一分钟内表决了十件以上。"),
}


class Reading(LabelledEnum):
    """What a figure says, in plain words."""

    SMALL = "small", N_("数量太少，说明不了什么")
    USUAL = "usual", N_("偶然就会这样")
    LOOK = "look", N_("不像偶然，值得看一看")


@dataclass(frozen=True, slots=True)
class Chance:
    """How many of `draws` random choices of as many households had at least as many points."""

    at_least: int
    draws: int


def chance(values: Sequence[int], chosen: Sequence[int], draws: int = DRAWS) -> Chance:
    """A permutation test: `chosen` are places in `values`, the points of every household. It gives the same twice."""
    have, rng = sum(values[place] for place in chosen), random.Random(SEED)  # noqa: S311 (no secret)
    count = len(chosen)
    return Chance(sum(sum(rng.sample(values, count)) >= have for _draw in range(draws)), draws)


def read_chance(found: Chance, households: int, close: int) -> Reading:
    """Rare is what at most one draw in twenty reaches; one or two households say nothing."""
    if households < SMALL_HOUSEHOLDS or close < 2:
        return Reading.SMALL
    return Reading.LOOK if found.at_least * 1000 <= RARE * found.draws else Reading.USUAL


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The interval in which a rate lies with 95 % confidence (Wilson); everything where nothing was tried."""
    if not trials:
        return 0.0, 1.0
    rate, square = successes / trials, Z * Z
    middle = rate + square / (2 * trials)
    spread = Z * math.sqrt(rate * (1 - rate) / trials + square / (4 * trials * trials))
    below = 1 + square / trials
    return max(0.0, (middle - spread) / below), min(1.0, (middle + spread) / below)


def read_rate(successes: int, trials: int, all_successes: int, all_trials: int) -> Reading:
    """Whether everybody's rate lies outside of this one's interval, and at least five points away."""
    if trials < SMALL_VOTES or not all_trials:
        return Reading.SMALL
    low, high = wilson(successes, trials)
    apart = 100 * abs(successes * all_trials - all_successes * trials) >= APART * trials * all_trials
    return Reading.LOOK if apart and not low <= all_successes / all_trials <= high else Reading.USUAL
