"""Who would join or leave a scheme of persons or organisations if the registers were followed now."""

import datetime as dt

from django.db.models import F, Q

from jizhi.activities.models import TeamMember
from jizhi.areas.models import Area
from jizhi.participants import selectors as participants
from jizhi.schemes import selectors as schemes


def team_members(village: Area) -> list[participants.Spell]:
    """Members of volunteer teams who are registered under their name in the household that the list names.

    Whoever left that household, or died, left the team with it.
    """
    member = "subject__household__memberships"
    rows = TeamMember.objects.filter(
        Q(to_date=None) | Q(to_date__gte=F(f"{member}__from_date")),
        Q(**{f"{member}__to_date": None}) | Q(**{f"{member}__to_date__gte": F("from_date")}),
        **{"village": village, f"{member}__person__name": F("name")},
    )
    fields = ("from_date", "to_date", f"{member}__from_date", f"{member}__to_date")
    person = f"{member}__person"
    found = []
    for holder, name, death, joined, left, begin, end in rows.values_list(
        person, "name", f"{person}__death_date", *fields
    ):
        first, last = max(joined, begin), min((day for day in (left, end, death) if day), default=None)
        if last is None or first <= last:
            found.append(participants.Spell(holder, name, first, last))
    return found


def pending(village: Area, scheme: str, on: dt.date) -> participants.Pending:
    """What following the registers would change. Raises schemes.NotInForce."""
    document = schemes.scheme_on(village, scheme, on)
    return participants.pending(village, document, on, team_members=brought(village, document))


def brought(village: Area, document: object) -> list[participants.Spell]:
    """The teams' members where the scheme enrols by teams."""
    enrol = getattr(document, "enrol", None)
    return team_members(village) if enrol is not None and enrol.teams else []
