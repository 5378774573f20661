"""The registry's own key: from its variable, else this machine's; never another's."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.security.keys import VARIABLE, EnvironmentKeyError, spelled
from registry_tool.state.audit_log import entries
from registry_tool.state.public_keys import publish
from registry_tool.state.tokens.registry_key import (
    REGISTRY,
    REGISTRY_KEY,
    note_in_registry,
    registry_ring,
)
from tests.commands.privacy_places import OLD, V1, V2, make_place


def test_a_machine_with_its_own_state_makes_one(tmp_path: Path) -> None:
    place = make_place(tmp_path)
    ring = registry_ring(place, OLD)  # an environment's key is not the registry's
    assert ring.environment == REGISTRY
    assert registry_ring(place, {}) == ring


def test_the_variable_brings_it_and_another_is_refused(tmp_path: Path) -> None:
    place = make_place(tmp_path, remote=True)
    with pytest.raises(EnvironmentKeyError) as missing:
        registry_ring(place, {})
    assert REGISTRY_KEY in missing.value.hint and VARIABLE not in str(missing.value)
    ring = registry_ring(place, {REGISTRY_KEY: spelled([(1, V1)])})
    publish(place, ring)
    with pytest.raises(EnvironmentKeyError):
        registry_ring(place, {REGISTRY_KEY: spelled([(1, V2)])})


def test_the_audit_log_names_nobody_by_number(tmp_path: Path) -> None:
    place = make_place(tmp_path)
    ring = registry_ring(place, {})
    note_in_registry(place, ring, "7", "token-new", {"token": "1"})
    note_in_registry(place, ring, "t", "token-revoke", {"token": "1"})
    first, second = entries(place, REGISTRY)
    assert first.actor == ring.pseudonym("actor", "7")
    assert second.actor == "t"
