"""What certificates say is read without the library that verifies them, and never raises."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from registry_tool.security.provenance.claims import unverified_claims
from tests.security.provenance.sigstore_world import (
    CLAIMS,
    COMMIT,
    REPOSITORY,
    SigstoreWorld,
    statement,
)

WORLD = SigstoreWorld()
STATEMENT = statement({"hello-1.0.0.wfpkg": "a" * 64})


def test_repository_commit_and_run_are_read() -> None:
    found = unverified_claims(WORLD.bundle(STATEMENT), "here")
    assert found
    assert (found.repository, found.commit, found.run) == (REPOSITORY, COMMIT, CLAIMS[21])
    assert found.trigger == "push"


def test_claims_that_are_missing_long_or_of_another_form_are_told_apart() -> None:
    long = f"https://github.com/ada/{'r' * 300}"
    found = unverified_claims(WORLD.bundle(STATEMENT, {12: long}), "here")
    assert found
    assert replace(found, builder="").to_value() == {
        "repository": long,
        **dict.fromkeys(("commit", "ref", "workflow", "run", "trigger", "builder"), ""),
    }


@pytest.mark.parametrize("bundle", [b"", b"{}", b'{"verificationMaterial": 1}'])
def test_what_is_no_bundle_says_nothing(bundle: bytes) -> None:
    assert unverified_claims(bundle, "here") is None
    broken = json.loads(WORLD.bundle(STATEMENT))
    broken["verificationMaterial"]["certificate"]["rawBytes"] = "AAAA"
    assert unverified_claims(json.dumps(broken).encode(), "here") is None
