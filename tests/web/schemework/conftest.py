"""The named county with a year's facts, and a draft of the village's committee."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jizhi.demo.month import moment
from jizhi.drafting import services
from jizhi.schemes.models import SchemeVersion
from tests.county import County, make_county, posted

AT = moment(dt.date(2026, 6, 15), 9)


@pytest.fixture
def county(in_kept_county: County | None, db: None, clock: Any) -> County:
    return in_kept_county or make_county()


@pytest.fixture
def client(county: County, client_as: Any) -> Any:
    return client_as(county.home.staff["committee"])


@pytest.fixture
def draft(county: County) -> Any:
    """As the committee began it."""
    return services.start_draft(
        area=county.home.area, applies_from_date=dt.date(2026, 7, 1), base=SchemeVersion.objects.get(),
        by=county.home.staff["committee"], at=AT,
    )  # fmt: skip


@pytest.fixture
def facts(county: County) -> None:
    """Two households' acts."""
    posted(county, "voluntary-labour", dt.date(2026, 3, 5), subject=county.subject(0))
    posted(county, "patrol", dt.date(2026, 3, 6), subject=county.subject(1), quantity="4")
