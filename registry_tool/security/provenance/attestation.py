"""Sigstore bundles held against the keys that the library ships, or those in a file: nobody is asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from registry_tool.core.errors import MissingToolError, RegistryError
from registry_tool.security.provenance.claims import claims_of
from registry_tool.security.provenance.statement import (
    PAYLOAD,
    Provenance,
    ProvenanceError,
    read_statement,
)

if TYPE_CHECKING:
    from sigstore.verify import Verifier

GITHUB: Final = "https://token.actions.githubusercontent.com"
"""Who says which job it was: Fulcio writes into the certificate what its token says."""


def verified_provenance(
    bundle: bytes, name: str, sha256: str, location: str, trusted_root: Path | None = None
) -> Provenance:
    """Who built the package with this file name and these bytes, by its attestation.

    `ProvenanceError` where the bundle isn't signed by a job of GitHub's, is about something else, or isn't valid;
    `MissingToolError` where the library is not installed.
    """
    try:
        from sigstore.errors import Error
        from sigstore.models import Bundle, InvalidBundle
        from sigstore.verify import policy
    except ImportError:
        raise MissingToolError(
            "attestations can't be verified: the library is not installed",
            hint="pip install 'puppyai-workflow-registry[provenance]'",
        ) from None
    try:
        read = Bundle.from_json(bundle)
        kind, payload = _verifier(trusted_root).verify_dsse(read, policy.OIDCIssuerV2(GITHUB))
    except (InvalidBundle, Error, ValueError) as error:
        raise ProvenanceError(
            f"the attestation is not valid ({_first_line(error)})",
            location=location,
            hint="don't use the package before its maintainers have explained this",
        ) from None
    if kind != PAYLOAD:
        raise ProvenanceError(f"the attestation holds {kind[:80]!r}", location=location)
    statement = read_statement(payload, location)
    statement.demand_about(name, sha256, location)
    return claims_of(read.signing_certificate, statement.builder)


def _verifier(trusted_root: Path | None) -> Verifier:
    from sigstore.models import TrustedRoot
    from sigstore.verify import Verifier

    if trusted_root is None:
        return Verifier.production(offline=True)
    try:
        return Verifier(trusted_root=TrustedRoot.from_file(str(trusted_root)))
    except (OSError, ValueError) as error:
        raise RegistryError(
            f"not a trusted root ({_first_line(error)})",
            location=str(trusted_root),
            hint="give Sigstore's trusted_root.json, such as `gh attestation trusted-root` prints",
        ) from None


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
