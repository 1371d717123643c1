"""Numbers that people write, type and scan: groups of digits with a check digit, so that a slip of the pen is noticed.

The check digit follows ISO 7064 MOD 11,10: every single wrong digit and nearly every swapped pair is found.
"""

import re
import unicodedata


def check_digit(body: str) -> str:
    """The digit that makes the number right."""
    rest = 10
    for digit in body:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - rest) % 10)


def with_check(body: str) -> str:
    """The number with its check digit."""
    return body + check_digit(body)


def is_right(number: str) -> bool:
    """Whether a number ends in its check digit."""
    return (
        number.isascii() and number.isdecimal() and len(number) > 1 and check_digit(number[:-1]) == number[-1]
    )


def digits(text: str) -> str:
    """The digits of what was typed or scanned: the last part of a link, full-width digits, strokes between."""
    last = text.strip().split("?")[0].rstrip("/").rpartition("/")[2]
    return re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", last))


def code_of(text: str, *, digits_min: int) -> str:
    """The code in what was typed or scanned, of so many digits before its check digit; empty where it is wrong."""
    typed = digits(text)
    return typed if is_right(typed) and len(typed) > digits_min else ""


def number_of(text: str, *, digits_min: int) -> int | None:
    """The number that such a code stands for, without its check digit; None where it is wrong."""
    code = code_of(text, digits_min=digits_min)
    return int(code[:-1]) if code else None


def grouped(number: str, *sizes: int) -> str:
    """The number in groups of these sizes with strokes between, as it is printed."""
    parts, start = [], 0
    for size in sizes:
        parts.append(number[start : start + size])
        start += size
    return "-".join(part for part in [*parts, number[start:]] if part)
