"""Which characters the printed fonts can draw, and what is printed for the others.

A character outside the fonts becomes the geta mark 〓, the printers' sign for "type missing here", and is
reported with its code point: nobody's name vanishes in silence. Reads the `cmap` table of the vendored fonts
and nothing else: not a font library.
"""

import functools
import struct
import unicodedata
from collections.abc import Iterator
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
GETA = "〓"
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def printable(text: str) -> tuple[str, list[str]]:
    """The text as it can be printed, and the characters that had to be replaced."""
    tidy = _without_controls(text)
    if tidy.isascii():
        return tidy, []
    known = _covered()
    missing = [character for character in tidy if not _drawable(character, known)]
    if missing:
        tidy = "".join(character if _drawable(character, known) else GETA for character in tidy)
    return tidy, missing


def _without_controls(text: str) -> str:
    """Control and direction characters are dropped: they print nothing and can turn a line around."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    return "".join(character for character in composed if not _invisible(character))


def _invisible(character: str) -> bool:
    return character != "\n" and (unicodedata.category(character) in ("Cc", "Cs") or character in _BIDI)


def _drawable(character: str, known: frozenset[int]) -> bool:
    return character == "\n" or ord(character) in known


@functools.cache
def _covered() -> frozenset[int]:
    """Code points that every vendored font has."""
    fonts = [frozenset(_code_points(path.read_bytes())) for path in sorted(FONTS.glob("*.ttf"))]
    return frozenset.intersection(*fonts)


def _code_points(font: bytes) -> Iterator[int]:
    table = _table(font, b"cmap")
    count = struct.unpack_from(">H", table, 2)[0]
    for index in range(count):
        offset = struct.unpack_from(">I", table, 4 + 8 * index + 4)[0]
        kind = struct.unpack_from(">H", table, offset)[0]
        if kind == 12:
            yield from _segmented_coverage(table[offset:])
        elif kind == 4:
            yield from _segment_mapping(table[offset:])


def _table(font: bytes, tag: bytes) -> bytes:
    count = struct.unpack_from(">H", font, 4)[0]
    for index in range(count):
        name, _, offset, length = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        if name == tag:
            return font[offset : offset + length]
    raise ValueError(f"font without table {tag!r}")


def _segmented_coverage(table: bytes) -> Iterator[int]:
    groups = struct.unpack_from(">I", table, 12)[0]
    for index in range(groups):
        first, last, _ = struct.unpack_from(">III", table, 16 + 12 * index)
        yield from range(first, last + 1)


def _segment_mapping(table: bytes) -> Iterator[int]:
    """Format 4. A segment that looks glyphs up may leave holes (glyph 0), which count as not drawn."""
    doubled = struct.unpack_from(">H", table, 6)[0]
    ends, starts, deltas, offsets = 14, 16 + doubled, 16 + 2 * doubled, 16 + 3 * doubled
    for at in range(0, doubled, 2):
        first, last = (struct.unpack_from(">H", table, base + at)[0] for base in (starts, ends))
        delta, lookup = (struct.unpack_from(">H", table, base + at)[0] for base in (deltas, offsets))
        for code in range(first, last + 1):
            glyph = code + delta
            if lookup:
                glyph = struct.unpack_from(">H", table, offsets + at + lookup + 2 * (code - first))[0]
            if code != 0xFFFF and glyph & 0xFFFF:
                yield code
