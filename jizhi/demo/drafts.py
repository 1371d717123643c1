"""A draft of the first village's committee, half way to the assembly: a few points changed, a case, a simulation."""

from __future__ import annotations

import datetime as dt

from jizhi.demo import setup
from jizhi.drafting import selectors, services
from jizhi.schemes import selectors as schemes

CHANGES = (
    ("public-cleaning", {"points": "3"}),
    ("voluntary-labour", {"points": "4"}),
    ("village-meeting", {"limits": [{"times": "1", "per": "month"}]}),
)
CASE = """- name: 清扫一次得三分
  scheme: household
  period: 2026-03
  input:
    facts: |
      subject | item            | date
      甲户    | public-cleaning | 2026-03-05
  output: {甲户: {total: 3}}
"""


def write_draft(part: setup.VillageParts, now: dt.datetime) -> None:
    """Through the services, as the committee would."""
    by, day = part.staff["committee"], now.date()
    (line,) = [one for one in schemes.version_list(by, on=day) if one.scheme == setup.SCHEME][:1]
    first = (day.replace(day=1) + dt.timedelta(days=62)).replace(day=1)
    draft = services.start_draft(
        area=part.area,
        applies_from_date=first,
        base=selectors.base_version(by, line.id, on=day),
        by=by,
        at=now,
    )
    for item, changed in CHANGES:
        page = selectors.draft_page(by, draft.pk, on=day)
        values = selectors.items.item_values(page, item)[0] | changed
        services.change_item(draft_id=draft.pk, number=page.number, item=item, values=values, by=by, at=now)
    services.add_case(
        draft_id=draft.pk, number=1 + len(CHANGES), case=CASE, name="清扫一次得三分", by=by, at=now
    )
    _simulate(part, draft.pk, now)


def _simulate(part: setup.VillageParts, draft_id: int, now: dt.datetime) -> None:
    by, day = part.staff["committee"], now.date()
    page = selectors.draft_page(by, draft_id, on=day)
    villages = selectors.simulated_villages(by, page, on=day)
    years = selectors.years_with_facts(villages, setup.SCHEME, day)
    if not years:
        return
    end = min(dt.date(years[0], 12, 31), day)
    asked = services.ask_simulation(
        draft_id=draft_id,
        villages=villages,
        from_date=dt.date(years[0], 1, 1),
        to_date=end,
        fen_per_point=100,
        by=by,
        at=now,
    )
    services.run_simulation(simulation_id=asked.pk, now=lambda: now)
