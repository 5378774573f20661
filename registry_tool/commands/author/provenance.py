"""`puppy-cli verify --provenance`: who built a package from which commit, by its attestation; nobody is asked."""

from __future__ import annotations

import hashlib
from pathlib import Path

from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.core.files import read_limited
from registry_tool.core.records import Record
from registry_tool.package.build import package_bytes
from registry_tool.security.provenance.attestation import verified_provenance
from registry_tool.security.provenance.statement import LARGEST, Provenance, ProvenanceError
from registry_tool.sources.configuration.choice import AnyRegistry, as_choice
from registry_tool.sources.reader import open_reader
from registry_tool.sources.reference import OpenedProgram
from registry_tool.store import paths


class ProvenanceQuery(Record, frozen=True):
    """Where a package's attestation is (None: the registry has it), and whose it should be.

    `repository` is `OWNER/REPO` on GitHub, and `ref` a branch or tag of it, empty where any will do.
    `trusted_root` is a file of Sigstore's keys.
    """

    attestation: Path | None = None
    repository: str = ""
    trusted_root: Path | None = None
    ref: str = ""


def provenance_of(
    opened: OpenedProgram, registry: AnyRegistry, query: ProvenanceQuery
) -> Provenance:
    """Who built what was opened; `ProvenanceError` where there is no attestation, or it doesn't match."""
    workflow = opened.program.workflow
    name = paths.package_file(workflow.name, workflow.version)
    sha256 = hashlib.sha256(package_bytes(opened.program.files)).hexdigest()
    data, location = _bundle(opened, registry, query, name)
    found = verified_provenance(data, name, sha256, location, query.trusted_root)
    wanted = f"https://github.com/{query.repository}"
    if query.repository and found.repository.lower() != wanted.lower():
        raise ProvenanceError(
            f"it was built in {found.repository}, not in {wanted}",
            location=location,
            hint="this is another's package under the same name: don't use it",
        )
    _demand_ref(found.ref, query.ref, location)
    return found


def _demand_ref(ref: str, wanted: str, location: str) -> None:
    """Whoever may push a branch can have a job of the repository attest anything."""
    if wanted and ref not in {wanted, f"refs/heads/{wanted}", f"refs/tags/{wanted}"}:
        raise ProvenanceError(
            f"it was built from {ref or 'no branch that it names'}, not from {wanted}",
            location=location,
            hint="ask its maintainers: who may push a branch can build on it",
        )
    if not wanted and ref.startswith("refs/pull/"):
        raise ProvenanceError(
            f"it was built from {ref}, a pull request: nobody had merged it",
            location=location,
            hint=f"don't use it; where you know why it is so, name it: --ref {ref}",
        )


def _bundle(
    opened: OpenedProgram, registry: AnyRegistry, query: ProvenanceQuery, name: str
) -> tuple[bytes, str]:
    if query.attestation is not None:
        if not query.attestation.is_file():
            raise NotFoundError("there is no such file", location=str(query.attestation))
        return read_limited(query.attestation, LARGEST), str(query.attestation)
    if opened.candidate is None:
        raise UsageError(
            "a package by itself brings no attestation",
            location=name,
            hint="give it with --attestation FILE (`gh attestation download` gets one)",
        )
    reader = open_reader(as_choice(registry))
    data = reader.attestation(opened.candidate)
    if data is None:
        raise ProvenanceError(
            f"there is no attestation of {name}: nobody says who built it",
            location=reader.location,
            hint="its registry doesn't attest packages, or not yet; give one with --attestation FILE",
        )
    return data, f"{reader.location}/{name}"
