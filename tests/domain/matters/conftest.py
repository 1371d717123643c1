"""The village in which the matters of these tests are reported and handled; nothing is asserted here."""

import pytest

from tests.county import County
from tests.domain.matters.world import Place, make_place


@pytest.fixture
def place(county: County) -> Place:
    """The named county with a grid leader."""
    return make_place(county)
