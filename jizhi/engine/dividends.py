"""A pool of money split by points: largest remainder, to the fen, nothing lost and nothing made.

The general form of the stage `share`, for a pool with its own resolution: by members, with a floor and a cap for each
household and a reserve. It knows no scheme and no period; whoever calls it passes points that were settled before.
What a cap takes from one household goes to the others of its group; what nobody may take comes back as undistributed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jizhi.engine.document.base import Portion
from jizhi.engine.document.text import Text


class UnusableDividend(ValueError):
    """A pool that cannot be split so; `message` says why in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.message = Text(zh=zh, en=en)
        super().__init__(zh)


@dataclass(frozen=True, slots=True)
class Claimant:
    """A household with its settled points in hundredths."""

    subject: str
    group: str = ""
    points: int = 0
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """How a pool is split: points count above `from_`, money in fen is per household.

    `floor` is the least for everybody who has points above `from_`, `cap` the most; `reserve` is the percentage of
    the pool that stays back, rounded down.
    """

    from_: int = 0
    per_member: bool = False
    floor: int = 0
    cap: int | None = None
    reserve: Portion | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one household gets; `bound` is `floor` or `cap` where that decided, else empty."""

    subject: str
    group: str
    points: int
    weight: int
    fen: int
    bound: str = ""


@dataclass(frozen=True, slots=True)
class Dividend:
    """One group's pool: parts by subject, reserve and what could not be given add up to it."""

    group: str
    pool: int
    parts: tuple[Part, ...]
    reserve: int
    undistributed: int


def largest_remainder(pool: int, weights: Mapping[str, int]) -> dict[str, int]:
    """The pool in whole fen by weights: everybody's share rounded down, what is left to the largest remainders.

    Equal remainders go to the lower key. A weight of 0 gets nothing. UnusableDividend for a negative pool or weight,
    and for money without any weight to split it by.
    """
    if pool < 0:
        raise UnusableDividend(f"资金不能为负：{pool} 分", f"a pool cannot be negative: {pool} fen")
    for key, weight in weights.items():
        if weight < 0:
            raise UnusableDividend(
                f"权重不能为负：{key} {weight}", f"a weight cannot be negative: {key} {weight}"
            )
    whole = sum(weights.values())
    if whole == 0:
        if pool:
            raise UnusableDividend("没有可据以分配的积分", "there are no points to split the pool by")
        return dict.fromkeys(weights, 0)
    parts = {key: pool * weight // whole for key, weight in weights.items()}
    rest = pool - sum(parts.values())
    for key in sorted(weights, key=lambda one: (-(pool * weights[one] % whole), one))[:rest]:
        parts[key] += 1
    return parts


def split(
    pool: int | Mapping[str, int], claimants: Iterable[Claimant], rule: Rule | None = None
) -> list[Dividend]:
    """The pools of all groups split, sorted by group; a number is a pool of that size for each group.

    A group of which nobody has points above `from_` keeps its pool as undistributed. UnusableDividend names the
    household or the group that stands in the way.
    """
    rule = rule or Rule()
    groups: dict[str, list[Claimant]] = {}
    seen: set[str] = set()
    for one in claimants:
        if one.subject in seen:
            raise UnusableDividend(f"出现了两次：{one.subject}", f"used twice: {one.subject}")
        seen.add(one.subject)
        groups.setdefault(one.group, []).append(one)
    if isinstance(pool, int):
        pools: Mapping[str, int] = dict.fromkeys(groups, pool)
    else:
        pools = pool
        for group in sorted(groups.keys() - pools.keys()):
            raise UnusableDividend(f"这个组没有资金：{group}", f"this group has no pool: {group}")
    return [_group(group, pools[group], groups.get(group, []), rule) for group in sorted(pools)]


def _group(group: str, pool: int, members: list[Claimant], rule: Rule) -> Dividend:
    """One group's pool."""
    if pool < 0:
        raise UnusableDividend(f"资金不能为负：{pool} 分", f"a pool cannot be negative: {pool} fen")
    reserve = _reserve(pool, rule.reserve)
    weights = {one.subject: weight for one in members if (weight := _weight(one, rule))}
    fen, bounds = _bounded(pool - reserve, weights, rule)
    parts = tuple(
        Part(one.subject, group, one.points - rule.from_, weights[one.subject], fen[one.subject], bound)
        for one in sorted(members, key=lambda one: one.subject)
        if one.subject in weights
        for bound in [bounds.get(one.subject, "")]
    )
    return Dividend(group, pool, parts, reserve, pool - reserve - sum(part.fen for part in parts))


def _reserve(pool: int, reserve: Portion | None) -> int:
    if reserve is None:
        return 0
    if not reserve.percent:
        raise UnusableDividend(
            f"预留要写百分比，如 10%：{reserve}", f"a reserve is a percentage such as 10%: {reserve}"
        )
    return reserve.of(pool)


def _weight(one: Claimant, rule: Rule) -> int:
    """Points above `from_`, times the members where those count; nothing for whoever has none."""
    points = max(0, one.points - rule.from_)
    if not rule.per_member or not points:
        return points
    if one.size is None:
        raise UnusableDividend(
            f"按人口分配，但没有家庭人口数：{one.subject}",
            f"split by members, but the size is missing: {one.subject}",
        )
    return points * max(0, one.size)


def _bounded(pool: int, weights: dict[str, int], rule: Rule) -> tuple[dict[str, int], dict[str, str]]:
    """Parts in proportion, none below the floor or above the cap, and who is held by which.

    Whoever would fall out of the bounds is set on the bound and the rest is split anew. Floors lift first when lifting
    takes more than capping gives back, caps otherwise: this order never has to free anybody again.
    """
    if rule.cap is not None and rule.cap < rule.floor:
        raise UnusableDividend(
            f"封顶 {rule.cap} 分低于保底 {rule.floor} 分",
            f"the cap of {rule.cap} fen lies below the floor of {rule.floor} fen",
        )
    if pool < rule.floor * len(weights):
        raise UnusableDividend(
            f"资金 {pool} 分不够 {len(weights)} 户每户保底 {rule.floor} 分",
            f"{pool} fen are not enough for {len(weights)} households with a floor of {rule.floor} fen each",
        )
    fixed: dict[str, int] = {}
    bounds: dict[str, str] = {}
    free = dict(weights)
    while free:
        rest, whole = pool - sum(fixed.values()), sum(free.values())
        lifted = {
            key: rule.floor * whole - rest * one
            for key, one in free.items()
            if rest * one < rule.floor * whole
        }
        capped = {
            key: rest * one - rule.cap * whole
            for key, one in free.items()
            if rule.cap is not None and rest * one > rule.cap * whole
        }
        if not lifted and not capped:
            return fixed | largest_remainder(rest, free), bounds
        balance = sum(lifted.values()) - sum(capped.values())
        for key in [*(lifted if balance >= 0 else ()), *(capped if balance <= 0 else ())]:
            bounds[key] = "floor" if key in lifted else "cap"
            fixed[key] = rule.floor if key in lifted else rule.cap or 0
            del free[key]
    return fixed, bounds
