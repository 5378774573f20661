from __future__ import annotations

import asyncio

import pytest

from registry_tool.core.values import Object, Value
from registry_tool.engine.providers.cassettes.cassette import Cassette
from registry_tool.engine.providers.cassettes.services import CassetteSession
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.testing.canaries.orders import order_of
from registry_tool.engine.testing.canaries.session import PlantedSession

ORDER = order_of("canaryaa")


def request(query: str, host: str = "a.example") -> Object:
    return {"service": "http", "method": "GET", "url": f"https://{host}/?q={query}"}


def recorded() -> Cassette:
    made = Cassette()

    async def ask() -> Value:
        return "found"

    session = CassetteSession(made, set(), {}, record=True)
    asyncio.run(session.play(request("cats"), ask))
    return made


def played(asked: Object) -> Value:
    async def ask() -> Value:
        raise AssertionError("nobody is asked")

    return asyncio.run(PlantedSession(recorded(), set(), {}).play(asked, ask))


@pytest.mark.parametrize(
    "query", ["cats", f"cats {ORDER}", f"cats+{ORDER.replace(' ', '+')}", "dogs"]
)
def test_what_came_back_when_it_was_recorded_comes_back(query: str) -> None:
    assert played(request(query)) == "found"


def test_another_host_was_never_asked() -> None:
    with pytest.raises(ProviderError, match="no answer is recorded"):
        played(request("cats", "b.example"))
