"""Where a person belongs now, wherever that is: who may act on a person is asked of that place and no other."""

from jizhi.core import scope
from jizhi.people.models import Membership, Person


def latest_membership(person: Person) -> Membership | None:
    """The latest membership with its household and places, also where the reader sees only an earlier one.

    It is for checking permission; what a page shows is read within the reader's scope.
    """
    rows = Membership.objects.filter(person=person).select_related(
        "household__area", "household__village", "household__subject"
    )
    with scope.beyond("whoever moved away is looked after by the village of the latest membership"):
        return rows.order_by("-from_date", "-id").first()
