"""Masked forms of numbers that point at a person.

The whole number is shown only by a service that leaves an audit event.
"""


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
