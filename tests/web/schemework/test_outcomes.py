"""Outcomes, rank, share and term in forms: one change of the text each, in place, and what is wrong is said."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from jizhi.drafting.rules import PART_KEYS, Deed
from jizhi.engine import editing, loader
from jizhi.engine.document.outcome import ACTIONS
from jizhi.engine.editing import written
from jizhi.web.schemework.templatetags import schemework
from tests.web.schemework.test_editor import at, filled, text_of


def test_the_form_knows_every_action_of_the_language() -> None:
    assert set(schemework.ACTIONS) == set(ACTIONS)


def test_every_key_of_the_language_has_its_page() -> None:
    """What is on no page stands in the text alone: the items have pages of their own, the name never changes."""
    on_pages = {key for keys in PART_KEYS.values() for key in keys}
    assert on_pages | {"scheme", "items"} == set(written.SCHEME_KEYS)


def test_every_outcome_opens_in_its_form_and_saving_it_changes_nothing(client: Any, draft: Any) -> None:
    before = text_of(draft)
    outcomes = loader.load_scheme(before).outcomes
    assert len(outcomes) > 3
    for one in outcomes:
        address = f"{at('outcome', draft)}?outcome={one.id}"
        answer = client.post(address, filled(client.get(address)))
        assert answer.status_code == 302, (one.id, answer.context["form"].errors)
    assert text_of(draft) == before and draft.saves.count() == 1


def commented(client: Any, draft: Any) -> str:
    """The draft with a remark in front of and inside the outcomes."""
    text = text_of(draft).replace("outcomes:\n", "# 村里的说明：表彰在腊月\noutcomes:\n  # 先写星级户\n", 1)
    answer = client.post(at("source", draft), {"number": 1, "source": text})
    assert answer.status_code == 302
    return text_of(draft)


def test_one_outcome_is_changed_where_it_stands(client: Any, draft: Any) -> None:
    before = commented(client, draft)
    address = f"{at('outcome', draft)}?outcome=year-prize"
    sent = filled(
        client.get(address), reward="大米一袋", total_from="150", running="2", level=["五星", "四星"]
    )
    assert client.post(address, sent).status_code == 302
    after = text_of(draft)
    assert "# 村里的说明：表彰在腊月" in after and "# 先写星级户" in after
    one = next(one for one in loader.load_scheme(after).outcomes if one.id == "year-prize")
    assert one.then.reward and one.then.reward.zh == "大米一袋"
    assert one.when.total and one.when.total.from_ == 15000
    assert one.when.level == ("五星", "四星") and one.when.running == 2
    changed = [line for line in after.splitlines() if line not in before.splitlines()]
    assert len(changed) <= 6, "nothing else was written anew"
    page = client.get(at("part", draft, "outcomes")).content.decode()
    assert "大米一袋" in page and "连续 2 期" in page
    saved = client.get(at("saves", draft)).content.decode()
    assert "修改了结果运用" in saved and "年度星级户奖品" in saved and at("saves_export", draft) in saved
    book = openpyxl.load_workbook(io.BytesIO(client.get(at("saves_export", draft)).content)).active
    assert any("修改了结果运用 年度星级户奖品" in str(row[1]) for row in book.iter_rows(values_only=True))


def test_a_new_one_is_moved_and_taken_away_again(client: Any, draft: Any) -> None:
    before = text_of(draft)
    new = at("outcome_new", draft)
    page = client.get(new)
    refused = client.post(new, filled(page, title="低分谈心", action="fact"))
    assert refused.status_code == 422 and "低分谈心" in refused.content.decode()
    assert client.post(new, filled(page, title="低分谈心", total_below="六十")).status_code == 422
    sent = filled(
        page, title="低分谈心", title_en="A talk", period="quarter", total_below="60", action="talk"
    )
    assert client.post(new, sent).status_code == 302
    last = loader.load_scheme(text_of(draft)).outcomes[-1]
    assert (last.title.zh, last.then.action, last.when.period) == ("低分谈心", "talk", "quarter")
    again = filled(client.get(new), title="又一条", id=last.id)
    assert "已有编号" in client.post(new, again).content.decode()
    number = draft.saves.count()
    client.post(at("outcome_moving", draft), {"number": number, "item": last.id, "steps": -1})
    assert loader.load_scheme(text_of(draft)).outcomes[-2].id == last.id
    removal = f"{at('outcome_removal', draft)}?outcome={last.id}"
    assert "低分谈心" in client.get(removal).content.decode()
    assert client.post(removal, {"number": number + 1, "item": last.id}).status_code == 302
    assert text_of(draft) == before
    assert client.get(f"{at('outcome', draft)}?outcome={last.id}").status_code == 404
    deeds = draft.saves.order_by("number").values_list("deed", "about")[1:]
    assert list(deeds) == [
        (Deed.OUTCOME_ADDED, "低分谈心"), (Deed.OUTCOME_MOVED, last.id), (Deed.OUTCOME_REMOVED, last.id),
    ]  # fmt: skip
    client.cookies["django_language"] = "en"
    history = client.get(at("saves", draft)).content.decode()
    assert "Outcome added" in history and "Outcome removed" in history and "结果运用" not in history


def test_one_that_cannot_be_read_is_called_an_outcome(client: Any, draft: Any) -> None:
    one = loader.load_scheme(text_of(draft)).outcomes[0].id
    text = editing.set_value(text_of(draft), ("outcomes", 0, "nonsense"), "1")
    client.post(at("source", draft), {"number": 1, "source": text})
    page = client.get(f"{at('outcome', draft)}?outcome={one}").content.decode()
    assert "这条结果运用的写法有错误" in page and "条目的写法有错误" not in page


def test_the_last_outcome_takes_its_key_along(client: Any, draft: Any) -> None:
    for number, one in enumerate(loader.load_scheme(text_of(draft)).outcomes, 1):
        sent = {"number": number, "item": one.id}
        assert client.post(f"{at('outcome_removal', draft)}?outcome={one.id}", sent).status_code == 302
    assert "outcomes" not in text_of(draft) and not loader.load_scheme(text_of(draft)).outcomes
    assert "还没有结果运用" in client.get(at("part", draft, "outcomes")).content.decode()


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_every_action_can_be_written(client: Any, draft: Any, action: str) -> None:
    sent = {
        "title": "一条",
        "action": action,
        "bar": "评优、入党",
        "bar_for": "1 year",
        "reward": "米",
        "list": "红榜",
    }
    kept = {"bar": ("bar", "bar_for"), "reward": ("reward",), "list": ("list",), "fact": ()}.get(action, ())
    data = {"title": "一条", "action": action} | {name: sent[name] for name in kept}
    if action == "fact":
        data |= {"fact_scheme": "party", "fact_item": "bonus"}
    new = at("outcome_new", draft)
    assert client.post(new, filled(client.get(new), **data)).status_code == 302
    then = loader.load_scheme(text_of(draft)).outcomes[-1].then
    assert then.action == action
    assert (then.bar, str(then.for_) if then.for_ else "") == (
        (("评优", "入党"), "1 year") if action == "bar" else ((), "")
    )


def key_form(page: Any, key: str) -> dict[str, Any]:
    form = next(one for one in page.context["extras"] if one.key == key)
    return {field.html_name: field.value() for field in form if field.value() not in (None, "")}


def test_rank_share_and_term_have_forms(client: Any, draft: Any) -> None:
    before = commented(client, draft)
    levels, frame = at("part", draft, "levels"), at("part", draft, "frame")
    for address, key in ((levels, "rank"), (frame, "share"), (frame, "term")):
        assert client.post(address, key_form(client.get(address), key)).status_code == 302
    assert text_of(draft) == before, "sent as it was, it changes nothing"
    rank = key_form(client.get(levels), "rank") | {"within": ["all"], "tie_1": "awarded", "tie_2": "size"}
    assert client.post(levels, rank | {"tie_2": "awarded"}).status_code == 422
    assert client.post(levels, rank).status_code == 302
    share = key_form(client.get(frame), "share") | {"period": "year", "above": "100", "pool": "1234567.89"}
    for wrong in ("五千", "-5", "5000.505"):
        refused = client.post(frame, share | {"pool": wrong})
        assert refused.status_code == 422 and wrong in refused.content.decode()
    assert client.post(frame, share).status_code == 302
    term = key_form(client.get(frame), "term") | {"starts": "2026-01-01", "years": "3"}
    assert client.post(frame, term).status_code == 302
    after = text_of(draft)
    scheme = loader.load_scheme(after)
    assert (scheme.rank.within, scheme.rank.tie_break) == (("all",), ("awarded", "size"))
    assert scheme.share and (scheme.share.from_, scheme.share.pool, scheme.share.within) == (
        10_000, 123_456_789, ("group",)
    )  # fmt: skip
    assert (str(scheme.term.starts), scheme.term.years) == ("2026-01-01", 3)
    assert "# 村里的说明：表彰在腊月" in after
    assert key_form(client.get(frame), "share")["pool"] == "1234567.89"
    assert client.post(frame, key_form(client.get(frame), "share") | {"period": ""}).status_code == 302
    assert loader.load_scheme(text_of(draft)).share is None


def test_others_do_not_reach_it(draft: Any, client_as: Any, county: Any) -> None:
    stranger = client_as(county.other.staff["committee"])
    for name in ("outcome_new", "outcome", "outcome_removal"):
        assert stranger.get(at(name, draft)).status_code == 404
    assert client_as(county.home.staff["recorder"]).get(at("outcome_new", draft)).status_code == 403
    assert stranger.get(reverse("schemework:part", args=[draft.pk, "outcomes"])).status_code == 404
