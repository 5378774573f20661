"""A server that misbehaves as it is told, and a GitHub client whose sleeps cost nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from registry_tool.forge.github.client import GitHub
from registry_tool.forge.github.rate_limits import Pace
from tests.forge.fault_server import FaultServer, Naps, running


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with running() as started:
        yield started


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
def github(server: FaultServer, naps: Naps) -> GitHub:
    pace = Pace(naps.clock, naps.sleep, lambda: 0.5)
    return GitHub("ada/registry", "secret-token", server.address, pace=pace)
