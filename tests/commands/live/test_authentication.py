"""Who asks: access tokens of sessions, and that a session's end ends them."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from registry_tool.commands.live.authentication import (
    Authentication,
    LazyStore,
    UnauthenticatedError,
)
from registry_tool.security.tokens.access_token import AccessClaims, issue
from registry_tool.security.tokens.opaque import new_opaque
from registry_tool.security.tokens.principal import ANONYMOUS
from registry_tool.state.tokens.records import LoginSession, session_path
from registry_tool.state.tokens.store import AccessStore
from tests.commands.privacy_places import NOW, make_place

ISSUER = "https://registry.example.com"
SESSION = LoginSession(
    id="0" * 16, person=7, login="ada", scopes=["run"], workflows=[], by="corporate",
    created="2026-03-01T12:00:00.000Z", expires="2026-04-01T12:00:00.000Z",
)  # fmt: skip


def put(store: AccessStore, session: LoginSession) -> None:
    data = store.session_bytes(session)
    store.write(lambda _: {session_path(session.id): data}, "Put")


def test_an_access_token_counts_as_long_as_its_session(tmp_path: Path) -> None:
    place = make_place(tmp_path)
    lazy = LazyStore(place, {})
    known = Authentication(lazy, ISSUER, place.clock)
    put(lazy(), SESSION)
    token = issue(lazy().ring, ISSUER, AccessClaims(SESSION.id, 7), NOW)
    assert known.principal(f"Bearer {token}").credential == f"session:{SESSION.id}"
    stranger = issue(lazy().ring, ISSUER, AccessClaims(SESSION.id, 8), NOW)
    missing = issue(lazy().ring, ISSUER, AccessClaims("1" * 16, 7), NOW)
    for bad in (stranger, missing, new_opaque("refresh").text):
        with pytest.raises(UnauthenticatedError):
            known.principal(f"Bearer {bad}")
    put(lazy(), replace(SESSION, revoked="2026-03-01T12:00:00.000Z"))
    with pytest.raises(UnauthenticatedError, match="revoked"):
        known.principal(f"Bearer {token}")


def test_a_server_without_the_key_says_so_to_whoever_brings_a_token(tmp_path: Path) -> None:
    place = make_place(tmp_path, remote=True)
    known = Authentication(LazyStore(place, {}), ISSUER, place.clock)
    assert known.principal("") == ANONYMOUS
    with pytest.raises(UnauthenticatedError, match="key isn't there") as caught:
        known.principal(f"Bearer {new_opaque('key').text}")
    assert "PUPPY_REGISTRY_KEY" in caught.value.hint
