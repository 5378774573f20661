"""Payloads of runs, locked: AES-256-GCM (NIST SP 800-38D) with a fresh data key for each run.

The data key is wrapped by the environment's key and kept apart from the payload: who deletes the wrapped key
erases the payload wherever copies of it lie. The context (environment, execution id) is authenticated, so
that one run's payload or key can't be passed off as another's.
"""

from __future__ import annotations

import os

from registry_tool.core.codec import Stored
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import canonical_json
from registry_tool.core.values import Object
from registry_tool.security.keys import EnvironmentKey, KeyRing

MAGIC = b"puppy-payload-1\n"
_NONCE = 12
_TAG = 16
_KEY = 32


class PayloadError(RegistryError):
    """A payload or a wrapped key can't be opened: changed, of another run, or its key isn't there."""


class WrappedKey(Stored, frozen=True):
    """A run's data key, locked with the environment's key `key_id`: nonce, ciphertext and tag, 60 bytes."""

    key_id: str
    wrapped: bytes


def seal_payload(data: bytes, ring: KeyRing, context: Object) -> tuple[bytes, WrappedKey]:
    """The locked payload and its data key, wrapped by the ring's newest key."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    data_key, nonce = os.urandom(_KEY), os.urandom(_NONCE)
    locked = AESGCM(data_key).encrypt(nonce, data, _bound("payload", context))
    return MAGIC + nonce + locked, _wrap(data_key, ring.newest, context)


def open_payload(blob: bytes, wrapped: WrappedKey, ring: KeyRing, context: Object) -> bytes:
    """What was locked; `PayloadError` where anything of it, its key or its context is not what it was."""
    if not blob.startswith(MAGIC) or len(blob) < len(MAGIC) + _NONCE + _TAG:
        raise PayloadError("it isn't a payload, or its end is missing")
    body = blob[len(MAGIC) :]
    return _open(_unwrap(wrapped, ring, context), body, _bound("payload", context), "payload")


def rewrap(wrapped: WrappedKey, ring: KeyRing, context: Object) -> WrappedKey:
    """Rewrap the data key under the ring's newest key; the value itself where it already is."""
    if wrapped.key_id == ring.newest.id:
        return wrapped
    return _wrap(_unwrap(wrapped, ring, context), ring.newest, context)


def _wrap(data_key: bytes, key: EnvironmentKey, context: Object) -> WrappedKey:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE)
    locked = AESGCM(key.derive("wrapping")).encrypt(nonce, data_key, _bound("data-key", context))
    return WrappedKey(key.id, nonce + locked)


def _unwrap(wrapped: WrappedKey, ring: KeyRing, context: Object) -> bytes:
    key = ring.get(wrapped.key_id)
    if key is None:
        raise PayloadError(
            f"it is locked with the key {wrapped.key_id[:16]}, which {ring.environment} doesn't bring",
            hint="add the old key to PUPPY_ENVIRONMENT_KEY as v1:… after the new one",
        )
    if len(wrapped.wrapped) != _NONCE + _KEY + _TAG:
        raise PayloadError("the wrapped key has another length")
    bound = _bound("data-key", context)
    return _open(key.derive("wrapping"), wrapped.wrapped, bound, "wrapped key")


def _open(key: bytes, body: bytes, bound: bytes, what: str) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(body[:_NONCE], body[_NONCE:], bound)
    except InvalidTag:
        raise PayloadError(
            f"the {what} was changed or belongs to another run",
            hint="fetch it again, and name the environment and execution id it was made in",
        ) from None


def _bound(part: str, context: Object) -> bytes:
    return canonical_json({"format": "puppyai.com/payload/v1", "part": part, "context": context})
