"""A key is a person's and for one request, on whichever server."""

from __future__ import annotations

import pytest

from registry_tool.commands.live.changes.request_keys import KeyReusedError, RequestKeys
from registry_tool.security.tokens.principal import Principal
from registry_tool.state.tokens.store import AccessStore
from registry_tool.store import paths
from tests.conftest import RegistryFolder
from tests.server.signing_in import Served, SetClock, served

ADA, EVE = Principal(1, "ada"), Principal(5, "eve")


@pytest.fixture
def live(registry: RegistryFolder) -> Served:
    """A registry with members."""
    return served(registry)


def server(live: Served, clock: SetClock) -> RequestKeys:
    """Another server over it, which remembers nothing itself."""
    ring = live.context.authentication.store().ring
    return RequestKeys(AccessStore(live.target, ring), clock)


def kept(live: Served) -> list[str]:
    """The files on the branch."""
    return live.registry.git("ls-tree", "-r", "--name-only", paths.ACCESS_BRANCH).split()


def test_the_same_request_may_come_again_and_no_other(live: Served) -> None:
    one, two = server(live, live.clock), server(live, live.clock)
    one.demand_same(ADA, "", b"a")
    one.demand_same(ADA, "k", b"a")
    before = live.registry.git("rev-parse", paths.ACCESS_BRANCH)
    two.demand_same(ADA, "k", b"a")
    assert live.registry.git("rev-parse", paths.ACCESS_BRANCH) == before
    two.demand_same(EVE, "k", b"b")
    two.demand_same(ADA, "l", b"b")
    with pytest.raises(KeyReusedError, match="another request"):
        two.demand_same(ADA, "k", b"b")


def test_it_is_kept_for_a_day_at_least_and_not_for_ever(live: Served) -> None:
    keys = server(live, live.clock)
    keys.demand_same(ADA, "k", b"a")
    live.clock.pass_by(hours=24)
    with pytest.raises(KeyReusedError):
        keys.demand_same(ADA, "k", b"b")
    live.clock.pass_by(hours=24)
    keys.demand_same(ADA, "k", b"b")
    assert len(kept(live)) == 1
