"""What is said of state that is old: each sentence once, and the oldest for the whole."""

from __future__ import annotations

from registry_tool.store.state.notes import AsOf, StateNotes


def as_of(time: str) -> AsOf:
    return AsOf("deployments", "0123456789abcdef", time)


def test_a_sentence_is_said_once() -> None:
    said: list[str] = []
    notes = StateNotes(say=said.append)
    for sentence in ("one", "two", "one"):
        notes.warn(sentence)
    assert said == ["one", "two"]


def test_an_answer_is_as_old_as_its_oldest_part() -> None:
    notes = StateNotes()
    assert notes.oldest is None
    newer, older = as_of("2026-03-02T00:00:00Z"), as_of("2026-03-01T00:00:00Z")
    notes.old |= {"runs-2026-03": newer, "deployments": older}
    assert notes.oldest is older
    assert str(older) == "as of 2026-03-01T00:00:00Z (commit 0123456789ab of deployments)"
