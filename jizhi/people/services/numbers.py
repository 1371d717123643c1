"""A person's numbers with what is kept beside them for look-up: every writer of a person goes through here."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from jizhi.core import crypto, masking
from jizhi.core.errors import DomainError
from jizhi.people import rules


class MaskedNumber(DomainError):
    """A number with stars in it, which is not the one that is kept."""


def typed_phone(typed: str, kept: str | None = None) -> str:
    """The number that a form means: the kept one where its masked form was typed back. Raises MaskedNumber."""
    text = typed.strip()
    if "*" not in text:
        return text
    if kept and text == masking.mask_phone(kept):
        return kept
    raise MaskedNumber(_("号码里有星号：请填写完整的号码，不改的不用填。"), place="phone")


def of_id(id_number: str) -> dict[str, Any]:
    """The ID number with its blind index, and the index of what old and new numbers have in common."""
    number = "".join((id_number or "").split()).upper()
    return {
        "id_number": number or None,
        "id_index": crypto.blind_index(number) if number else None,
        "id_core_index": core_index(number),
    }


def core_index(number: str) -> str:
    """The blind index of what old and new numbers of a person have in common; empty where that is unknown."""
    core = rules.id_core(number)
    return crypto.blind_index(f"core:{core}") if core else ""


def of_phone(phone: str) -> dict[str, Any]:
    """The phone number with its blind index."""
    number = (phone or "").strip()
    return {"phone": number or None, "phone_index": phone_index(number)}


def phone_index(number: str) -> str:
    """The phone number's blind index; empty for none."""
    return crypto.blind_index(number) if number else ""
