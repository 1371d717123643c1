"""The household book as the printed form wants it: in the reader's language, as far as the reader may see it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localdate

from jizhi.people import selectors as people
from jizhi.prints import forms, pdf
from jizhi.visits import selectors
from jizhi.web import booking, printouts
from jizhi.web.templatetags import jizhi as words

if TYPE_CHECKING:
    from jizhi.people.models import Household

VISITS_SHOWN = 24


def household_book(user: Any, household: Household, *, at: dt.datetime) -> bytes:
    """The book as PDF. The caller has found the household in the user's scope."""
    page = selectors.book_page(user, household, at=at)
    detail = people.household_page(user, household.pk, localdate(at))
    joint = ", " if words.in_english() else "、"
    visits = selectors.visits_of_household(household, limit=VISITS_SHOWN)
    return pdf.render(
        "household_book",
        forms.HouseholdBook(
            lang="en" if words.in_english() else "zh",
            code=f"HC-{household.pk}",
            issuer=printouts.committee(household.village),
            household_no=household.no,
            head=household.head_name,
            grid="" if household.area_id == household.village_id else words.named(household.area),
            address=household.address,
            phone=detail.line.phone,
            size=detail.line.size,
            classes=joint.join(words.say(one.title) for one in page.classes),
            printed_date=localdate(at),
            updated=words.moment(page.updated_at) if page.updated_at else "",
            filled=f"{page.filled.filled}/{page.filled.fields}",
            hidden=page.hidden,
            members=tuple(
                forms.BookMember(one.name, one.relation, one.id_number, one.phone) for one in detail.members
            ),
            sections=tuple(
                forms.BookPart(heading, tuple(forms.BookValue(title, value) for title, value in lines))
                for heading, lines in booking.sections_said(page)
            ),
            visits=tuple(
                forms.BookVisit(
                    localdate(one.visited_at),
                    words.label(one.how),
                    joint.join([*(words.label(topic) for topic in one.topics), *filter(None, [one.note])]),
                    one.by_name,
                )
                for one in visits
            ),
        ),
    )
