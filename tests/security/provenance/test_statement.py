"""A statement is read strictly: what is no provenance of packages is refused with its reason."""

from __future__ import annotations

import base64
import json

import pytest

from registry_tool.security.provenance.statement import (
    ProvenanceError,
    read_statement,
    statement_in,
)
from tests.security.provenance.sigstore_world import statement

PACKAGES = {"hello-1.0.0.wfpkg": "a" * 64}


def test_subjects_and_builder_are_read() -> None:
    found = read_statement(statement(PACKAGES), "here")
    assert found.subjects == PACKAGES
    assert found.builder.endswith("publish.yml@refs/heads/main")
    found.demand_about("hello-1.0.0.wfpkg", "a" * 64, "here")


@pytest.mark.parametrize("payload", [b"", b"[]", b"{}", statement({}, "https://other.example/v1")])
def test_what_is_something_else_is_refused(payload: bytes) -> None:
    with pytest.raises(ProvenanceError, match="not an attestation of provenance") as raised:
        read_statement(payload, "here")
    assert raised.value.location == "here"


def test_the_statement_in_a_bundle_is_found_and_garbage_is_not() -> None:
    payload = base64.b64encode(statement(PACKAGES)).decode()
    bundle = json.dumps({"dsseEnvelope": {"payload": payload, "signatures": []}, "more": 1})
    assert statement_in(bundle.encode(), "here").subjects == PACKAGES
    for broken in (b"{}", b'{"dsseEnvelope": {"payload": "!"}}', b"\xff"):
        with pytest.raises(ProvenanceError):
            statement_in(broken, "here")
