"""Fixtures of tests of strangers' schemas."""

from __future__ import annotations

import builtins
import os
import socket
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest


@pytest.fixture
def nothing_opened() -> Iterator[None]:
    """Neither sockets nor files can be opened."""

    def forbidden(*words: Any, **_: Any) -> Any:
        raise AssertionError(f"opened: {words}")

    with (
        patch.object(socket, "socket", forbidden),
        patch.object(builtins, "open", forbidden),
        patch.object(os, "open", forbidden),
    ):
        yield
