"""What an attestation's certificate says of who built a package: the authority wrote it by GitHub's word."""

from __future__ import annotations

import base64
import binascii
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import msgspec

from registry_tool.security.provenance.statement import Provenance, ProvenanceError, statement_in

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_FULCIO: Final = "1.3.6.1.4.1.57264.1."
"""https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md"""
_CLAIMS: Final = {
    "repository": 12,
    "commit": 13,
    "ref": 14,
    "workflow": 9,
    "run": 21,
    "trigger": 20,
}
_TEXT: Final = 12  # DER's tag of a UTF8String


class _Raw(msgspec.Struct, frozen=True):
    der: str = msgspec.field(name="rawBytes")


class _Material(msgspec.Struct, frozen=True):
    certificate: _Raw


class _Bundle(msgspec.Struct, frozen=True):
    material: _Material = msgspec.field(name="verificationMaterial")


def claims_of(certificate: Certificate, builder: str) -> Provenance:
    """Who built it, as a certificate says; `builder` is what the statement names."""
    claims = {name: _claim(certificate, number) for name, number in _CLAIMS.items()}
    return Provenance(**claims, builder=builder)


def unverified_claims(bundle: bytes, location: str) -> Provenance | None:
    """What a bundle says, which nobody has verified; None where it says nothing that can be read."""
    from cryptography.x509 import load_der_x509_certificate

    try:
        der = base64.b64decode(msgspec.json.decode(bundle, type=_Bundle).material.certificate.der)
        certificate = load_der_x509_certificate(der)
        return claims_of(certificate, statement_in(bundle, location).builder)
    except (msgspec.DecodeError, binascii.Error, ValueError, ProvenanceError):
        return None


def _claim(certificate: Certificate, number: int) -> str:
    """A text that the authority wrote into the certificate, empty where it has none."""
    from cryptography.x509 import ExtensionNotFound, ObjectIdentifier, UnrecognizedExtension

    with suppress(ExtensionNotFound):
        found = certificate.extensions.get_extension_for_oid(ObjectIdentifier(f"{_FULCIO}{number}"))
        if isinstance(found.value, UnrecognizedExtension):
            return _utf8(found.value.value)
    return ""


def _utf8(der: bytes) -> str:
    """The text of a DER UTF8String of less than 64 KiB; empty for anything else."""
    if len(der) < 2 or der[0] != _TEXT:
        return ""
    short = der[1] < 128
    size = 0 if short else der[1] & 127
    length = der[1] if short else int.from_bytes(der[2 : 2 + size])
    content = der[2 + size :]
    return content.decode("utf-8", "replace") if len(content) == length and size <= 2 else ""
