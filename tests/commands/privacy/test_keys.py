"""`registry-tool keys`: new ones, publishing, moving on, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.privacy.keys import list_keys, new_key, rotate
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.security.encrypt import seal_payload
from registry_tool.security.keys import (
    VARIABLE,
    EnvironmentKeyError,
    environment_key,
    parse_ring,
)
from registry_tool.state.audit_log import entries
from registry_tool.state.public_keys import publish, published
from registry_tool.state.runs.keys import context_of, keep_key, open_run, run_key
from tests.commands.privacy_places import BOTH, NEW, NOW, OLD, LocationStandIn, git, make_place


def keep(location: LocationStandIn, name: str) -> bytes:
    ring = parse_ring(OLD[VARIABLE], "production")
    blob, wrapped = seal_payload(b"words", ring, context_of("production", name))
    keep_key(location, run_key("production", name, wrapped, NOW))
    return blob


def test_a_first_key_is_published_and_its_secret_stored_nowhere(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    made = new_key(location, "production", {})
    ring = parse_ring(made.secret, "production")
    assert (
        [key.id for key in published(location, "production").keys] == [ring.newest.id] == [made.id]
    )
    assert made.how_to_store == "gh secret set PUPPY_ENVIRONMENT_KEY --env production"
    secret = made.secret.removeprefix("v1:")
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or secret.encode() not in file.read_bytes(), file
    assert [entry.action for entry in entries(location)] == ["key-new"]


def test_a_second_key_comes_in_front_of_the_first(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    first = new_key(location, "production", {})
    with pytest.raises(EnvironmentKeyError, match=first.id) as caught:
        new_key(location, "production", {})
    assert VARIABLE in caught.value.hint
    second = new_key(location, "production", {VARIABLE: first.secret})
    assert second.replaces == first.id
    assert second.secret.startswith("v2:")
    assert second.secret.endswith(first.secret)
    assert [key.id for key in published(location, "production").keys] == [second.id, first.id]
    rows = list_keys(location, "production", {VARIABLE: second.secret})
    assert [(row["key"], row["newest"], row["held"]) for row in rows] == [
        (second.id, True, True),
        (first.id, False, True),
    ]
    assert [row["held"] for row in list_keys(location)] == [False, False]


def test_a_machines_own_key_is_taken_along(tmp_path: Path) -> None:
    """So that what a laptop locked can be opened with the secret that follows."""
    location = make_place(tmp_path)
    own = environment_key(location.root / ".git", "development", {})
    publish(location, own)
    made = new_key(location, "development", {})
    assert [key.id for key in parse_ring(made.secret, "development").keys] == [
        made.id,
        own.newest.id,
    ]


def test_an_older_key_alone_makes_no_new_one(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    first = new_key(location, "production", {})
    second = new_key(location, "production", {VARIABLE: first.secret})
    with pytest.raises(EnvironmentKeyError, match=second.id):
        new_key(location, "production", {VARIABLE: first.secret})


def test_rotation_is_idempotent_and_noted_once(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    file = tmp_path / "payload.bin"
    file.write_bytes(keep(location, "exec-1"))
    keep(location, "exec-2")
    done = rotate(location, "production", BOTH)
    assert (done.moved, done.there) == (2, 0)
    again = rotate(location, "production", BOTH)
    assert (again.moved, again.there) == (0, 2)
    assert [entry.action for entry in entries(location)] == ["key-rotate"]
    ring = parse_ring(NEW[VARIABLE], "production")
    assert open_run(location, file, "production", "exec-1", ring) == b"words"


def test_a_rotation_that_was_stopped_goes_on(tmp_path: Path) -> None:
    """One run kept its key under the old one after others had moved."""
    location = make_place(tmp_path)
    keep(location, "exec-1")
    rotate(location, "production", BOTH)
    keep(location, "exec-2")
    done = rotate(location, "production", BOTH)
    assert (done.moved, done.there) == (1, 1)


def test_without_the_old_key_rotation_says_which_is_missing(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    keep(location, "exec-1")
    with pytest.raises(RegistryError, match="locked with the key") as caught:
        rotate(location, "production", NEW)
    assert "add the old key" in caught.value.hint
    assert list(entries(location)) == [], "what was refused is not noted as done"


def test_an_unknown_environment_is_refused(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    for command in (new_key, rotate):
        with pytest.raises(UsageError, match="no environment 'prodction'") as caught:
            command(location, "prodction", OLD)
        assert "production" in caught.value.hint
    assert git(location.root, "branch", "--list") == "* main"


def test_publishing_again_writes_nothing(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    ring = parse_ring(OLD[VARIABLE], "production")
    publish(location, ring)
    tip = git(location.root, "rev-parse", "deployments")
    publish(location, ring)
    assert git(location.root, "rev-parse", "deployments") == tip
