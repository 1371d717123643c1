"""A receipt: one entry as it was sealed, the way from it to the root, and the seal. As a file, and short for a QR code.

The short form is the same document, deflated against a fixed text of what every receipt repeats, in base 32: capital
letters and digits only, which a QR code packs closest.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jizhi.seals.rules import canonical, chain, merkle

FORMAT = "jizhi-receipt-1"
MARK = "/R/"  # an address that ends in a short receipt has this before it
LONGEST_FILE = 200_000
# Part of the format: changing one letter makes every printed code unreadable.
DICTIONARY = (
    b'"act":"","act_date":"20","cause":"repriced","cause":"reversed","cause":"posted","fact":{"decision":,"given":null,'
    b'"grade":"","item":"public-cleaning","number":,"posted_at":"2026-06-15T02:00:00.000000Z","posted_by":,'
    b'"published":true,"quantity":"1.000000","quantity":null,"request":"claim:","scheme":"household","spendable":true,'
    b'"subject":"household:","version_date":"2026-01-01","village":""},"held_back":0,"kind":"entry","limit":"",'
    b'"note":"","number":,"points":500,"posted_at":"","posted_by":null,"price":500,"reason":"","salt":"",'
    b'"position":,"proof":["","'
    b'"seal":{"count":,"day":"2026-","entries":{"count":,"first":,"last":},"format":1,"hash":"","made_at":"","number":,'
    b'"previous":"0000000000000000000000000000000000000000000000000000000000000000","root":"",'
    b'"transfers":{"count":0,"first":0,"last":0},"village":"'
    b'{"format":"jizhi-receipt-1","leaf":{'
)


class Unreadable(ValueError):
    """What was handed in is no receipt, or was cut short."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """`leaf` is the sealed document, `position` its place in the seal, `path` the neighbours' hashes upwards."""

    leaf: Mapping[str, Any]
    position: int
    path: tuple[bytes, ...]
    seal: chain.Seal

    @classmethod
    def of(cls, leaf: Mapping[str, Any], position: int, leaves: Sequence[bytes], seal: chain.Seal) -> Receipt:
        """From everything a seal holds."""
        return cls(leaf, position, tuple(merkle.proof(leaves, position)), seal)

    @property
    def leaf_hash(self) -> bytes:
        return merkle.leaf_hash(canonical.canonical(self.leaf))

    def document(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "leaf": dict(self.leaf),
            "position": self.position,
            "proof": [one.hex() for one in self.path],
            "seal": self.seal.document(),
        }

    def file(self) -> bytes:
        """As it is saved: readable, two spaces deep."""
        return json.dumps(self.document(), ensure_ascii=False, sort_keys=True, indent=2).encode() + b"\n"

    def short(self) -> str:
        """For a QR code."""
        packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, DICTIONARY)
        packed = packer.compress(canonical.canonical(self.document())) + packer.flush()
        return base64.b32encode(packed).decode().rstrip("=")


def read(text: str | bytes) -> Receipt:
    """A receipt from its file, its short form, or an address that ends in the short form. Raises Unreadable."""
    if len(text) > LONGEST_FILE:
        raise Unreadable
    try:
        words = (text.decode("utf-8-sig") if isinstance(text, bytes) else text).strip()
        return _receipt(json.loads(words if words.startswith("{") else _unpacked(words)))
    except (KeyError, TypeError, ValueError, RecursionError, zlib.error) as wrong:
        raise Unreadable from wrong


def _unpacked(words: str) -> bytes:
    short = "".join(words.rsplit(MARK, 1)[-1].split()).upper()
    packed = base64.b32decode(short + "=" * (-len(short) % 8))
    opener = zlib.decompressobj(-15, DICTIONARY)
    found = opener.decompress(packed, LONGEST_FILE)
    if not opener.eof or opener.unconsumed_tail or opener.unused_data:
        raise ValueError("cut short")
    return found


def _receipt(document: Any) -> Receipt:
    if document["format"] != FORMAT or not isinstance(document["leaf"], dict):
        raise ValueError("unknown format of receipt")
    position = document["position"]
    if not isinstance(position, int) or isinstance(position, bool):
        raise TypeError("not a whole number")
    canonical.canonical(document["leaf"])
    path = tuple(bytes.fromhex(chain.hex_hash(one)) for one in document["proof"])
    return Receipt(document["leaf"], position, path, chain.Seal.read(document["seal"]))
