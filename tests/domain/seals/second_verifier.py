"""A second verifier: checks a receipt and a chain with Python's standard library and nothing of Jizhi.

Usage: python verify.py receipt.json chain.json
"""

import hashlib
import json
import sys
from pathlib import Path


def sha256(mark, data):
    return hashlib.sha256(mark + data).digest()


def canonical(document):
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def root_of(receipt):
    """From the entry upwards: at each level join with the neighbour, or go up alone."""
    value = sha256(b"\x00", canonical(receipt["leaf"]))
    place, last, proof = receipt["position"], receipt["seal"]["count"] - 1, list(receipt["proof"])
    if not 0 <= place <= last:
        return "no such place"
    while last > 0:
        if place % 2:
            value = sha256(b"\x01", bytes.fromhex(proof.pop(0)) + value)
        elif place < last:
            value = sha256(b"\x01", value + bytes.fromhex(proof.pop(0)))
        place, last = place // 2, last // 2
    return "proof too long" if proof else value.hex()


def hash_of(seal):
    header = {name: value for name, value in seal.items() if name not in ("hash", "leaves")}
    return sha256(b"\x02", canonical(header)).hex()


def problems(receipt, chain):
    """What is wrong, in words; nothing if all holds."""
    seal, previous = receipt["seal"], "0" * 64
    if root_of(receipt) != seal["root"]:
        yield "the entry does not lead to the seal's root"
    if receipt["leaf"]["village"] != seal["village"]:
        yield "the entry is another village's"
    if hash_of(seal) != seal["hash"]:
        yield "the seal's hash is wrong"
    for number, link in enumerate(chain["seals"], start=1):
        if (link["number"], link["previous"], link["hash"]) != (number, previous, hash_of(link)):
            yield f"the chain is broken at seal {link['number']}"
        previous = link["hash"]
    if seal["hash"] not in [link["hash"] for link in chain["seals"]]:
        yield "the seal is not in the chain"


if __name__ == "__main__":
    found = list(problems(*(json.loads(Path(name).read_text("utf-8")) for name in sys.argv[1:3])))
    sys.stdout.write(("\n".join(found) or "all holds") + "\n")
    sys.exit(bool(found))
