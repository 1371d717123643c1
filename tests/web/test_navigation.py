"""The menu: who may open an entry is asked for each reader, which permission its page states is found out once."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import resolve, reverse

from jizhi.web import navigation
from tests.county import County, make_county


@pytest.fixture
def county(in_kept_county: County | None, db: None, clock: Any) -> County:
    return in_kept_county or make_county()


def test_what_a_page_states_is_found_out_once(county: County, client_as: Any, monkeypatch: Any) -> None:
    asked: list[str] = []

    def counted(address: str) -> Any:
        asked.append(address)
        return resolve(address)

    monkeypatch.setattr(navigation, "resolve", counted)
    navigation._stated.cache_clear()
    first = client_as(county.home.staff["committee"]).get(reverse("desk:todo")).content.decode()
    assert len(asked) == len(set(asked)) > 30
    asked.clear()
    second = client_as(county.home.staff["panel1"]).get(reverse("desk:todo")).content.decode()
    assert not asked
    entry = f'href="{reverse("schemework:drafts")}"'
    assert entry in first and entry not in second
