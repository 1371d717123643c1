"""Every Chinese text marked for translation has an English one, and a text has the same English everywhere.

Texts are extracted from Python and templates the way Django reads them; catalogs are the django.po of each app.
"""

from __future__ import annotations

import ast
import functools
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import extract, pofile
from django.utils.translation.template import templatize

from tests.house import sources

JIZHI = sources.ROOT / "jizhi"
KEYWORDS = {
    **extract.DEFAULT_KEYWORDS,
    **dict.fromkeys(("N_", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext_lazy",), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
_PLACE = re.compile(r"%\((\w+)\)[sd]|(?<!%)%[sd]|\{(\w*)[^{}]*\}")


def _home(path: Path) -> Path:
    """The directory whose locale/ holds the file's texts: the app, or the audience within web."""
    parts = path.relative_to(JIZHI).parts
    if parts[0] == "web" and len(parts) > 2 and (JIZHI / "web" / parts[1] / "apps.py").exists():
        return JIZHI / "web" / parts[1]
    return JIZHI / parts[0]


def _texts(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line, context and text of each marked text in a file."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        source = templatize(source, origin=str(path))
    for line, words, _, context in extract.extract("python", io.BytesIO(source.encode()), KEYWORDS):
        first = words[0] if isinstance(words, tuple) else words
        if first:
            yield line, context or "", first
    if path.suffix == ".py":
        yield from _inside_f_strings(ast.parse(source))


def _inside_f_strings(tree: ast.AST) -> Iterator[tuple[int, str, str]]:
    """What the extractor does not see: texts that are marked within an f-string."""
    for outer in ast.walk(tree):
        if not isinstance(outer, ast.JoinedStr):
            continue
        for call in ast.walk(outer):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS:
                for text in call.args[:1]:
                    if isinstance(text, ast.Constant):
                        yield call.lineno, "", str(text.value)


@functools.cache
def _catalog(home: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    place = home / "locale" / "en" / "LC_MESSAGES" / "django.po"
    if not place.exists():
        return {}
    with place.open("rb") as file:
        catalog = pofile.read_po(file, locale="en", abort_invalid=True)
    texts = {}
    for message in catalog:
        if message.id and not message.fuzzy:
            first = message.id[0] if isinstance(message.id, tuple) else message.id
            english = message.string if isinstance(message.string, tuple) else (message.string,)
            texts[(message.context or "", first)] = tuple(english)
    return texts


def _homes() -> list[Path]:
    marked = {_home(path) for path in sources.files(".py", ".html") if _is_ours(path)}
    return sorted(home for home in marked if home.is_dir())


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(JIZHI) and not sources.is_migration(path)


def _readable_from(home: Path) -> list[Path]:
    """The catalogs a page of this home may rely on: its own, the shared ones of web, those of lower apps."""
    heights = sources.storeys()
    height = heights.get(home.relative_to(JIZHI).parts[0], 0)
    lower = [JIZHI / name for name, other in heights.items() if other < height]
    return [home, *([JIZHI / "web"] if "web" in home.parts else []), *lower]


@pytest.mark.parametrize("home", _homes(), ids=lambda home: str(home.relative_to(JIZHI)))
def test_every_text_has_an_english_one(home: Path) -> None:
    catalogs = [_catalog(place) for place in _readable_from(home)]
    missing = []
    for path in sources.files(".py", ".html"):
        if not _is_ours(path) or _home(path) != home:
            continue
        for line, context, text in _texts(path):
            if not any(all(catalog.get((context, text), ("",))) for catalog in catalogs):
                missing.append(f"{sources.shown(path)}:{line} {text!r}")
    assert not missing, f"{len(missing)} texts without English:\n" + "\n".join(missing)


@functools.cache
def _all_texts() -> set[tuple[str, str]]:
    return {
        (context, text)
        for path in sources.files(".py", ".html")
        if _is_ours(path)
        for _line, context, text in _texts(path)
    }


@pytest.mark.parametrize("home", _homes(), ids=lambda home: str(home.relative_to(JIZHI)))
def test_every_english_one_has_its_text(home: Path) -> None:
    """What no page says any more is not translated any more."""
    unused = [
        f"{context} {text}".strip() for context, text in _catalog(home) if (context, text) not in _all_texts()
    ]
    assert not unused, f"{len(unused)} entries without a text:\n" + "\n".join(unused)


def test_a_text_has_one_english() -> None:
    """Django merges all catalogs, so two different ones would make the page depend on the order of apps."""
    seen: dict[tuple[str, str], tuple[Path, tuple[str, ...]]] = {}
    differing = []
    for home in _homes():
        for key, english in _catalog(home).items():
            other, known = seen.setdefault(key, (home, english))
            if known != english:
                differing.append(f"{key[1]!r}: {known} ({other.name}) — {english} ({home.name})")
    assert not differing, "\n".join(differing)


def test_a_catalog_names_a_text_once() -> None:
    """Of two entries the last one would win without a word."""
    twice = []
    for home in _homes():
        place = home / "locale" / "en" / "LC_MESSAGES" / "django.po"
        text = place.read_text(encoding="utf-8") if place.exists() else ""
        counted = Counter(re.findall(r'^((?:msgctxt .*\n)?msgid (?:".*"\n)+)', text, re.MULTILINE))
        twice += [f"{sources.shown(place)}: {one.strip()}" for one, times in counted.items() if times > 1]
    assert not twice, "\n".join(twice)


def test_placeholders_survive_translation() -> None:
    broken = []
    for home in _homes():
        for (_, text), english in _catalog(home).items():
            wanted = {match.group() for match in _PLACE.finditer(text)}
            given = {match.group() for one in english for match in _PLACE.finditer(one)}
            if english[-1] and given != wanted:
                broken.append(f"{home.name}: {text!r} → {english}")
    assert not broken, "\n".join(broken)
