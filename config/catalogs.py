"""Compiles the English texts: every django.po into the django.mo beside it, when it is newer.

Run by `make` before anything starts, so nobody needs GNU gettext. It changes no text.
"""

from __future__ import annotations

from pathlib import Path

from config import environment


def outdated() -> list[Path]:
    """The catalogs whose compiled file is missing or older."""
    found = sorted((environment.CHECKOUT / "jizhi").glob("**/locale/*/LC_MESSAGES/django.po"))
    return [
        po for po in found if not _compiled(po).exists() or _compiled(po).stat().st_mtime < po.stat().st_mtime
    ]


def compile_catalog(po: Path) -> None:
    """Write the .mo beside `po`, under another name first, so a reader never sees half a file."""
    from babel.messages import mofile, pofile

    with po.open("rb") as source:
        catalog = pofile.read_po(source, locale=po.parts[-3])
    unfinished = po.with_suffix(".mo.unfinished")
    with unfinished.open("wb") as target:
        mofile.write_mo(target, catalog)
    unfinished.replace(_compiled(po))


def main() -> None:
    for po in outdated():
        compile_catalog(po)


def _compiled(po: Path) -> Path:
    return po.with_suffix(".mo")


if __name__ == "__main__":
    main()
