"""A neighbour claims through the page, under the database's own scope; the household sees by whom and takes it back."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import reverse

from jizhi.claims import selectors
from jizhi.claims.rules import Channel, ClaimState
from tests.web import shiqiao


def test_for_a_neighbour(mine: Any, theirs: Any, place: shiqiao.Village) -> None:
    assert "参加义务劳动" in mine.get(reverse("resident:witness")).content.decode()
    address = reverse("resident:witness_form", args=["voluntary-labour"])
    household = place.households["002"]
    sent = {
        "no": "002", "name": "某某", "consent": "当面说好的", "act_date": place.today.isoformat(), "words": "修渠",
        "request_key": str(uuid.uuid4()),
    }  # fmt: skip
    refused = mine.post(address, sent)
    assert refused.status_code == 422 and "对不上" in refused.content.decode()
    assert household.head_name not in refused.content.decode()
    assert mine.post(address, sent | {"name": household.head_name}).status_code == 302
    line = next(
        line for line in selectors.claims_of_subject(household.subject.pk) if line.channel is Channel.WITNESS
    )
    own = reverse("resident:claim", args=[line.id])
    assert mine.get(own).status_code == 404
    page = theirs.get(own).content.decode()
    assert "欧阳晓芸" in page and "当面说好的" in page and "撤回申报" in page
    theirs.post(reverse("resident:claim_withdrawal", args=[line.id]))
    states = {one.id: one.state for one in selectors.claims_of_subject(household.subject.pk)}
    assert states[line.id] is ClaimState.WITHDRAWN
