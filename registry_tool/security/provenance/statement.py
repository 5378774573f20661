"""What an attestation says: an in-toto statement with SLSA provenance, read strictly. Nothing here is verified.

https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md, https://slsa.dev/spec/v1.0/provenance
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Final

import msgspec

from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record
from registry_tool.core.values import Object

STATEMENT: Final = "https://in-toto.io/Statement/v1"
PROVENANCE: Final = "https://slsa.dev/provenance/v1"
PAYLOAD: Final = "application/vnd.in-toto+json"
LARGEST: Final = 4 * 2**20
"""The most bytes of a bundle that is read: one may have 1,024 subjects."""


class ProvenanceError(RegistryError):
    """There is no attestation of a package, or it isn't about it, or isn't to be believed."""


class Provenance(Record, frozen=True):
    """Who built a package, as the certificate of its attestation says.

    `workflow` is the job's file with its ref, `run` the address of the run, `builder` what the statement names.
    """

    repository: str
    commit: str
    ref: str = ""
    workflow: str = ""
    run: str = ""
    trigger: str = ""
    builder: str = ""

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "repository": self.repository,
            "commit": self.commit,
            "ref": self.ref,
            "workflow": self.workflow,
            "run": self.run,
            "trigger": self.trigger,
            "builder": self.builder,
        }


class _Digests(msgspec.Struct, frozen=True):
    sha256: str = ""


class _Subject(msgspec.Struct, frozen=True):
    name: str
    digest: _Digests


class _Builder(msgspec.Struct, frozen=True):
    id: str = ""


class _Run(msgspec.Struct, frozen=True):
    builder: _Builder = _Builder()


class _Predicate(msgspec.Struct, frozen=True, rename={"run": "runDetails"}):
    run: _Run = _Run()


class _Statement(msgspec.Struct, frozen=True, rename={"kind": "_type", "about": "predicateType"}):
    kind: str
    about: str
    subject: list[_Subject]
    predicate: _Predicate


class _Envelope(msgspec.Struct, frozen=True):
    payload: str


class _Bundle(msgspec.Struct, frozen=True):
    envelope: _Envelope = msgspec.field(name="dsseEnvelope")


class ProvenanceStatement(Record, frozen=True):
    """The subjects of a statement, SHA-256 (hex) by name, and the builder that it names."""

    subjects: Mapping[str, str]
    builder: str

    def demand_about(self, name: str, sha256: str, location: str) -> None:
        """`ProvenanceError` unless it is about the package of that name with these bytes."""
        attested = self.subjects.get(name)
        if attested is None:
            raise ProvenanceError(
                f"the attestation is not about {name}",
                location=location,
                hint="ask who published it for the right one",
            )
        if attested != sha256:
            raise ProvenanceError(
                f"the attestation is about other bytes: it names sha256:{attested}, the package has "
                f"sha256:{sha256}",
                location=location,
                hint="the package was changed after it was built, or the attestation is another's: don't use it",
            )


def read_statement(payload: bytes, location: str) -> ProvenanceStatement:
    """The statement in an envelope's payload; `ProvenanceError` where it is no provenance."""
    try:
        found = msgspec.json.decode(payload, type=_Statement)
    except msgspec.DecodeError as error:
        raise _bad(str(error), location) from None
    if (found.kind, found.about) != (STATEMENT, PROVENANCE):
        raise _bad(f"it is {found.about[:80]!r}, not {PROVENANCE}", location)
    subjects = {one.name: one.digest.sha256 for one in found.subject}
    return ProvenanceStatement(subjects, found.predicate.run.builder.id)


def statement_in(bundle: bytes, location: str) -> ProvenanceStatement:
    """The statement in a bundle, whose signature is not looked at."""
    try:
        envelope = msgspec.json.decode(bundle, type=_Bundle).envelope
        payload = base64.b64decode(envelope.payload, validate=True)
    except (msgspec.DecodeError, binascii.Error) as error:
        raise _bad(str(error), location) from None
    return read_statement(payload, location)


def _bad(reason: str, location: str) -> ProvenanceError:
    return ProvenanceError(
        f"not an attestation of provenance ({reason})",
        location=location,
        hint="an in-toto statement of SLSA provenance in a Sigstore bundle is wanted",
    )
