"""Who serves the county: five ranks on the grids, the villages' bodies, townships, the county and its auditor."""

from __future__ import annotations

import random
from collections.abc import Iterator

from jizhi.demo import cast
from jizhi.demo.county.tree import COUNTY, Tree
from jizhi.posts.rules import PostKind
from jizhi.posts.services import NewHolder

VILLAGE = (
    ("secretary", PostKind.SECRETARY), ("committee", PostKind.COMMITTEE), ("recorder", PostKind.RECORDER),
    ("supervisor", PostKind.SUPERVISOR), ("store", PostKind.STOREKEEPER),
)  # fmt: skip
GRIDS = (
    ("grids", "w", PostKind.GRID_WORKER), ("auxiliary", "a", PostKind.GRID_ASSISTANT),
    ("micro", "m", PostKind.MICRO_GRID_WORKER),
)  # fmt: skip


def holders(tree: Tree) -> Iterator[NewHolder]:
    """One account a person. The secretary leads the village's grids, so leaders are no further people."""
    rng = random.Random("staff")
    county = COUNTY[0]
    yield _holder(rng, "county", [(PostKind.COUNTY, county)])
    yield _holder(rng, "auditor", [(PostKind.AUDITOR, county)])
    for number, township in enumerate(tree.townships, 1):
        yield _holder(rng, f"town{number:02d}", [(PostKind.TOWNSHIP, township.code)])
        yield _holder(rng, f"head{number:02d}", [(PostKind.HEAD_GRID_LEADER, township.code)])
    for number, village in enumerate(tree.villages, 1):
        for name, kind in VILLAGE:
            posts = [(kind, village.code)]
            if kind is PostKind.SECRETARY:
                posts.append((PostKind.GRID_LEADER, village.code))
            yield _holder(rng, f"v{number:03d}-{name}", posts)
    for storey, letter, kind in GRIDS:
        for number, place in enumerate(getattr(tree, storey), 1):
            yield _holder(rng, f"{letter}{number:04d}", [(kind, place.code)])


def _holder(rng: random.Random, username: str, posts: list[tuple[PostKind, str]]) -> NewHolder:
    return NewHolder(
        username=username,
        display_name=cast.person_name(rng),
        work_phone=f"199{rng.randrange(10**8):08d}",
        posts=tuple(posts),
    )
