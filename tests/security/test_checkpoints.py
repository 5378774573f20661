"""A checkpoint that was kept elsewhere shows what was cut off or replaced since."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import pretty_json
from registry_tool.core.hash_chain import link_path
from registry_tool.core.values import Object
from registry_tool.security.audit import (
    entry_bytes,
)
from registry_tool.security.checkpoints import (
    WITHOUT_RUNS,
    OldCheckpoint,
    checkpoint,
    checkpoint_problems,
    checkpoint_value,
    read_checkpoint,
)
from tests.security.audit_chain import CHAIN, RING, Files, note, problems


def kept_of(value: Object) -> OldCheckpoint:
    """As a file that somebody kept is read."""
    return read_checkpoint(pretty_json(value).encode(), "c.json")


@given(st.integers(0, len(CHAIN) - 1))
def test_a_kept_checkpoint_shows_what_was_cut_off(length: int) -> None:
    kept = checkpoint(CHAIN, "production", "2026-03-02T00:00:00.000Z", RING)
    cut = CHAIN[:length]
    assert problems(cut) == [], "without a checkpoint a chain that was cut looks whole"
    found = [item.reason for item in checkpoint_problems(kept_of(kept), cut, RING.public)]
    assert found == [f"{length} entries are left of the 5 that the checkpoint counts"]


def test_a_kept_checkpoint_shows_another_history_of_the_same_length() -> None:
    other: Files = []
    for number in range(1, 6):  # by who holds the key
        last = other[-1][1] if other else b""
        data = entry_bytes(note(number, "rollback"), number, last, RING)
        other.append((link_path("production", number), data))
    kept = checkpoint(CHAIN, "production", "2026-03-02T00:00:00.000Z", RING)
    assert problems(other) == []
    assert list(checkpoint_problems(kept_of(kept), other, RING.public))
    longer = [*CHAIN, (link_path("production", 6), entry_bytes(note(6), 6, CHAIN[-1][1], RING))]
    assert list(checkpoint_problems(kept_of(kept), longer, RING.public)) == []


def test_a_checkpoint_of_nothing_holds_whatever_comes() -> None:
    kept = checkpoint([], "production", "2026-03-02T00:00:00.000Z", RING)
    assert list(checkpoint_problems(kept_of(kept), CHAIN, RING.public)) == []


@pytest.mark.parametrize("member", ["count", "head", "time", "environment"])
def test_a_changed_checkpoint_is_seen(member: str) -> None:
    kept = checkpoint(CHAIN, "production", "2026-03-02T00:00:00.000Z", RING)
    changed: Object = {**kept, member: 3 if member == "count" else "x"}
    assert list(checkpoint_problems(kept_of(changed), CHAIN, RING.public))


@pytest.mark.parametrize(
    "change",
    [
        {"format": "x"},
        {"count": -1},
        {"count": True},
        {"count": "5"},
        {"more": 1},
        {"head": None},
        {"runs": []},
        {"runs": {"2026-13": {"count": 1, "head": "x"}}},
        {"runs": {"2026-11": {"count": 0, "head": ""}}},
        {"runs": {"2026-11": {"count": True, "head": ""}}},
        {"runs": {"2026-11": {"count": 1}}},
        {"format": WITHOUT_RUNS},
    ],
)
def test_what_is_no_checkpoint(change: Object) -> None:
    kept = checkpoint(CHAIN, "production", "2026-03-02T00:00:00.000Z", RING)
    assert checkpoint_value(kept_of(kept)) == kept
    with pytest.raises(RegistryError, match="not a valid checkpoint") as caught:
        read_checkpoint(pretty_json({**kept, **change}).encode(), "c.json")
    assert "checkpoint --env" in caught.value.hint
