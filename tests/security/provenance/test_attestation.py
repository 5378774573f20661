"""Attestations are believed where GitHub's word, the logs and the bytes agree, and nowhere else."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.security.provenance.attestation import verified_provenance
from registry_tool.security.provenance.statement import ProvenanceError
from tests.security.provenance.sigstore_world import (
    CLAIMS,
    COMMIT,
    REPOSITORY,
    SigstoreWorld,
    statement,
)

NAME, SHA256 = "hello-1.0.0.wfpkg", "a" * 64
WORLD = SigstoreWorld()
BUNDLE = WORLD.bundle(statement({NAME: SHA256, "other-2.0.0.wfpkg": "b" * 64}))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    file = tmp_path / "trusted_root.json"
    file.write_bytes(WORLD.trusted_root())
    return file


def test_it_says_who_built_what_from_which_commit(root: Path) -> None:
    found = verified_provenance(BUNDLE, NAME, SHA256, "here", root)
    assert (found.repository, found.commit, found.ref) == (REPOSITORY, COMMIT, "refs/heads/main")
    assert found.workflow == found.builder == CLAIMS[9]
    assert found.run == CLAIMS[21]


def test_other_bytes_and_other_packages_are_refused(root: Path) -> None:
    with pytest.raises(ProvenanceError, match="about other bytes"):
        verified_provenance(BUNDLE, NAME, "c" * 64, "here", root)
    with pytest.raises(ProvenanceError, match=r"not about hello-1\.0\.1"):
        verified_provenance(BUNDLE, "hello-1.0.1.wfpkg", SHA256, "here", root)


def _payload(bundle: dict[str, Any]) -> None:
    forged = statement({NAME: "c" * 64})
    bundle["dsseEnvelope"]["payload"] = base64.b64encode(forged).decode()


def _promise(bundle: dict[str, Any]) -> None:
    bundle["verificationMaterial"]["tlogEntries"][0]["integratedTime"] = "1700000000"


def _proof(bundle: dict[str, Any]) -> None:
    proof = bundle["verificationMaterial"]["tlogEntries"][0]["inclusionProof"]
    proof["rootHash"] = base64.b64encode(b"0" * 32).decode()


def _unlogged(bundle: dict[str, Any]) -> None:
    bundle["verificationMaterial"]["tlogEntries"] = []


FORGED: dict[str, Callable[[dict[str, Any]], None]] = {
    "another statement": _payload,
    "another time": _promise,
    "another log": _proof,
    "no log": _unlogged,
}


@pytest.mark.parametrize("forgery", FORGED)
def test_a_changed_bundle_is_refused(root: Path, forgery: str) -> None:
    bundle = json.loads(BUNDLE)
    FORGED[forgery](bundle)
    with pytest.raises(ProvenanceError, match="the attestation is not valid") as raised:
        verified_provenance(json.dumps(bundle).encode(), NAME, "c" * 64, "here", root)
    assert raised.value.location == "here"


def test_other_authorities_and_other_issuers_are_refused(root: Path) -> None:
    stranger = SigstoreWorld().bundle(statement({NAME: SHA256}))
    elsewhere = WORLD.bundle(statement({NAME: SHA256}), {**CLAIMS, 8: "https://evil.example"})
    for bundle in (stranger, elsewhere, b"{}", b"not JSON"):
        with pytest.raises(ProvenanceError, match="the attestation is not valid"):
            verified_provenance(bundle, NAME, SHA256, "here", root)


def test_the_public_keys_come_with_the_library_and_dont_know_ours(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(ProvenanceError, match="the attestation is not valid"):
        verified_provenance(BUNDLE, NAME, SHA256, "here")


def test_a_statement_of_something_else_is_no_provenance(root: Path) -> None:
    other = WORLD.bundle(statement({NAME: SHA256}, "https://in-toto.io/attestation/vulns/v0.1"))
    with pytest.raises(ProvenanceError, match="not an attestation of provenance"):
        verified_provenance(other, NAME, SHA256, "here", root)


def test_a_trusted_root_that_is_none_is_named(tmp_path: Path) -> None:
    file = tmp_path / "root.json"
    for content in (b"", b"{}", b'{"mediaType": "x"}'):
        file.write_bytes(content)
        with pytest.raises(RegistryError) as raised:
            verified_provenance(BUNDLE, NAME, SHA256, "here", file)
        assert raised.value.location == str(file)
