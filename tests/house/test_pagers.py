"""Where a list's pages or filters are swapped in: the id they name stands once in the page that includes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import jizhi

TEMPLATES = {
    str(path.relative_to(root)): path
    for root in (Path(jizhi.__file__).parent / "web").rglob("templates")
    for path in root.rglob("*.html")
}
ASKED = re.compile(r"""{%\s*paginate\s+\S+\s+"([\w-]+)"|toolbar\.html"[^%]*\btarget="([\w-]+)\"""")
EXTENDED = re.compile(r"""{%\s*extends\s+"([^"]+)\"""")
INCLUDED = re.compile(r"""{%\s*include\s+"([^"]+)\"""")


@cache
def _text(name: str) -> str:
    return TEMPLATES[name].read_text("utf-8")


def _asking() -> Iterator[tuple[str, str]]:
    for name in sorted(TEMPLATES):
        for pair in ASKED.findall(_text(name)):
            yield name, pair[0] or pair[1]


def _ways(name: str) -> list[tuple[str, ...]]:
    """The chains of templates that a page is made of: what this one extends, and what includes it, up to a page."""
    own = (name, *_bases(name))
    above = [one for one in TEMPLATES if name in INCLUDED.findall(_text(one))]
    if not above:
        return [own]
    return [(*own, *rest) for one in above for rest in _ways(one)]


def _bases(name: str) -> tuple[str, ...]:
    base = EXTENDED.search(_text(name))
    return (base[1], *_bases(base[1])) if base else ()


@pytest.mark.parametrize(("name", "target"), sorted(set(_asking())))
def test_the_target_is_on_the_page(name: str, target: str) -> None:
    for way in _ways(name):
        holders = [one for one in way if f'id="{target}"' in _text(one)]
        assert len(holders) == 1, f"{name} in {way}: {target} stands in {holders}"
        assert _text(holders[0]).count(f'id="{target}"') == 1
