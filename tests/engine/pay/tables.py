"""The pay table of the rules language, with the levels that it leaves out written in steps of five per cent."""

from __future__ import annotations

from typing import Any

from jizhi.engine.document.pay import Pay

PLAIN: dict[str, Any] = {
    "standard": "50580",
    "base": "60%",
    "performance": {"share": "40%", "by_level": {str(n): f"{55 + 5 * n}%" for n in range(1, 10)}},
    "per_added_star": "1000",
    "pension_per_added_star": "100",
    "leaving": {"added_since_first": "5", "monthly": "50"},
}
TABLE = Pay.model_validate(PLAIN)


def without(*keys: str) -> Pay:
    """The table without some of its parts."""
    return Pay.model_validate({key: value for key, value in PLAIN.items() if key not in keys})
