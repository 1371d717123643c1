"""The hash tree of RFC 6962 with SHA-256: leaves and nodes are told apart by their first byte.

The last node of a level that has no neighbour goes up as it is, which is the tree that the RFC describes by halving.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

LEAF, NODE, SEAL = b"\x00", b"\x01", b"\x02"


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()


def seal_hash(data: bytes) -> bytes:
    return hashlib.sha256(SEAL + data).digest()


def _above(level: Sequence[bytes]) -> list[bytes]:
    pairs = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return pairs + list(level[-1:] if len(level) % 2 else [])


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes in order; there is at least one."""
    level = list(leaves)
    if not level:
        raise ValueError("a tree has at least one leaf")
    while len(level) > 1:
        level = _above(level)
    return level[0]


def proof(leaves: Sequence[bytes], position: int) -> list[bytes]:
    """The neighbours on the way from a leaf up to the root, the lowest first."""
    if not 0 <= position < len(leaves):
        raise ValueError("no such leaf")
    level, found = list(leaves), []
    while len(level) > 1:
        if position ^ 1 < len(level):
            found.append(level[position ^ 1])
        level, position = _above(level), position // 2
    return found


def root_of_proof(leaf: bytes, position: int, count: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf at that place among `count` leads to; None where the path is too short or too long."""
    if not 0 <= position < count:
        return None
    rest, last, value = list(path), count - 1, leaf
    while last:
        if position % 2 or position < last:
            if not rest:
                return None
            neighbour = rest.pop(0)
            value = node_hash(neighbour, value) if position % 2 else node_hash(value, neighbour)
        position, last = position // 2, last // 2
    return None if rest else value
