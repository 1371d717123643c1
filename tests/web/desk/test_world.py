"""The desk's tests stand on a world that works."""

import datetime as dt
from typing import Any

from jizhi.ledger import selectors as ledger


def test_a_claim_reaches_the_ledger(world: Any) -> None:
    claim = world.file(0, "voluntary-labour", dt.date(2026, 5, 4))
    world.approve(claim)
    (entry,) = ledger.entries_of_fact(claim.fact_id)
    assert entry.points == 500


def test_the_start_page_opens(as_: Any) -> None:
    assert as_("recorder").get("/desk/").status_code == 200
