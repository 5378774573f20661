"""Inputs sealed to an environment's public key: who dispatches a run can write them, only its job reads them.

Every reader of a repository sees the inputs of a dispatch. So: an X25519 exchange with a key made for this one
message, HKDF-SHA256 over it and both public keys, AES-256-GCM; the construction of RFC 9180's base mode.
"""

from __future__ import annotations

import base64
import binascii

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import canonical_json, parse_json
from registry_tool.core.values import Object
from registry_tool.security.keys import EnvironmentKey, KeyRing, PublicKey

_MAGIC = b"puppy-sealed-1\n"
_ID = 8  # the key id's 16 hexadecimal digits as bytes
_PUBLIC = 32
_NONCE = bytes(12)  # the key is made for one message and never used again
_LEAST = len(_MAGIC) + _ID + _PUBLIC + 16


class SealedError(RegistryError):
    """Sealed inputs can't be opened: changed, for another workflow or environment, or its key isn't there."""


def seal_inputs(inputs: Object, public: PublicKey, context: Object) -> str:
    """Base64 that only the environment opens, and only for this context (environment, workflow)."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    once = X25519PrivateKey.generate()
    own = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public.sealing))
    key = _key(shared, own, public.sealing)
    locked = AESGCM(key).encrypt(_NONCE, canonical_json(inputs), canonical_json(context))
    return base64.b64encode(_MAGIC + bytes.fromhex(public.id) + own + locked).decode()


def open_inputs(sealed: str, ring: KeyRing, context: Object) -> Object:
    """The inputs that were sealed; `SealedError` where anything of it isn't what it was."""
    try:
        blob = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        raise SealedError("the sealed inputs aren't base64", way_out=_AGAIN) from None
    if not blob.startswith(_MAGIC) or len(blob) < _LEAST:
        raise SealedError("these aren't sealed inputs, or their end is missing", way_out=_AGAIN)
    key_id = blob[len(_MAGIC) : len(_MAGIC) + _ID].hex()
    key = ring.get(key_id)
    if key is None:
        raise SealedError(
            f"the inputs were sealed to the key {key_id}, which {ring.environment} doesn't bring",
            way_out=_AGAIN,
        )
    value = parse_json(_open(blob[len(_MAGIC) + _ID :], key, context), place="sealed inputs")
    if not isinstance(value, dict):
        raise SealedError("the sealed inputs aren't an object", way_out=_AGAIN)
    return value


def _open(body: bytes, key: EnvironmentKey, context: Object) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    theirs, locked = body[:_PUBLIC], body[_PUBLIC:]
    try:
        shared = key.sealing_key().exchange(X25519PublicKey.from_public_bytes(theirs))
        derived = _key(shared, theirs, key.public.sealing)
        return AESGCM(derived).decrypt(_NONCE, locked, canonical_json(context))
    except (InvalidTag, ValueError):  # ValueError: a point that gives nothing secret
        raise SealedError(
            "the sealed inputs were changed, or sealed for another workflow or environment",
            way_out=_AGAIN,
        ) from None


def _key(shared: bytes, own: bytes, theirs: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    info = b"puppyai.com/sealed/v1" + own + theirs
    return HKDF(SHA256(), length=32, salt=None, info=info).derive(shared)


_AGAIN = "seal them again: `puppy-cli seal NAME --env E --input …`"
