"""A village of two grids with its grid workers in mid-June, and how a test records a visit there."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jizhi.posts.rules import PostKind
from jizhi.schemes import services as schemes
from jizhi.visits import services
from jizhi.visits.rules import How
from tests import factories as make

PACK = Path(__file__).parents[3] / "jizhi" / "packs" / "gaoyang"
JUNE = dt.date(2026, 6, 1)
EARLY = dt.datetime(2026, 6, 1, 8, tzinfo=make.SHANGHAI)


@dataclass
class Place:
    """The village and who works there."""

    village: Any
    grids: list[Any]
    homes: list[Any]
    worker: Any
    neighbour: Any
    recorder: Any
    committee: Any
    township: Any

    def visit(
        self, home: Any, *, how: How = How.HOME, by: Any = None, at: dt.datetime = make.AT, **more: Any
    ) -> Any:
        given = {"request_key": uuid.uuid4().hex} | more
        return services.record_visit(household=home, how=how, by=by or self.worker, at=at, **given)


@pytest.fixture
def place(db: None) -> Place:
    village = make.village(name="石桥村")
    county = village.parent.parent
    schemes.load_pack(folder=PACK, area=county, by=make.superuser(), at=make.AT)
    grids = [make.grid(village), make.grid(village)]
    homes = [make.household(grids[0], address=f"石桥路{n}号") for n in range(1, 9)]
    homes += [make.household(grids[1], address=f"柳湾路{n}号") for n in range(1, 4)]
    return Place(
        village, grids, homes,
        make.holder(PostKind.GRID_WORKER, grids[0]), make.holder(PostKind.GRID_WORKER, grids[1]),
        make.holder(PostKind.RECORDER, village), make.holder(PostKind.COMMITTEE, village),
        make.holder(PostKind.TOWNSHIP, village.parent),
    )  # fmt: skip
