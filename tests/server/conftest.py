"""A registry in a repository of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient

from registry_tool.commands.maintain.index import index
from registry_tool.server.app import create_app
from registry_tool.server.context import Context
from registry_tool.server.static_output import StaticOutput
from tests.conftest import RegistryFolder
from tests.server.looking import always_looking


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    """Settings alone, committed on `main`."""
    return make_registry(git=True)


@pytest.fixture
def client(registry: RegistryFolder) -> Iterator[TestClient]:
    """A client of the live registry over it: `hello` in two versions, `other` in one; a look costs no waiting."""
    registry.add("hello", "1.0.0")
    registry.add("hello", "1.1.0")
    registry.add("other", "0.1.0", hello="^1.0.0")
    index(registry.root)
    registry.commit("Publish")
    app = create_app(
        Context(always_looking(registry.root), StaticOutput(registry.root.parent / "site"))
    )
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made
