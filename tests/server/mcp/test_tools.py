"""A workflow as a tool."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from registry_tool.core.errors import UsageError
from registry_tool.server.mcp.tools import described, tools_of
from tests.server.mcp.programs import greeter


def test_the_interface_is_the_schemas_and_the_rest_travels_with_it() -> None:
    (tool,) = tools_of([greeter()]).values()
    result = described(tool.name, tool.workflow, tool.program.digest, b"")
    assert result.name == "hello"
    assert result.description == "Greets whoever you name"
    assert result.input_schema == {
        "type": "object",
        "properties": {
            "who": {"type": "string", "description": "Whom to greet"},
            "loud": {"type": "boolean", "default": False},
        },
        "required": ["who"],
        "additionalProperties": False,
    }
    assert result.output_schema
    assert result.output_schema["required"] == ["greeting"]
    for schema in (result.input_schema, result.output_schema):
        Draft202012Validator.check_schema(schema)
    assert result.meta
    assert result.meta["puppyai.com/digest"] == tool.program.digest
    assert result.meta["puppyai.com/egress"] == []
    facts = result.meta["puppyai.com/tool"]
    assert facts["digest"] == tool.program.digest
    assert facts["tests"]["count"] == len(tool.workflow.tests)
    assert facts["usage"] is None


ASK = "{ prompt: '{{who}}', model: gpt-4 }"
GET = "{ url: 'https://a.example/x' }"
POST = "{ url: 'https://a.example/x', method: POST, body: '{{who}}' }"
SAVE = "{ path: a.txt }"


@pytest.mark.parametrize(
    ("type", "config", "reads", "world", "egress"),
    [
        ("llm", ASK, True, False, ["the model gpt-4"]),
        ("http", GET, True, True, ["the host a.example"]),
        ("http", POST, False, True, ["the host a.example"]),
        ("save", SAVE, False, False, []),
    ],
)
def test_annotations_say_where_it_reaches(
    type: str, config: str, reads: bool, world: bool, egress: list[str]
) -> None:
    (tool,) = tools_of([greeter(type=type, config=config)]).values()
    result = described(tool.name, tool.workflow, tool.program.digest, b"")
    assert result.annotations
    assert result.annotations.read_only_hint is reads
    assert result.annotations.open_world_hint is world
    assert result.meta
    assert result.meta["puppyai.com/egress"] == egress


def test_two_versions_of_one_have_names_of_their_own() -> None:
    tools = tools_of([greeter(version="2.0.0"), greeter("other"), greeter(version="1.0.0")])
    assert list(tools) == ["hello-1_0_0", "hello-2_0_0", "other"]


def test_what_can_be_no_tool_is_refused() -> None:
    with pytest.raises(UsageError, match="declares no outputs"):
        tools_of([greeter(outputs="[]")])
    with pytest.raises(UsageError, match="named twice"):
        tools_of([greeter(), greeter()])
