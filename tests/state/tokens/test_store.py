"""The branch `access`: what is written is read, what others put there counts for nothing."""

from __future__ import annotations

from pathlib import Path

from registry_tool.security.keys import parse_ring, spelled
from registry_tool.state.tokens.records import KEY_FILE, StoredApiKey, key_path
from registry_tool.state.tokens.store import AccessStore
from tests.commands.privacy_places import git, make_place

RING = parse_ring(spelled([(1, bytes(range(32)))]), "registry")
OTHER = parse_ring(spelled([(1, bytes(range(9, 41)))]), "registry")


def key(key_id: str = "0" * 16, person: int = 7) -> StoredApiKey:
    """A key's record, not signed."""
    return StoredApiKey(
        id=key_id, name="ci", person=person, login="ada", scopes=["run"], workflows=[],
        sha256="0" * 64, created="2026-03-01T12:00:00.000Z", created_by="ada",
    )  # fmt: skip


def put(store: AccessStore, path: str, data: bytes) -> None:
    store.write(lambda _: {path: data}, "Put")


def test_what_is_written_is_seen_by_another_process_at_once(tmp_path: Path) -> None:
    place = make_place(tmp_path)
    one, other = AccessStore(place, RING), AccessStore(place, RING)
    assert other.key("0" * 16) is None
    put(one, key_path("0" * 16), one.key_bytes(key()))
    found = other.key("0" * 16)
    assert found is not None and found.principal.id == 7
    assert [each.id for each in other.api_keys()] == ["0" * 16]
    put(one, key_path("0" * 16), one.key_bytes(key(person=8)))
    again = other.key("0" * 16)
    assert again is not None and again.person == 8


def test_records_that_the_registry_did_not_sign_count_for_nothing(tmp_path: Path) -> None:
    place = make_place(tmp_path)
    store, stranger = AccessStore(place, RING), AccessStore(place, OTHER)
    good = store.key_bytes(key())
    raised = KEY_FILE.to_bytes(KEY_FILE.read(good.replace(b'"run"', b'"admin"'), ""))
    for data in (stranger.key_bytes(key()), raised, b"{}", good[:-9], KEY_FILE.to_bytes(key())):
        put(store, key_path("0" * 16), data)
        assert store.key("0" * 16) is None, data
    put(store, key_path("1" * 16), good)  # a good record under another's name
    assert store.key("1" * 16) is None
    assert list(store.api_keys()) == []


def test_a_remote_is_looked_at_now_and_then(tmp_path: Path) -> None:
    place = make_place(tmp_path, remote=True)
    ticks = [0.0]
    mine = AccessStore(place, RING)
    served = AccessStore(place, RING, lambda: ticks[0])
    assert served.key("0" * 16) is None
    put(mine, key_path("0" * 16), mine.key_bytes(key()))
    assert served.key("0" * 16) is None
    ticks[0] = 15.0
    assert served.key("0" * 16) is not None
    assert "access" in git(place.root, "ls-remote", "origin")
