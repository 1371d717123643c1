"""Fixtures of the domain tests: the named county."""

import pytest

from tests.county import County, make_county


@pytest.fixture
def county(db: None) -> County:
    """Two small villages that adopted the scheme from 1 January 2026."""
    return make_county()
