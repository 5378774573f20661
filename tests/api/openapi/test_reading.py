"""The description of lists says what they are asked for."""

from __future__ import annotations

from typing import Any

from registry_tool.api.openapi.reading import PATHS
from registry_tool.commands.live.listing import MOST_A_PAGE, ORDERS


def test_orders_and_pages_are_those_of_the_list() -> None:
    document: Any = PATHS
    parameters = {one["name"]: one for one in document["/workflows"]["get"]["parameters"]}
    assert parameters["sort"]["schema"]["enum"] == list(ORDERS)
    assert parameters["per_page"]["schema"]["maximum"] == MOST_A_PAGE
