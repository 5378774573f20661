"""An environment's public keys on the branch deployments: whose they are, and which key may sign."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.state.audit_log import note
from registry_tool.state.audit_verify import verify_audit
from registry_tool.state.public_keys import published
from tests.commands.privacy_places import OLD, LocationStandIn, git, make_place, tamper


def reasons(location: LocationStandIn, **how: object) -> list[str]:
    verdict = verify_audit(location, environ=OLD, **how)  # type: ignore[arg-type]
    return [item.reason for item in verdict.broken]


def test_a_file_of_keys_that_its_first_key_didnt_sign_is_refused(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    note(location, "production", "", "prune", {}, OLD)
    text = git(location.root, "show", "deployments:keys/production.json")
    changed = text.replace("2026-03-01", "2020-03-01")
    tamper(location, {"keys/production.json": changed.encode()}, "deployments")
    with pytest.raises(RegistryError, match="isn't signed by its newest key"):
        published(location, "production")
    assert reasons(location) == ["the file of keys isn't signed by its newest key"]
