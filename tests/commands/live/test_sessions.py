"""Sessions: begun once by a token, gone on with by refresh tokens that rotate, ended where one comes again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from registry_tool.catalogue.environments import Member, Role
from registry_tool.commands.live.authentication import Authentication, UnauthenticatedError
from registry_tool.commands.live.known_identity import KnownIdentity
from registry_tool.commands.live.sessions import LASTING, ReusedError, Sessions
from registry_tool.security.keys import parse_ring, spelled
from registry_tool.security.tokens.access_token import BadTokenError
from registry_tool.state.tokens.store import AccessStore
from tests.commands.privacy_places import V1, V2, git, make_place
from tests.server.signing_in import NOW, SetClock

ISSUER = "https://registry.example.com"
ADA = KnownIdentity(
    Member("ada", 1, Role.AUTHOR), "corporate", ("run",), (), "token-1",
    NOW.timestamp() + 300, lasting=True,
)  # fmt: skip


class World:
    """A registry's sessions, and who knows their access tokens."""

    def __init__(self, folder: Path) -> None:
        self.place, self.clock = make_place(folder), SetClock()
        self.use([(1, V1)])

    def use(self, keys: list[tuple[int, bytes]]) -> None:
        """The keys of a process; another one begins with the same repository."""
        self.store = AccessStore(self.place, parse_ring(spelled(keys), "registry"))
        self.sessions = Sessions(self.store, ISSUER, self.clock)

    def who(self, access: str) -> str:
        known = Authentication(lambda: self.store, ISSUER, self.clock)
        return known.principal(f"Bearer {access}").login


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_refresh_tokens_rotate_and_one_that_comes_again_ends_all(world: World) -> None:
    first = world.sessions.begin(ADA)
    second = world.sessions.go_on(first.refresh)
    third = world.sessions.go_on(second.refresh)
    assert len({first.refresh, second.refresh, third.refresh}) == 3
    assert world.who(first.access) == world.who(third.access) == "ada"
    with pytest.raises(ReusedError) as caught:
        world.sessions.go_on(first.refresh)
    assert caught.value.session is not None
    with pytest.raises(BadTokenError, match="revoked"):
        world.sessions.go_on(third.refresh)
    world.use([(1, V1)])  # a restart
    with pytest.raises(UnauthenticatedError, match="revoked"):
        world.who(third.access)


def test_what_anybody_makes_up_ends_nothing(world: World) -> None:
    tokens = world.sessions.begin(ADA)
    made_up = f"puppyr_{tokens.session.id}_{'0' * 48}"
    for bad in (made_up, f"puppyr_{'0' * 16}_{'0' * 48}", tokens.access, "", "é"):
        with pytest.raises(BadTokenError) as caught:
            world.sessions.go_on(bad)
        assert not isinstance(caught.value, ReusedError)
    assert world.sessions.go_on(tokens.refresh).session.turn == 2


def test_keys_are_changed_with_overlap(world: World) -> None:
    first = world.sessions.begin(ADA)
    world.use([(2, V2), (1, V1)])
    assert world.who(first.access) == "ada"
    second = world.sessions.go_on(first.refresh)
    world.use([(2, V2)])
    assert world.who(second.access) == "ada"
    with pytest.raises(UnauthenticatedError):
        world.who(first.access)
    third = world.sessions.go_on(second.refresh)
    assert third.session.turn == 3


def test_an_identity_token_counts_once(world: World) -> None:
    world.sessions.begin(ADA)
    with pytest.raises(ReusedError, match="used already") as caught:
        world.sessions.begin(ADA)
    assert caught.value.session is None
    assert len(list(world.store.sessions())) == 1


def test_a_session_ends_and_is_forgotten(world: World) -> None:
    tokens = world.sessions.begin(ADA)
    world.clock.at = NOW + LASTING
    with pytest.raises(BadTokenError, match="expired"):
        world.sessions.go_on(tokens.refresh)
    world.clock.at += timedelta(days=2)
    world.sessions.begin(replace(ADA, token="token-2", expires=world.clock.at.timestamp()))
    assert [one.id for one in world.store.sessions()] != [tokens.session.id]
    assert len(git(world.place.root, "ls-tree", "-r", "--name-only", "access").split()) == 2


def test_a_jobs_session_is_short_and_not_gone_on_with(world: World) -> None:
    tokens = world.sessions.begin(replace(ADA, lasting=False, workflows=("hello",)))
    assert tokens.refresh == "" and "refresh_token" not in tokens.to_value()
    assert tokens.access not in repr(tokens)
    world.clock.pass_by(minutes=16)
    with pytest.raises(UnauthenticatedError):
        world.who(tokens.access)
