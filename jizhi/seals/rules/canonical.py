"""The bytes that are hashed: one JSON object for each entry and transfer, always written the same way.

Keys in order, no spaces, UTF-8 (RFC 8785 without fractions). Points are whole hundredths, days ISO dates, moments UTC
with microseconds. No name is in it: subjects stand by their key, free text by its digest.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jizhi.core.text import N_, LabelledEnum

SALT_BYTES = 16


class RecordKind(LabelledEnum):
    """What a leaf is about; within a seal all entries come before all transfers."""

    ENTRY = "entry", N_("积分明细")
    TRANSFER = "transfer", N_("可兑换积分划转")


@dataclass(frozen=True, slots=True)
class SealableRow:
    """A row of the ledger as it is now. `content` goes into the leaf as it is, `texts` as digests, `broken` says
    which row it points at is gone: then it has no leaf."""

    kind: RecordKind
    number: int
    subject_id: int | None
    content: Mapping[str, Any]
    texts: Mapping[str, str]
    broken: str = ""

    def leaf(self, salt: bytes) -> dict[str, Any]:
        """The leaf's document. The salt keeps a neighbour who holds the leaf's hash from guessing what is in it."""
        digests = {name: digest(salt, text) for name, text in self.texts.items()}
        return {**plain(self.content), **digests, "salt": salt.hex()}


def plain(value: Any) -> Any:
    """Days and moments as text; everything else in a row is plain already."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, dt.datetime):
        return moment(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def canonical(document: Any) -> bytes:
    """The one way to write a document."""
    return json.dumps(
        document, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    ).encode()


def digest(salt: bytes, text: str) -> str:
    """SHA-256 of the salt followed by the text; nothing for no text."""
    return hashlib.sha256(salt + text.encode()).hexdigest() if text else ""


def moment(at: dt.datetime) -> str:
    """A moment in UTC: `2026-06-15T02:00:00.000000Z`."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
