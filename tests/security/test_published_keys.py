"""The file of an environment's public keys: written by the newest, read strictly."""

from __future__ import annotations

import json

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import pretty_json
from registry_tool.security.keys import parse_ring, spelled
from registry_tool.security.published_keys import (
    PublishedKeys,
    all_of,
    keys_bytes,
    path_of,
    read_keys,
)
from registry_tool.security.signing import sign

V1, V2 = bytes(range(32)), bytes(range(100, 132))
OLD = parse_ring(spelled([(1, V1)]), "production")
BOTH = parse_ring(spelled([(2, V2), (1, V1)]), "production")
STRANGER = parse_ring(spelled([(1, bytes(range(60, 92)))]), "production")
EMPTY = PublishedKeys("production")


def test_round_trip_newest_first_with_the_time_of_each() -> None:
    first = EMPTY.with_ring(OLD, "2026-03-01")
    second = first.with_ring(BOTH, "2026-04-01")
    read = read_keys(keys_bytes(second, BOTH), path_of("production"))
    assert read == second
    assert read.keys == BOTH.public
    assert read.since == ("2026-04-01", "2026-03-01")
    assert second.with_ring(BOTH, "2026-05-01") == second


def test_whose_word_counts() -> None:
    published = EMPTY.with_ring(BOTH, "x")
    assert published.vouched_by(BOTH)
    assert not published.vouched_by(OLD), "the older key can't speak for a newer one"
    assert not published.vouched_by(STRANGER)
    assert not EMPTY.vouched_by(BOTH)


def test_a_key_that_was_dropped_stays_published() -> None:
    """What it signed stays checkable."""
    newest = parse_ring(spelled([(2, V2)]), "production")
    assert EMPTY.with_ring(BOTH, "x").with_ring(newest, "y").keys == BOTH.public
    assert all_of(BOTH.public, OLD.public) == BOTH.public


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"format": "x"}, "not a valid file of an environment's keys"),
        ({"keys": []}, "not a valid file of an environment's keys"),
        ({"keys": [{"id": "a", "signing": "!", "sealing": "", "since": ""}]}, "keys.0..sealing"),
        ({"environment": "staging"}, "isn't signed by its newest key"),
    ],
)
def test_what_is_none(change: dict[str, object], why: str) -> None:
    value = {**json.loads(keys_bytes(EMPTY.with_ring(OLD, "x"), OLD)), **change}
    with pytest.raises(RegistryError, match=why):
        read_keys(pretty_json(value).encode(), "keys/production.json")


def test_an_id_is_the_hash_of_its_key() -> None:
    """Nobody publishes a key of their own under another's id."""
    value = json.loads(keys_bytes(EMPTY.with_ring(OLD, "x"), OLD))
    theirs = json.loads(keys_bytes(EMPTY.with_ring(STRANGER, "x"), STRANGER))["keys"][0]
    value["keys"][0] = {**theirs, "id": OLD.newest.id}
    value["signature"] = sign({k: v for k, v in value.items() if k != "signature"}, STRANGER)
    with pytest.raises(RegistryError, match="not a valid file of an environment's keys"):
        read_keys(pretty_json(value).encode(), "keys/production.json")
