"""Sealing inputs for a dispatch, and opening them at admission."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry_tool.commands.requests.seal import must_seal, opened_inputs, sealed_inputs
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.manifest.load import load
from registry_tool.manifest.model import Workflow
from registry_tool.security.keys import VARIABLE, parse_ring
from registry_tool.sources.program import Program
from registry_tool.state.public_keys import publish, published
from tests.commands.privacy_places import OLD, make_place
from tests.conftest import MANIFEST

NOW = datetime(2026, 11, 29, 10, tzinfo=UTC)
RING = parse_ring(OLD[VARIABLE], "production")


def workflow(privacy: str = "encryption: aes-256") -> Workflow:
    text = MANIFEST.replace("NAME", "hello").replace("VERSION", "1.0.0").replace("REQUIRES", "[]")
    text += f"security: {{ data_privacy: {{ {privacy} }} }}\n"
    return load(text.encode(), "manifest.yaml").workflow


def program(privacy: str = "encryption: aes-256", callee: str = "") -> Program:
    callees = {"callee": program(callee)} if callee else {}
    return Program(workflow(privacy), {}, callees=callees)


def test_what_is_sealed_is_opened_by_its_job_only(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    publish(location, RING)
    sealed = sealed_inputs(published(location, "production"), workflow(), {"who": "Ada"}, 7, NOW)
    assert opened_inputs(sealed, {}, "production", program(), RING) == {"who": "Ada"}
    for environment, ring in (("staging", RING), ("staging", parse_ring(OLD[VARIABLE], "staging"))):
        with pytest.raises(RegistryError):
            opened_inputs(sealed, {}, environment, program(), ring)


def test_plain_inputs_of_an_encrypted_version_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="requires encryption") as caught:
        opened_inputs("", {"who": "Ada"}, "production", program(), RING)
    assert "puppy-cli seal hello --env production" in caught.value.hint
    assert "Ada" not in str(caught.value)
    plain = program("encryption: none")
    assert opened_inputs("", {"who": "Ada"}, "production", plain, RING) == {"who": "Ada"}
    assert must_seal(program())
    assert not must_seal(plain)


def test_what_a_called_version_demands_its_callers_demand() -> None:
    calling = program("pii_handling: keep", "encryption: aes-256")
    assert must_seal(calling)
    with pytest.raises(UsageError, match=r"hello:1\.0\.0, by what it calls, requires encryption"):
        opened_inputs("", {"who": "Ada"}, "production", calling, RING)
    assert not must_seal(program("pii_handling: keep", "data_retention: 1d"))


def test_personal_data_is_handled_before_it_is_sealed(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    publish(location, RING)
    masking = workflow("encryption: aes-256, pii_handling: mask")
    sealed = sealed_inputs(
        published(location, "production"), masking, {"who": "ada.lovelace@corp.dev"}, 7, NOW
    )
    assert opened_inputs(sealed, {}, "production", Program(masking, {}), RING) == {"who": "[EMAIL]"}


def test_wrong_inputs_and_no_key_are_said_at_once(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    with pytest.raises(NotFoundError, match="published no key") as caught:
        sealed_inputs(published(location, "production"), workflow(), {"who": "Ada"}, 7, NOW)
    assert "keys new --env production" in caught.value.hint
    publish(location, RING)
    with pytest.raises(UsageError, match="is required"):
        sealed_inputs(published(location, "production"), workflow(), {}, 7, NOW)
