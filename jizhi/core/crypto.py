"""Personal data at rest: SM4-GCM with a key id in front, and an HMAC-SM3 blind index for look-up by equality.

Keys come from settings (`PERSONAL_DATA_KEY`, `BLIND_INDEX_KEY`); this module neither makes nor stores them.
Rotation: move the old key to `PERSONAL_DATA_OLD_KEYS` and save the rows again; they stay readable meanwhile.
"""

import functools
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

_KEY_ID = 4
_NONCE = 12
_TAG = 16


class CannotDecrypt(Exception):
    """The key is unknown or the bytes were altered. A fault of the installation, not of the user."""


@functools.lru_cache(maxsize=16)
def _key_id(key: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"jizhi key id" + key)
    return digest.finalize()[:_KEY_ID]


def _key(key_id: bytes) -> bytes:
    old: list[bytes] = getattr(settings, "PERSONAL_DATA_OLD_KEYS", [])
    for key in (settings.PERSONAL_DATA_KEY, *old):
        if _key_id(key) == key_id:
            return bytes(key)
    raise CannotDecrypt(f"the key with id {key_id.hex()} is not in settings")


def encrypt_bytes(plain: bytes, *, context: str = "") -> bytes:
    """Return `key id · nonce · ciphertext · tag`. The same `context` must be given to decrypt."""
    key = settings.PERSONAL_DATA_KEY
    nonce = os.urandom(_NONCE)
    sealing = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    sealing.authenticate_additional_data(context.encode())
    sealed = sealing.update(plain) + sealing.finalize()
    return _key_id(key) + nonce + sealed + sealing.tag


def decrypt_bytes(stored: bytes, *, context: str = "") -> bytes:
    """Undo encrypt_bytes; raises CannotDecrypt when the key is missing, the context differs or a bit was changed."""
    key_id, nonce = stored[:_KEY_ID], stored[_KEY_ID : _KEY_ID + _NONCE]
    sealed, tag = stored[_KEY_ID + _NONCE : -_TAG], stored[-_TAG:]
    opening = Cipher(algorithms.SM4(_key(key_id)), modes.GCM(nonce, tag)).decryptor()
    opening.authenticate_additional_data(context.encode())
    try:
        return opening.update(sealed) + opening.finalize()
    except InvalidTag as altered:
        raise CannotDecrypt("the stored value does not fit its key") from altered


def encrypt(text: str, *, context: str = "") -> bytes:
    """encrypt_bytes for text."""
    return encrypt_bytes(text.encode(), context=context)


def decrypt(stored: bytes, *, context: str = "") -> str:
    """decrypt_bytes for text."""
    return decrypt_bytes(stored, context=context).decode()


def blind_index(text: str) -> str:
    """Keyed digest (HMAC-SM3, 64 hex digits): equal texts give equal values, nothing can be read back."""
    keyed = hmac.HMAC(settings.BLIND_INDEX_KEY, hashes.SM3())
    keyed.update(text.encode())
    return keyed.finalize().hex()
