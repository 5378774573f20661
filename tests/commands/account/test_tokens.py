"""Keys for machines: made for members, stored hashed, listed, revoked, noted."""

from __future__ import annotations

import json

import pytest

from registry_tool.commands.account.tokens import KeyRequest, list_tokens, new_api_key, revoke
from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.security.tokens.opaque import read_opaque
from registry_tool.state.audit_log import entries
from registry_tool.state.target import Target
from registry_tool.state.tokens.records import key_path
from tests.commands.privacy_places import git
from tests.conftest import RegistryFolder
from tests.server.signing_in import MEMBERS, SetClock


@pytest.fixture
def target(make_registry: object) -> Target:
    """A registry with members."""
    registry: RegistryFolder = make_registry(git=True)  # type: ignore[operator]
    file = registry.root / "registry/registry.yaml"
    file.write_text(file.read_text() + MEMBERS)
    return Target(registry.root, clock=SetClock(), environ={})


def test_a_key_is_stored_hashed_and_noted(target: Target) -> None:
    made = new_api_key(target, KeyRequest("ci", "ada", ["run"], ["hello"], "90d"), {})
    token = read_opaque("key", made.secret)
    stored = git(target.root, "show", f"access:{key_path(made.key.id)}")
    assert token is not None and token.is_of(json.loads(stored)["sha256"])
    assert made.secret not in stored and made.secret not in repr(made)
    assert made.key.expires == "2026-05-30T12:00:00.000Z"
    (row,) = list_tokens(target, {})
    assert (row["login"], row["scopes"], row["workflows"]) == ("ada", ["run"], ["hello"])
    (noted,) = entries(target, "registry")
    assert (noted.action, noted.detail["token"]) == ("token-new", made.key.id)


def test_revoking_is_noted_once_and_stays_listed(target: Target) -> None:
    made = new_api_key(target, KeyRequest("ci", "ada"), {})
    for _ in range(2):
        revoke(target, made.key.id, {})
    (row,) = list_tokens(target, {})
    assert row["revoked"] == "2026-03-01T12:00:00.000Z"
    assert [entry.action for entry in entries(target, "registry")] == ["token-new", "token-revoke"]
    with pytest.raises(NotFoundError):
        revoke(target, "0" * 16, {})


def test_what_a_key_cannot_be_for(target: Target) -> None:
    for wanted, message in (
        (KeyRequest("ci", "aba"), "no member 'aba'"),
        (KeyRequest("", "ada"), "one line"),
        (KeyRequest("a\nb", "ada"), "one line"),
        (KeyRequest("ci", "ada", ["fly"]), "no scope 'fly'"),
        (KeyRequest("ci", "ada", ["admin"]), "takes an admin"),
        (KeyRequest("ci", "ada", (), ["../x"]), "not a workflow's name"),
        (KeyRequest("ci", "ada", (), (), "soon"), "not a duration"),
        (KeyRequest("ci", "ada", (), (), "0s"), "not a time"),
    ):
        with pytest.raises(UsageError, match=message):
            new_api_key(target, wanted, {})
    assert list_tokens(target, {}) == []
