"""Connections that another thread can cut."""

from __future__ import annotations

from urllib.error import URLError
from urllib.request import build_opener

import pytest

from registry_tool.core.connections import Connections
from tests.answering import answering, ok


def test_what_was_given_up_connects_no_more() -> None:
    connections = Connections()
    connections.cut()
    with answering(ok("")) as address, pytest.raises(URLError, match="given up"):
        build_opener(*connections.handlers()).open(f"{address}/x")
