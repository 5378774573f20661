"""The audit chain: whatever single thing is done to it, it shows."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import pretty_json
from registry_tool.core.hash_chain import link_path
from registry_tool.core.values import Object
from registry_tool.security.audit import (
    AuditEntry,
    Note,
    chain_problems,
    entry_bytes,
    read_entry,
    switch_problems,
)
from registry_tool.security.checkpoints import (
    checkpoint,
)
from registry_tool.security.keys import parse_ring, spelled
from registry_tool.security.signing import sign
from tests.security.audit_chain import CHAIN, RING, note, problems

STRANGER = parse_ring(spelled([(1, bytes(range(50, 82)))]), "production")


def test_a_sound_chain_has_no_problem() -> None:
    assert problems(CHAIN) == []
    assert problems([]) == []


@given(st.data())
def test_any_changed_byte_is_seen(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(CHAIN) - 1))
    path, content = CHAIN[at]
    changed = bytearray(content)
    location = data.draw(st.integers(0, len(content) - 1))
    changed[location] ^= data.draw(st.integers(1, 255))
    files = [*CHAIN[:at], (path, bytes(changed)), *CHAIN[at + 1 :]]
    assert problems(files)


@given(st.integers(0, len(CHAIN) - 2))
def test_a_removed_entry_is_seen(at: int) -> None:
    assert problems([*CHAIN[:at], *CHAIN[at + 1 :]])


@given(st.integers(0, len(CHAIN) - 2))
def test_a_removed_entry_is_seen_where_later_ones_moved_up(at: int) -> None:
    left = [data for position, (_, data) in enumerate(CHAIN) if position != at]
    files = [(link_path("production", n), data) for n, data in enumerate(left, 1)]
    assert problems(files)
    forged = CHAIN[:at]  # somebody without the key writes the whole rest anew
    for number in range(at + 1, len(CHAIN)):
        last = forged[-1][1] if forged else b""
        data = entry_bytes(note(number + 1), number, last, STRANGER)
        forged.append((link_path("production", number), data))
    assert problems(forged)


@given(st.permutations(range(len(CHAIN))))
def test_another_order_is_seen(order: list[int]) -> None:
    files = [(CHAIN[n][0], CHAIN[position][1]) for n, position in enumerate(order)]
    assert bool(problems(files)) == (order != sorted(order))


@given(st.integers(0, len(CHAIN)))
def test_an_entry_put_in_between_is_seen(at: int) -> None:
    data = entry_bytes(note(9), at + 1, CHAIN[at - 1][1] if at else b"", STRANGER)
    between = [(link_path("production", at + 1), data)]
    assert problems([*CHAIN[:at], *between, *CHAIN[at:]])


def test_a_forged_signature_is_seen_even_at_the_end() -> None:
    forged = entry_bytes(note(6), 6, CHAIN[-1][1], STRANGER)
    assert problems([*CHAIN, (link_path("production", 6), forged)]) == [
        "no known key made this entry's signature"
    ]


def test_another_environments_chain_is_seen() -> None:
    assert list(chain_problems(CHAIN, "staging", RING.public))


def test_another_spelling_of_the_same_entry_is_none() -> None:
    path, data = CHAIN[-1]
    with pytest.raises(RegistryError, match="isn't written as the tool writes it"):
        read_entry(json.dumps(json.loads(data)).encode(), path)


def test_a_signed_value_of_another_kind_is_no_entry() -> None:
    kept = checkpoint(CHAIN, "production", "2026-03-02T00:00:00.000Z", RING)
    assert sign(kept, RING) == kept["signature"]
    files = [*CHAIN, (link_path("production", 6), pretty_json(kept).encode())]
    assert problems(files) == [
        "not a valid entry of the audit log (its format is not puppyai.com/audit/v1)"
    ]


@pytest.mark.parametrize("action", ["", "Deploy", "a b", "x" * 50, "-x"])
def test_an_action_is_a_word(action: str) -> None:
    with pytest.raises(RegistryError, match="not an action"):
        entry_bytes(note(1, action), 1, b"", RING)


def test_every_change_of_what_serves_has_its_entry_and_the_reverse() -> None:
    def result(number: int, **events: str) -> AuditEntry:
        listed: Object = {"events": [{"path": p, "sha256": s} for p, s in events.items()]}
        note = Note("production", "", "deploy", "2026-03-01T12:00:00.000Z", listed)
        return read_entry(entry_bytes(note, number, b"", RING), link_path("production", number))

    noted = [result(1, a="1", b="2"), result(2), result(3, c="3")]
    assert list(switch_problems("production", {"a": "1", "b": "2", "c": "3"}, noted)) == []
    found = switch_problems("production", {"a": "1", "b": "9", "d": "4"}, noted)
    assert [(item.location, item.reason) for item in found] == [
        ("d", "this change of what serves has no entry in the audit log"),
        ("b", "the event was changed after the entry 1 was written"),
        ("production/00000003.json", "its event c isn't there"),
    ]
