"""SSH signatures of commits, as `git commit -S` makes them with `gpg.format=ssh`, held against the owners' keys.

https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from registry_tool.core.records import Record

_BEGIN, _END = b"-----BEGIN SSH SIGNATURE-----", b"-----END SSH SIGNATURE-----"
_HEADER: Final = b"gpgsig "
_MAGIC: Final = b"SSHSIG"
_NAMESPACE: Final = b"git"
_HASHES: Final = {b"sha256": hashlib.sha256, b"sha512": hashlib.sha512}


class SignatureState(StrEnum):
    """What a commit's SSH signature is worth."""

    KNOWN = "known"
    STRANGE = "strange"
    MISSING = "missing"
    WRONG = "wrong"


class CommitSignature(Record, frozen=True):
    """The state of a commit's signature, and the key among the given ones that made it."""

    state: SignatureState
    key: str = ""


class _Reader:
    """Reads SSH's length-prefixed strings."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def take(self, count: int) -> bytes:
        if len(self._data) < count:
            raise ValueError("cut short")
        taken, self._data = self._data[:count], self._data[count:]
        return taken

    def string(self) -> bytes:
        return self.take(int.from_bytes(self.take(4)))


def commit_signature(commit: bytes, keys: Iterable[str]) -> CommitSignature:
    """Who of `keys` (lines of `authorized_keys`) signed a commit, given as git stores it."""
    armoured, message = _parts(commit)
    if armoured is None:
        return CommitSignature(SignatureState.MISSING)
    try:
        public, namespace, reserved, algorithm, signature = _read(armoured)
        digest = _HASHES[algorithm](message).digest()
    except (ValueError, KeyError, binascii.Error):
        return CommitSignature(SignatureState.WRONG)
    key = next((one for one in keys if _blob(one) == public), "")
    if not key:
        return CommitSignature(SignatureState.STRANGE)
    fields = (namespace, reserved, algorithm, digest)
    signed = _MAGIC + b"".join(len(part).to_bytes(4) + part for part in fields)
    good = namespace == _NAMESPACE and _verifies(key, signature, signed)
    return (
        CommitSignature(SignatureState.KNOWN, key)
        if good
        else CommitSignature(SignatureState.WRONG)
    )


def _parts(commit: bytes) -> tuple[bytes | None, bytes]:
    """The armoured SSH signature of a commit, None where it has none, and what it is made over."""
    headers, blank, text = commit.partition(b"\n\n")
    kept: list[bytes] = []
    signature: list[bytes] = []
    inside = False
    for line in headers.split(b"\n"):
        inside = line.startswith(_HEADER) or (inside and line.startswith(b" "))
        (signature if inside else kept).append(line)
    found = b"\n".join(line.removeprefix(_HEADER).lstrip(b" ") for line in signature)
    return (found if _BEGIN in found else None), b"\n".join(kept) + blank + text


def _read(armoured: bytes) -> tuple[bytes, bytes, bytes, bytes, bytes]:
    body = armoured.partition(_BEGIN)[2].partition(_END)[0]
    reader = _Reader(base64.b64decode(b"".join(body.split()), validate=True))
    if reader.take(len(_MAGIC)) != _MAGIC or int.from_bytes(reader.take(4)) != 1:
        raise ValueError("another format")
    public, namespace, reserved, algorithm, signature = (reader.string() for _ in range(5))
    return public, namespace, reserved, algorithm, signature


def _blob(key: str) -> bytes:
    """The binary key of a line such as `ssh-ed25519 AAAA… ada@example.com`."""
    words = key.split()
    try:
        return base64.b64decode(words[1], validate=True) if len(words) > 1 else b""
    except binascii.Error:
        return b""


def _verifies(key: str, signature: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key

    try:
        reader = _Reader(signature)
        algorithm, raw = reader.string(), reader.string()
        public = load_ssh_public_key(" ".join(key.split()[:2]).encode())
        if isinstance(public, ed25519.Ed25519PublicKey):
            public.verify(raw, signed)
        elif isinstance(public, ec.EllipticCurvePublicKey):
            numbers = _Reader(raw)
            r, s = int.from_bytes(numbers.string()), int.from_bytes(numbers.string())
            sizes = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}
            public.verify(
                utils.encode_dss_signature(r, s), signed, ec.ECDSA(sizes[public.key_size])
            )
        elif isinstance(public, rsa.RSAPublicKey):
            sha2 = {b"rsa-sha2-256": hashes.SHA256(), b"rsa-sha2-512": hashes.SHA512()}[algorithm]
            public.verify(raw, signed, padding.PKCS1v15(), sha2)
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, KeyError):
        return False
    return True
