"""The county's tree: townships, villages, grids, auxiliary and micro grids, with codes that tell their parents."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from jizhi.areas.services import TreeArea
from jizhi.demo import cast
from jizhi.demo.county.scale import Scale, spread

COUNTY = ("130698", "演示大县", "Great Demo County")
TERRAIN = "坡沟湾桥塬滩洼岭营庄寨岗"


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the tree as the rest of the generator needs it."""

    code: str
    name: str
    village: str  # the code of its village, empty above


@dataclass(frozen=True, slots=True)
class Tree:
    """All places by storey, parents before children."""

    areas: list[TreeArea]
    townships: list[Place]
    villages: list[Place]
    grids: list[Place]
    auxiliary: list[Place]
    micro: list[Place]


def grow(scale: Scale) -> Tree:
    """The whole tree; the same scale gives the same tree."""
    code, name, name_en = COUNTY
    areas = [TreeArea(code=code, name=name, name_en=name_en, level="county")]
    tree = Tree(areas, [], [], [], [], [])
    root = [Place(code, name, "")]
    names = _names(random.Random("county"))
    _storey(
        tree.townships, areas, root, [scale.townships], "township", 3, lambda n: next(names) + "镇", "Town"
    )
    _storey(
        tree.villages, areas, tree.townships, spread(scale.villages, scale.townships), "village", 3,
        lambda n: next(names) + "村", "Village",
    )  # fmt: skip
    _below(tree.grids, areas, tree.villages, spread(scale.grids, scale.villages), "grid", "网格", "Grid")
    _below(
        tree.auxiliary,
        areas,
        tree.grids,
        spread(scale.auxiliary, scale.grids),
        "auxiliary",
        "辅助网格",
        "Auxiliary grid",
    )
    _below(
        tree.micro,
        areas,
        tree.auxiliary,
        spread(scale.micro, scale.auxiliary),
        "micro",
        "微网格",
        "Micro grid",
    )
    return tree


def _names(rng: random.Random) -> Iterator[str]:
    """Names of places out of a surname and a lie of the land, none twice: 何家湾, 唐家坡 …"""
    pairs = [f"{surname}家{land}" for surname in cast.SURNAMES for land in TERRAIN]
    rng.shuffle(pairs)
    return iter(pairs)


def _storey(found, areas, above, shares, level, digits, named, english) -> None:  # type: ignore[no-untyped-def]
    for parent, share in zip(above, shares, strict=True):
        for number in range(1, share + 1):
            code = f"{parent.code}{number:0{digits}d}"
            name = named(number)
            areas.append(
                TreeArea(
                    code=code,
                    name=name,
                    name_en=f"{english} {code[-digits:]}",
                    level=level,
                    parent=parent.code,
                )
            )
            found.append(Place(code, name, code if level == "village" else ""))


def _below(
    found: list[Place],
    areas: list[TreeArea],
    above: list[Place],
    shares: list[int],
    level: str,
    title: str,
    english: str,
) -> None:
    """Numbered parts of each place above."""
    for parent, share in zip(above, shares, strict=True):
        for number in range(1, share + 1):
            code = f"{parent.code}{number:02d}"
            name = f"第{number}{title}"
            areas.append(
                TreeArea(code=code, name=name, name_en=f"{english} {number}", level=level, parent=parent.code)
            )
            found.append(Place(code, name, parent.village or parent.code))
