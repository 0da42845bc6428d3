"""Seals: what a browser or the outbox carries for us and must neither read nor change, and keyed hashes.

A phone number has few digits and a code has six, so a bare hash of either is no secret: whoever has the
table tries them all. The key is the server's own and lies outside the database.
"""

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken


def mark(key: bytes, kind: str, *words: str) -> str:
    """A keyed hash, another one for each kind of thing."""
    return hmac.new(key, "\n".join((kind, *words)).encode(), hashlib.sha256).hexdigest()


def seal(key: bytes, said: dict[str, Any]) -> str:
    return _fernet(key).encrypt(json.dumps(said).encode()).decode()


def unseal(key: bytes, token: str, seconds: int | None) -> dict[str, Any] | None:
    """What was sealed; None when it was not by us, or longer than `seconds` ago, if that matters."""
    try:
        said: dict[str, Any] = json.loads(_fernet(key).decrypt(token.encode(errors="replace"), ttl=seconds))
    except InvalidToken:
        return None
    return said


def _fernet(key: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hmac.new(key, b"seals", hashlib.sha256).digest()))
