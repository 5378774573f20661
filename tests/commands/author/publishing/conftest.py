"""A registry on a forge that remembers, and a project to publish."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from registry_tool.commands.author.candidate import UnpublishedVersion, candidate_of
from registry_tool.commands.author.init import init
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.github.rate_limits import Pace
from tests.conftest import RegistryFolder
from tests.forge.fault_server import Naps
from tests.forge.stand_in.repositories import Repository
from tests.forge.stand_in.server import Person, StandIn, stand_in

NAME = "puppyai/registry"
TOKENS = {"ada": "gho_of-ada-0123456789", "bob": "gho_of-bob-0123456789"}


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    made = make_registry(git=True)
    made.add("greet", "1.0.0")
    made.commit("Greet")
    return made


@pytest.fixture
def forge(registry: RegistryFolder, tmp_path: Path) -> Iterator[StandIn]:
    """ada may not push, bob may."""
    bare = tmp_path / "bare.git"
    registry.git("clone", "--quiet", "--bare", ".", str(bare))
    with stand_in(tmp_path) as running:
        running.repositories[NAME] = Repository(NAME, bare, {"puppyai", "bob"})
        running.people[TOKENS["ada"]] = Person("ada", 1001)
        running.people[TOKENS["bob"]] = Person("bob", 1002)
        yield running


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return init("mine", "text", tmp_path / "mine").folder


@pytest.fixture
def candidate(project: Path) -> UnpublishedVersion:
    return candidate_of(project)


def connected(forge: StandIn, who: str = "ada", naps: Naps | None = None) -> GitHub:
    """Somebody's connection, whose sleeps cost nothing."""
    naps = naps or Naps()
    return GitHub(NAME, TOKENS[who], forge.address, pace=Pace(naps.clock, naps.sleep, lambda: 0.5))
