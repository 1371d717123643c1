"""Codes on a screen by which people sign in on the spot: they follow from a secret and the time, and soon end."""

import datetime as dt
import hashlib
import hmac
import secrets

CODE_LIVES = dt.timedelta(minutes=2)


def new_secret() -> str:
    """The secret behind the codes of one occasion."""
    return secrets.token_hex(16)


def code_at(secret: str, moment: dt.datetime) -> str:
    """Eight characters that hold for a while: a photo of the screen sent to somebody at home is soon worth nothing."""
    return _code(secret, int(moment.timestamp() // CODE_LIVES.total_seconds()))


def code_holds(secret: str, code: str, moment: dt.datetime) -> bool:
    """Whether the code is that of this moment or of the one just gone."""
    slot = int(moment.timestamp() // CODE_LIVES.total_seconds())
    return any(hmac.compare_digest(_code(secret, one), code.strip().lower()) for one in (slot, slot - 1))


def _code(secret: str, slot: int) -> str:
    return hmac.new(bytes.fromhex(secret), str(slot).encode(), hashlib.sha256).hexdigest()[:8]
