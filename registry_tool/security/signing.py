"""Signatures over JSON values: Ed25519 over the canonical form, with the id of the key that signed."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from typing import TypeVar

import msgspec

from registry_tool.core.codec import FileFormat, Stored
from registry_tool.core.files import canonical_json
from registry_tool.core.values import Object
from registry_tool.security.keys import EnvironmentKey, KeyRing, PublicKey

S = TypeVar("S", bound=Stored)
_PREFIX = (
    b"puppyai.com/signed/v1\n"  # no signature over a record can pass for one over something else
)


def sign(value: Object, key: EnvironmentKey | KeyRing) -> str:
    """`<key id>.<base64>` over the value; its own member `signature` is left out. A ring signs with its newest."""
    signer = key.newest if isinstance(key, KeyRing) else key
    signature = signer.signing_key().sign(_message(value))
    return f"{signer.id}.{base64.b64encode(signature).decode()}"


def signed(form: FileFormat[S], draft: S, key: EnvironmentKey | KeyRing) -> S:
    """A struct with its member `signature` made over all its others."""
    return msgspec.structs.replace(draft, signature=sign(form.value(draft), key))


def verify(value: Object, signature: str, public: PublicKey | Iterable[PublicKey]) -> bool:
    """True where one of the keys signed exactly this value (its member `signature` left out)."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    key_id, _, encoded = signature.partition(".")
    keys = [public] if isinstance(public, PublicKey) else public
    key = next((key for key in keys if key.id == key_id), None)
    if key is None:
        return False
    try:
        raw = base64.b64decode(encoded, validate=True)
        Ed25519PublicKey.from_public_bytes(key.signing).verify(raw, _message(value))
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return base64.b64encode(raw).decode() == encoded  # one signature, one spelling


def _message(value: Object) -> bytes:
    return _PREFIX + canonical_json({k: v for k, v in value.items() if k != "signature"})
