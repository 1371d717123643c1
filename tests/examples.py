"""How many examples the costly random tests try: few in every run, `JIZHI_EXAMPLES` times as many where that is set."""

import os

TIMES = int(os.environ.get("JIZHI_EXAMPLES", "1"))


def examples(few: int) -> int:
    """For `max_examples` of tests in which one example takes a tenth of a second or more."""
    return few * TIMES
