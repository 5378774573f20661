"""An environment's keys: where they come from, what is derived, and that errors never show them."""

from __future__ import annotations

import base64
import os
import stat
import threading
from pathlib import Path

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.security.keys import (
    VARIABLE,
    EnvironmentKeyError,
    environment_key,
    machine_key_file,
    new_secret,
    parse_ring,
    spelled,
)

OLD = bytes(range(32))
NEW = bytes(range(100, 132))


def b64(secret: bytes) -> str:
    return base64.b64encode(secret).decode()


def test_a_single_key_is_the_first_version() -> None:
    ring = parse_ring(b64(OLD), "production")
    assert [key.number for key in ring.keys] == [1]
    assert ring.newest.secret == OLD


def test_a_ring_is_read_newest_first_and_spelled_back() -> None:
    text = spelled([(2, NEW), (1, OLD)])
    ring = parse_ring(f" {text}\n", "production")
    assert [key.secret for key in ring.keys] == [NEW, OLD]
    assert ring.get(ring.keys[1].id) is ring.keys[1]
    assert ring.get("0" * 16) is None
    assert [key.id for key in ring.public] == [key.id for key in ring.keys]


def test_keys_of_purposes_and_environments_differ() -> None:
    production = parse_ring(b64(OLD), "production").newest
    staging = parse_ring(b64(OLD), "staging").newest
    derived = {
        key.derive(purpose)
        for key in (production, staging)
        for purpose in ("wrapping", "signing", "pseudonyms", "sealing")
    }
    assert len(derived) == 8
    assert production.id != staging.id


def test_derivation_is_pinned() -> None:
    """A key that derives something else tomorrow can't open what it locked today."""
    key = parse_ring(b64(OLD), "production").newest
    assert key.id == "931a1b099cb0fbdb"
    assert key.pseudonym("actor", "42") == "e01c0430691a9f9e1d877f99edaa1a6e"


def test_pseudonyms_tell_actors_from_subjects_and_change_with_the_key() -> None:
    ring = parse_ring(spelled([(2, NEW), (1, OLD)]), "production")
    assert ring.pseudonym("actor", "42") == ring.pseudonyms("actor", "42")[0]
    assert len({*ring.pseudonyms("actor", "42"), *ring.pseudonyms("subject", "42")}) == 4


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("hunter2!", "isn't base64"),
        (b64(b"shortsecret"), "has 11 bytes"),
        (b64(bytes(32)), "isn't random"),
        (b64(OLD) + b64(NEW), "isn't base64"),
        (f"v1:{b64(OLD)},v2:{b64(NEW)}", "aren't numbered from the newest"),
        (f"v2:{b64(OLD)},v2:{b64(NEW)}", "aren't numbered from the newest"),
        (f"v2:{b64(OLD)},v1:{b64(OLD)}", "is listed twice"),
        (f"v0:{b64(OLD)}", "isn't base64"),
        (f"{b64(OLD)},", "has 0 bytes"),
    ],
)
def test_a_wrong_key_is_refused_without_its_value(text: str, why: str) -> None:
    with pytest.raises(EnvironmentKeyError) as caught:
        parse_ring(text, "production")
    assert why in caught.value.reason
    assert caught.value.hint
    for part in text.split(","):
        value = part.partition(":")[2] or part
        assert not value or value not in str(caught.value)


def test_repr_hides_the_secret() -> None:
    ring = parse_ring(b64(OLD), "production")
    assert repr(OLD)[2:20] not in repr(ring)
    assert b64(OLD) not in repr(ring)


def test_the_variable_comes_first(tmp_path: Path) -> None:
    ring = environment_key(tmp_path, "production", {VARIABLE: b64(OLD), "GITHUB_ACTIONS": "true"})
    assert ring.newest.secret == OLD
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("given", [{}, {VARIABLE: ""}, {VARIABLE: "  "}])
def test_a_job_must_bring_its_key(tmp_path: Path, given: dict[str, str]) -> None:
    with pytest.raises(EnvironmentKeyError, match="isn't set in the environment production"):
        environment_key(tmp_path, "production", {**given, "GITHUB_ACTIONS": "true"})
    assert not list(tmp_path.iterdir())


def test_a_machine_makes_its_own_key_once(tmp_path: Path) -> None:
    first = environment_key(tmp_path, "development", {})
    path = machine_key_file(tmp_path, "development")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert environment_key(tmp_path, "development", {}) == first
    assert environment_key(tmp_path, "staging", {}).newest.secret != first.newest.secret
    assert {file.name for file in path.parent.iterdir()} == {"development.key", "staging.key"}


def test_processes_that_race_for_the_first_key_agree(tmp_path: Path) -> None:
    found: list[bytes] = []
    threads = [
        threading.Thread(
            target=lambda: found.append(environment_key(tmp_path, "dev", {}).newest.secret)
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    environment_key(tmp_path, "development", {})
    machine_key_file(tmp_path, "development").chmod(0o644)
    with pytest.raises(EnvironmentKeyError, match="others can read the key"):
        environment_key(tmp_path, "development", {})


def test_a_folder_that_cant_be_made_is_an_error_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "puppy").write_text("a file stands here")
    with pytest.raises(EnvironmentKeyError, match="can't be stored"):
        environment_key(tmp_path, "development", {})


@pytest.mark.parametrize("name", ["", "../x", "a/b", "Production", "-x", "a" * 64])
def test_an_environment_name_is_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(RegistryError, match="can't be an environment's name"):
        environment_key(tmp_path, name, {})


def test_new_secrets_are_fresh() -> None:
    assert len({new_secret() for _ in range(4)}) == 4
    assert new_secret(lambda n: os.urandom(n)[:n]) != new_secret()
