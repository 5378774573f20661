"""A Sigstore of a test's own: an authority, both logs, and bundles as GitHub's action makes them.

Nothing of it is replaced in the verifier: only its keys are others, in a trusted root of the library's own form.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import rfc8785
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from registry_tool.core.clock import SystemClock
from registry_tool.security.provenance.attestation import GITHUB
from registry_tool.security.provenance.statement import PAYLOAD, PROVENANCE, STATEMENT

NOW = SystemClock().now().replace(microsecond=0)
REPOSITORY = "https://github.com/ada/registry"
COMMIT = "c" * 40
CLAIMS = {
    8: GITHUB,
    9: f"{REPOSITORY}/.github/workflows/publish.yml@refs/heads/main",
    12: REPOSITORY,
    13: COMMIT,
    14: "refs/heads/main",
    20: "push",
    21: f"{REPOSITORY}/actions/runs/1/attempts/1",
}
_SCTS = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _public(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _sign(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    return key.sign(data, ec.ECDSA(hashes.SHA256()))


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else b"\x82" + struct.pack("!H", size)
    return bytes([tag]) + length + content


def statement(subjects: Mapping[str, str], about: str = PROVENANCE) -> bytes:
    """A statement of provenance about packages, SHA-256 (hex) by file name."""
    listed = [{"name": name, "digest": {"sha256": sha256}} for name, sha256 in subjects.items()]
    predicate = {
        "buildDefinition": {"buildType": "https://actions.github.io/buildtypes/workflow/v1"},
        "runDetails": {"builder": {"id": CLAIMS[9]}},
    }
    made = {"_type": STATEMENT, "subject": listed, "predicateType": about, "predicate": predicate}
    return json.dumps(made).encode()


@dataclass
class SigstoreWorld:
    """The keys of everybody who signs."""

    ca_key: ec.EllipticCurvePrivateKey = field(default_factory=_key)
    ct_key: ec.EllipticCurvePrivateKey = field(default_factory=_key)
    log_key: ec.EllipticCurvePrivateKey = field(default_factory=_key)
    ca: x509.Certificate = field(init=False)

    def __post_init__(self) -> None:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test's authority")])
        self.ca = (
            self._certificate(name, self.ca_key, name, timedelta(days=3650))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(sign_certificates=True), critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(self.ca_key.public_key()), critical=False
            )
            .sign(self.ca_key, hashes.SHA256())
        )

    def _certificate(
        self,
        name: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        issuer: x509.Name,
        holds: timedelta,
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - timedelta(minutes=5))
            .not_valid_after(NOW + holds)
        )

    def trusted_root(self) -> bytes:
        """The keys, as the library reads them from a file."""
        made = {
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [self._log("https://log.example", self.log_key)],
            "certificateAuthorities": [
                {
                    "subject": {"organization": "a test", "commonName": "a test's authority"},
                    "uri": "https://authority.example",
                    "certChain": {
                        "certificates": [{"rawBytes": _b64(self.ca.public_bytes(Encoding.DER))}]
                    },
                    "validFor": {"start": _time(NOW - timedelta(days=1))},
                }
            ],
            "ctlogs": [self._log("https://certificates.example", self.ct_key)],
            "timestampAuthorities": [],
        }
        return json.dumps(made).encode()

    def _log(self, url: str, key: ec.EllipticCurvePrivateKey) -> dict[str, object]:
        return {
            "baseUrl": url,
            "hashAlgorithm": "SHA2_256",
            "publicKey": {
                "rawBytes": _b64(_public(key)),
                "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                "validFor": {"start": _time(NOW - timedelta(days=1))},
            },
            "logId": {"keyId": _b64(hashlib.sha256(_public(key)).digest())},
        }

    def bundle(self, payload: bytes, claims: Mapping[int, str] = CLAIMS) -> bytes:
        """What the action gives for a statement: signed, logged, and by whom."""
        key = _key()
        leaf = self._leaf(key, claims)
        signed = b"DSSEv1 %d %s %d %s" % (len(PAYLOAD), PAYLOAD.encode(), len(payload), payload)
        signature = _b64(_sign(key, signed))
        made = {
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {
                "certificate": {"rawBytes": _b64(leaf.public_bytes(Encoding.DER))},
                "tlogEntries": [self._entry(leaf, payload, signature)],
            },
            "dsseEnvelope": {
                "payload": _b64(payload),
                "payloadType": PAYLOAD,
                "signatures": [{"sig": signature}],
            },
        }
        return json.dumps(made).encode()

    def _leaf(self, key: ec.EllipticCurvePrivateKey, claims: Mapping[int, str]) -> x509.Certificate:
        """A certificate for ten minutes, with what the authority was told, and the log's word for it."""
        builder = (
            self._certificate(x509.Name([]), key, self.ca.subject, timedelta(minutes=10))
            .add_extension(_usage(sign_certificates=False), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.ca_key.public_key()),
                critical=False,
            )
            .add_extension(
                x509.SubjectAlternativeName([x509.UniformResourceIdentifier(CLAIMS[9])]),
                critical=True,
            )
        )
        for number, text in claims.items():
            oid = x509.ObjectIdentifier(f"1.3.6.1.4.1.57264.1.{number}")
            value = x509.UnrecognizedExtension(oid, _der(12, text.encode()))
            builder = builder.add_extension(value, critical=False)
        unlogged = builder.sign(self.ca_key, hashes.SHA256()).tbs_certificate_bytes
        scts = x509.UnrecognizedExtension(_SCTS, _der(4, self._sct(unlogged)))
        return builder.add_extension(scts, critical=False).sign(self.ca_key, hashes.SHA256())

    def _sct(self, tbs: bytes) -> bytes:
        """RFC 6962, 3.2: a list of one signed certificate timestamp over a certificate without it."""
        moment = int(NOW.timestamp() * 1000)
        issuer = hashlib.sha256(_public(self.ca_key)).digest()
        entry = issuer + struct.pack("!I", len(tbs))[1:] + tbs
        signed = struct.pack("!BBQH", 0, 0, moment, 1) + entry + struct.pack("!H", 0)
        signature = _sign(self.ct_key, signed)
        log = hashlib.sha256(_public(self.ct_key)).digest()
        sct = b"\0" + log + struct.pack("!QH", moment, 0) + b"\4\3"
        sct += struct.pack("!H", len(signature)) + signature
        listed = struct.pack("!H", len(sct)) + sct
        return struct.pack("!H", len(listed)) + listed

    def _entry(self, leaf: x509.Certificate, payload: bytes, signature: str) -> dict[str, object]:
        """The only entry of the log, with its promise, its proof and the log's signed head."""
        pem = leaf.public_bytes(Encoding.PEM)
        spec = {
            "envelopeHash": {"algorithm": "sha256", "value": "0" * 64},
            "payloadHash": {"algorithm": "sha256", "value": hashlib.sha256(payload).hexdigest()},
            "signatures": [{"signature": signature, "verifier": _b64(pem)}],
        }
        body = rfc8785.dumps({"apiVersion": "0.0.1", "kind": "dsse", "spec": spec})
        log, moment = hashlib.sha256(_public(self.log_key)).digest(), int(NOW.timestamp())
        promise = rfc8785.dumps(
            {"body": _b64(body), "integratedTime": moment, "logID": log.hex(), "logIndex": 0}
        )
        head = hashlib.sha256(b"\0" + body).digest()
        note = f"log.example\n1\n{_b64(head)}\n"
        signed = _b64(log[:4] + _sign(self.log_key, note.encode()))
        return {
            "logIndex": "0",
            "logId": {"keyId": _b64(log)},
            "kindVersion": {"kind": "dsse", "version": "0.0.1"},
            "integratedTime": str(moment),
            "inclusionPromise": {"signedEntryTimestamp": _b64(_sign(self.log_key, promise))},
            "inclusionProof": {
                "logIndex": "0",
                "rootHash": _b64(head),
                "treeSize": "1",
                "hashes": [],
                "checkpoint": {"envelope": f"{note}\n\u2014 log.example {signed}\n"},
            },
            "canonicalizedBody": _b64(body),
        }


def _usage(*, sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign_certificates,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
