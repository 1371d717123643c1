"""What the machine tells us: environment variables, and secrets kept in the data directory.

Read by settings only. Secrets are made on first use, readable by their owner alone; a value in the environment wins.
"""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

CHECKOUT = Path(__file__).resolve().parent.parent


def flag(name: str, default: bool = False) -> bool:
    """A switch: 1, true, yes or on."""
    return os.environ.get(name, str(int(default))).strip().lower() in {"1", "true", "yes", "on"}


def words(name: str) -> list[str]:
    """A list separated by commas or spaces."""
    return os.environ.get(name, "").replace(",", " ").split()


def number(name: str, default: int) -> int:
    """A whole number."""
    text = os.environ.get(name, "").strip() or str(default)
    if not text.isdigit():
        raise SystemExit(f"{name} must be a whole number, not “{text}”.")
    return int(text)


def data_dir() -> Path:
    """Everything this installation keeps: database, photos, keys. JIZHI_DATA, else `.jizhi` in the checkout."""
    return Path(os.environ.get("JIZHI_DATA") or CHECKOUT / ".jizhi").expanduser().absolute()


def secret_text(variable: str, file_name: str) -> str:
    """A secret string from the environment, else from the data directory, made there when absent."""
    return os.environ.get(variable) or _kept_secret(file_name, lambda: secrets.token_urlsafe(48))


def secret_bytes(variable: str, file_name: str, length: int) -> bytes:
    """A secret key of `length` bytes, written as base64 in the environment or the data directory."""

    def fresh() -> str:
        return base64.b64encode(secrets.token_bytes(length)).decode()

    key = base64.b64decode(os.environ.get(variable) or _kept_secret(file_name, fresh))
    if len(key) != length:
        raise SystemExit(f"{variable} must be {length} bytes in base64; it has {len(key)}.")
    return key


def _kept_secret(file_name: str, fresh: Callable[[], str]) -> str:
    place = data_dir() / "keys" / file_name
    if not place.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = place.with_suffix(f".{secrets.token_hex(8)}")
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(fresh())
        with contextlib.suppress(FileExistsError):  # of two processes at once, the first one's key stays
            os.link(unfinished, place)
        unfinished.unlink()
    return place.read_text(encoding="ascii").strip()


def database(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for a postgresql:// address; without one, an entry that cannot connect."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "jizhi",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "127.0.0.1",
        "PORT": parts.port or "",
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
