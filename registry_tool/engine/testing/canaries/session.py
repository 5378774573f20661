"""Services on a cassette whose requests may hold planted orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from registry_tool.core.values import Object, Value
from registry_tool.engine.providers.cassettes.services import Ask, CassetteSession
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.testing.canaries.orders import without_orders


@dataclass(slots=True)
class PlantedSession(CassetteSession):
    """Answers as was recorded: to the request, to it without its orders, else to the first of this host.

    What the request says is the workflow's affair; what comes back is what came back when the test was recorded.
    """

    async def play(self, request: Object, ask: Ask) -> Value:
        """The answer; `ProviderError` where nothing like it is recorded."""
        for question in (request, cast(Object, without_orders(request))):
            try:
                return await CassetteSession.play(self, question, ask)
            except ProviderError as error:
                missing = error
        for known in self.cassette.services.values():
            if _like(known.request) == _like(request):
                return known.answer
        raise missing


def _like(request: Object) -> tuple[Value, ...]:
    host = urlsplit(str(request.get("url", ""))).hostname
    return request.get("service"), request.get("method"), host
