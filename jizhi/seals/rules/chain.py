"""A village's seals as one chain, and the file in which it is published.

Each seal holds the hash of the one before it; whoever keeps the latest hash can tell that nothing before was changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jizhi.seals.rules import canonical, merkle
from jizhi.seals.rules.canonical import RecordKind

FORMAT = 1
CHAIN_FORMAT = "jizhi-chain-1"
BEGINNING = "0" * 64  # what stands before the first seal


@dataclass(frozen=True, slots=True)
class Span:
    """How many records of one kind a seal holds and between which numbers; numbers are 0 where it holds none."""

    count: int = 0
    first: int = 0
    last: int = 0

    @classmethod
    def over(cls, numbers: Sequence[int]) -> Span:
        return cls(len(numbers), min(numbers), max(numbers)) if numbers else cls()

    def document(self) -> dict[str, int]:
        return {"count": self.count, "first": self.first, "last": self.last}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf as it was sealed: which record, and its hash. Salt and subject stay in the house."""

    kind: RecordKind
    number: int
    hash: bytes
    salt: bytes = b""
    subject_id: int | None = None
    position: int | None = None  # as stored; a published leaf just stands where it stands


@dataclass(frozen=True, slots=True)
class Seal:
    """One seal as published; `hash` is what it claims to be, `own_hash` what it must be."""

    village: str
    number: int
    day: str
    made_at: str
    entries: Span
    transfers: Span
    root: str
    previous: str
    hash: str = ""

    @property
    def count(self) -> int:
        return self.entries.count + self.transfers.count

    def header(self) -> dict[str, Any]:
        """What the seal's hash is taken over."""
        return {
            "format": FORMAT,
            "village": self.village,
            "number": self.number,
            "day": self.day,
            "made_at": self.made_at,
            "count": self.count,
            "entries": self.entries.document(),
            "transfers": self.transfers.document(),
            "root": self.root,
            "previous": self.previous,
        }

    def own_hash(self) -> str:
        return merkle.seal_hash(canonical.canonical(self.header())).hex()

    def document(self) -> dict[str, Any]:
        return {**self.header(), "hash": self.hash}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Seal:
        """From a file. Raises KeyError, TypeError or ValueError where it is not a seal."""
        if document["format"] != FORMAT:
            raise ValueError("unknown format of seal")
        found = cls(
            village=_text(document["village"]),
            number=_whole(document["number"]),
            day=dt.date.fromisoformat(_text(document["day"])).isoformat(),
            made_at=_text(document["made_at"]),
            entries=_span(document["entries"]),
            transfers=_span(document["transfers"]),
            root=hex_hash(document["root"]),
            previous=hex_hash(document["previous"]),
            hash=hex_hash(document["hash"]),
        )
        if found.count != document["count"]:
            raise ValueError("the seal's counts do not add up")
        return found


@dataclass(frozen=True, slots=True)
class Chain:
    """A village's seals in order, from this installation or from a copy that somebody kept.

    `leaves` holds the leaf hashes of each seal, where the copy has them.
    """

    village: str
    seals: tuple[Seal, ...]
    leaves: Mapping[int, tuple[Leaf, ...]]

    def seal(self, number: int) -> Seal | None:
        return next((one for one in self.seals if one.number == number), None)

    def document(self) -> dict[str, Any]:
        """The published file: seals only, or each with its leaves as `[kind, number, hash]`."""
        return {
            "format": CHAIN_FORMAT,
            "village": self.village,
            "seals": [self._seal_document(one) for one in self.seals],
        }

    def _seal_document(self, seal: Seal) -> dict[str, Any]:
        if seal.number not in self.leaves:
            return seal.document()
        leaves = [[leaf.kind.value, leaf.number, leaf.hash.hex()] for leaf in self.leaves[seal.number]]
        return {**seal.document(), "leaves": leaves}

    @classmethod
    def read(cls, document: Any) -> Chain:
        """From a file. Raises KeyError, TypeError or ValueError where it is not a chain."""
        if document["format"] != CHAIN_FORMAT:
            raise ValueError("unknown format of chain")
        seals = tuple(Seal.read(one) for one in document["seals"])
        leaves = {
            _whole(one["number"]): tuple(_leaf(*leaf) for leaf in one["leaves"])
            for one in document["seals"]
            if "leaves" in one
        }
        return cls(_text(document["village"]), seals, leaves)


def _leaf(kind: str, number: int, value: str) -> Leaf:
    return Leaf(RecordKind(kind), _whole(number), bytes.fromhex(hex_hash(value)))


def _span(document: Mapping[str, Any]) -> Span:
    return Span(*(_whole(document[name]) for name in ("count", "first", "last")))


def hex_hash(value: Any) -> str:
    """A SHA-256 in lower-case hex. Raises ValueError."""
    text = _text(value).lower()
    if len(text) != 64 or len(bytes.fromhex(text)) != 32:
        raise ValueError("not a hash")
    return text


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not a whole number")
    return value
