"""What a client can read of a workflow."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import NotFoundError
from registry_tool.server.mcp.resources import read_resource, resources_of
from registry_tool.server.mcp.tools import tools_of
from tests.server.mcp.programs import greeter


def test_every_resource_that_is_listed_can_be_read() -> None:
    tools = tools_of([greeter()])
    for resource in resources_of(tools):
        read = read_resource(tools, resource.uri)
        assert read.mime_type == resource.mime_type
        assert len(read.text.encode()) == resource.size


def test_only_those_that_are_listed_can_be_read() -> None:
    with pytest.raises(NotFoundError, match="did you mean"):
        read_resource(tools_of([greeter()]), "workflow://hello/docs/READ.md")
