"""Ed25519 keys of TUF's roles as PEM: in files of who signs by hand, in a variable of the job that publishes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from securesystemslib.signer import CryptoSigner, Key, SSlibKey

from registry_tool.core.errors import RegistryError

_PRIVATE: Final = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.S
)
_MADE: Final = "registry-tool trust new-key FILE makes one"


def new_key(passphrase: str = "") -> tuple[bytes, bytes]:
    """A new key: its private part as PEM (encrypted where a passphrase is given) and its public part."""
    made = Ed25519PrivateKey.generate()
    how = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    private = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)
    public = made.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private, public


def read_public(data: bytes, location: str) -> Key:
    """The public key in a PEM file; `RegistryError` where it is none of Ed25519."""
    try:
        found = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        found = None
    if not isinstance(found, Ed25519PublicKey):
        raise RegistryError("not a public Ed25519 key as PEM", location=location, hint=_MADE)
    return SSlibKey.from_crypto(found)


def read_signers(data: bytes, location: str, passphrase: str = "") -> tuple[CryptoSigner, ...]:
    """The private keys in a text; `RegistryError` where there is none, which never shows what was given."""
    return tuple(_signers(data, location, passphrase)) or _refuse(location)


def _signers(data: bytes, location: str, passphrase: str) -> Iterator[CryptoSigner]:
    for one in _PRIVATE.findall(data):
        try:
            key = load_pem_private_key(one, passphrase.encode() or None)
        except (ValueError, UnsupportedAlgorithm):
            _refuse(location)
        except TypeError:  # encrypted and no passphrase, or the other way round
            raise RegistryError(
                "the passphrase doesn't open this key",
                location=location,
                hint="give its own, or none",
            ) from None
        if not isinstance(key, Ed25519PrivateKey):
            _refuse(location)
        yield CryptoSigner(key)


def _refuse(location: str) -> tuple[CryptoSigner, ...]:
    raise RegistryError("not a private Ed25519 key as PEM", location=location, hint=_MADE)


def is_encrypted(data: bytes) -> bool:
    """Whether a private key asks for a passphrase."""
    return b"-----BEGIN ENCRYPTED PRIVATE KEY-----" in data
