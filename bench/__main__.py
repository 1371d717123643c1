"""`make bench`: runs all measurements and prints Markdown tables; `python -m bench engine` runs one part."""

from __future__ import annotations

import os
import platform
import sys

from bench import documents, engine, fairness, settle, site

PARTS = {
    "documents": documents.run,
    "engine": engine.run,
    "settle": settle.run,
    "fairness": fairness.run,
    "site": site.run,
}


def main() -> None:
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    )
    for name in sys.argv[1:] or PARTS:
        PARTS[name]()


if __name__ == "__main__":
    main()
