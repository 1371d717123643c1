"""Fixtures of the domain tests: the named county."""

from __future__ import annotations

import pytest

from tests.county import County, make_county


@pytest.fixture
def county(in_kept_county: County | None, db: None) -> County:
    """Two small villages that adopted the scheme from 1 January 2026; what the test does to them is taken back."""
    return in_kept_county or make_county()
