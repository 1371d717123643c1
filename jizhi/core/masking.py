"""Masked forms of numbers that point at a person.

The whole number is shown only by a service that leaves an audit event.
"""

import unicodedata

SHOWN_MAX = 7  # the digits that `mask_phone` leaves of a long number


def mask_id(number: str) -> str:
    """`130699198602168082` → `1306************82`: the region and the last two digits.

    Too short a text is hidden whole.
    """
    if len(number) < 10:
        return "*" * len(number)
    return number[:4] + "*" * (len(number) - 6) + number[-2:]


def mask_phone(number: str) -> str:
    """`19901993439` → `199****3439`; short (internal) numbers keep their last two digits."""
    if len(number) < 8:
        return "*" * max(0, len(number) - 2) + number[-2:] if number else ""
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def masked_phone(typed: str) -> str:
    """A number as somebody typed it, whole or masked already, with never more to see than `mask_phone` shows.

    Stars in it prove nothing: `13800001111*` is the whole number.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    if "*" in text and sum(sign.isdigit() for sign in text) <= SHOWN_MAX:
        return text
    return mask_phone(text.replace("*", ""))
