"""Inputs sealed to an environment's public key: who dispatches a run can write them, only its job reads them.

Every reader of a repository sees the inputs of a dispatch. So: an X25519 exchange with a key made for this one
message, HKDF-SHA256 over it and both public keys, AES-256-GCM; the construction of RFC 9180's base mode.

Every reader can also send what they see there once more. So what is sealed says who may have it run, and when it
was sealed; and every sealed text has a digest of its own, by which it is known when it comes again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any, Final

from registry_tool.core.codec import FileFormat, Stored, moment
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import canonical_json
from registry_tool.core.records import Record
from registry_tool.core.values import Object
from registry_tool.security.keys import EnvironmentKey, KeyRing, PublicKey

ANYONE: Final = 0
"""In place of a person's id: whoever seals could not say who will ask."""
NOBODY: Final = -1
"""In place of a person's id: the job's own, for its later steps; no dispatch may bring it."""

_MAGIC = b"puppy-sealed-2\n"
_BEFORE = b"puppy-sealed-1\n"
_ID = 8  # the key id's 16 hexadecimal digits as bytes
_PUBLIC = 32
_NONCE = bytes(12)  # the key is made for one message and never used again
_LEAST = len(_MAGIC) + _ID + _PUBLIC + 16


class SealedError(RegistryError):
    """Sealed inputs can't be opened: changed, for another workflow or environment, or its key isn't there."""


class SealTerms(Record, frozen=True):
    """Who may have sealed inputs run (the forge's numeric id, `ANYONE` or `NOBODY`), and when they were sealed.

    `time` is RFC 3339; empty where nothing asks for it.
    """

    actor: int = NOBODY
    time: str = ""


class _Sealed(Stored, frozen=True):
    """What is locked."""

    inputs: dict[str, Any]  # any JSON object
    actor: int
    time: str

    def __post_init__(self) -> None:
        if self.time:
            moment(self.time, "time")


def seal_inputs(
    inputs: Object,
    public: PublicKey,
    context: Object,
    terms: SealTerms = SealTerms(),  # noqa: B008 - frozen
) -> str:
    """Base64 that only the environment opens, and only for this context (environment, workflow)."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    once = X25519PrivateKey.generate()
    own = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public.sealing))
    key = _key(shared, own, public.sealing)
    content: Object = {"inputs": inputs, "actor": terms.actor, "time": terms.time}
    locked = AESGCM(key).encrypt(_NONCE, canonical_json(content), canonical_json(context))
    return base64.b64encode(_MAGIC + bytes.fromhex(public.id) + own + locked).decode()


def open_inputs(sealed: str, ring: KeyRing, context: Object) -> Object:
    """The inputs that were sealed, whoever asks; `SealedError` where anything of it isn't what it was."""
    return open_sealed(sealed, ring, context)[0]


def open_sealed(sealed: str, ring: KeyRing, context: Object) -> tuple[Object, SealTerms]:
    """The inputs that were sealed, and their terms; the same errors."""
    blob = _blob(sealed)
    key_id = blob[len(_MAGIC) : len(_MAGIC) + _ID].hex()
    key = ring.get(key_id)
    if key is None:
        raise SealedError(
            f"the inputs were sealed to the key {key_id}, which {ring.environment} doesn't bring",
            hint=_AGAIN,
        )
    found = _CONTENT.read(_open(blob[len(_MAGIC) + _ID :], key, context), "sealed inputs")
    return found.inputs, SealTerms(found.actor, found.time)


def sealed_digest(sealed: str) -> bytes:
    """SHA-256 of what base64 spells: the same however it is spelled, another for whatever is sealed anew."""
    return hashlib.sha256(_blob(sealed)).digest()


def _blob(sealed: str) -> bytes:
    try:
        blob = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        raise SealedError("the sealed inputs aren't base64", hint=_AGAIN) from None
    if blob.startswith(_BEFORE):
        raise SealedError(
            "the inputs were sealed by an older tool, which named neither a person nor a time: "
            "any reader could have them run again",
            hint=f"install this version of the tool, and {_AGAIN}",
        )
    if not blob.startswith(_MAGIC) or len(blob) < _LEAST:
        raise SealedError("these aren't sealed inputs, or their end is missing", hint=_AGAIN)
    return blob


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
            hint=_AGAIN,
        ) from None


def _key(shared: bytes, own: bytes, theirs: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    info = b"puppyai.com/sealed/v2" + own + theirs
    return HKDF(SHA256(), length=32, salt=None, info=info).derive(shared)


_AGAIN = "seal them again: `puppy-cli seal NAME --env E --input …`"

_CONTENT = FileFormat[_Sealed](_Sealed, "sealed input set", hint=_AGAIN, error=SealedError)
