"""What may be claimed, in words: the items of a scheme for whoever is about to claim, and the way back from a fact.

The words come from the document itself; nothing here prices anything.
"""

import datetime as dt
from collections.abc import Collection

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.claims import models, rules
from jizhi.engine import describe, tables
from jizhi.engine.document.item import Item
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.document.section import Section
from jizhi.engine.stages.price import price
from jizhi.ledger import selectors as ledger
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews import selectors as reviews
from jizhi.schemes import selectors as schemes


def items_to_claim(
    village: Area, scheme: str, channel: rules.Channel, *, on: dt.date
) -> list[tuple[Section | None, list[Item]]]:
    """What may be claimed this way on a day, by section in the document's order. Raises schemes.NotInForce."""
    return items_of(schemes.scheme_on(village, scheme, on), channel)


def items_of(document: Scheme, channel: rules.Channel) -> list[tuple[Section | None, list[Item]]]:
    """What a document lets one claim this way, by section in its order."""
    groups: dict[str, list[Item]] = {section.id: [] for section in document.sections}
    for item in document.items:
        if not rules.CHANNEL_OF_ITEM[channel] or rules.CHANNEL_OF_ITEM[channel] in item.claim:
            groups.setdefault(item.section, []).append(item)
    return [(document.section(name), items) for name, items in groups.items() if items]


def points_words(item: Item, language: str) -> str:
    """What an item earns or costs, with its limits, in `zh…` or `en…`."""
    return describe.points(item, language)


def unit_words(item: Item, language: str) -> str:
    """The word of an item's quantity; empty where it takes none."""
    return describe.word(item.unit_word, language) if item.needs == "quantity" else ""


def grade_choices(item: Item, language: str) -> list[tuple[str, str]]:
    """The grades of an item as a form offers them: key, and words with their points."""
    return describe.grades(item, language)


def claim_of_fact(fact_id: int) -> int | None:
    """The number of the claim that led to a fact, if one did."""
    return models.Claim.objects.filter(fact_id=fact_id).values_list("id", flat=True).first()


def photos_of_claims(claim_ids: Collection[int]) -> dict[int, list[int]]:
    """The numbers of the photos of each claim on a list the user may see; one query."""
    found: dict[int, list[int]] = {}
    rows = models.Evidence.objects.filter(claim_id__in=claim_ids, kind=rules.EvidenceKind.PHOTO).order_by(
        "id"
    )
    for claim_id, number in rows.values_list("claim_id", "id"):
        found.setdefault(claim_id, []).append(number)
    return found


def may_verify(user: User, claim: models.Claim, on: dt.date) -> bool:
    """Whether the user's post lets them verify or return this claim."""
    return posts.can(user, Action.VERIFY_CLAIM, claim.area, on)


def price_of(claim: models.Claim, item: Item) -> int:
    """The price of a claim in hundredths before repeats and limits, negative for a fault."""
    fact = tables.Fact(
        fact=0, subject=claim.subject.key, item=claim.item, date=claim.act_date, quantity=claim.quantity,
        grade=claim.grade or None, given=claim.given,
    )  # fmt: skip
    return price(item, fact, claim.subject.size, places=2)


def who_acted(fact_id: int) -> frozenset[int]:
    """The users who had a hand in a fact: filed or verified the claim, voted on it, or took the decision down.

    A corrected fact stands on the decision of the one before, and on whoever brought that one forward.
    """
    decision = ledger.fact(fact_id).decision_number
    acted = set(reviews.deciders(decision)) if decision else set()
    number: int | None = fact_id
    while number is not None:
        row = models.Claim.objects.filter(fact_id=number).first()
        if row is None:
            break
        acted |= who_acted_on(row)
        number = rules.corrected_fact(row.request_key)
    return frozenset(acted)


def who_acted_on(row: models.Claim) -> frozenset[int]:
    """The users who had a hand in a claim, decided either way."""
    deciders = reviews.deciders_of_case(row.case_id) if row.case_id else frozenset()
    return deciders | {row.filed_by_id} | ({row.verified_by_id} if row.verified_by_id else set())
