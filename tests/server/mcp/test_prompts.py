"""A workflow as a prompt."""

from __future__ import annotations

import pytest
from mcp_types import TextContent

from registry_tool.core.errors import UsageError
from registry_tool.server.mcp.prompts import message_of, prompt_of
from tests.server.mcp.programs import greeter

HELLO = greeter().workflow


def test_its_arguments_are_the_inputs() -> None:
    result = prompt_of("hello", HELLO)
    assert (result.name, result.description) == ("hello", "Greets whoever you name")
    assert [(one.name, one.description, one.required) for one in result.arguments or ()] == [
        ("who", "Whom to greet", True),
        ("loud", "boolean", False),
    ]


def test_its_words_have_the_tool_called_with_values_of_the_right_types() -> None:
    (message,) = message_of("hello", HELLO, {"who": "Ada", "loud": "true"}).messages
    assert isinstance(message.content, TextContent)
    assert message.content.text.endswith(
        '`hello` with these arguments, and show what it gives: {"who": "Ada", "loud": true}'
    )
    (message,) = message_of("hello", HELLO, {"who": "1", "loud": "maybe"}).messages
    assert '{"who": "1", "loud": "maybe"}' in message.model_dump_json().replace("\\", "")


@pytest.mark.parametrize(
    ("given", "said"), [({}, "needs who"), ({"who": "x", "lout": "y"}, "no input 'lout'")]
)
def test_a_wrong_argument_is_reported(given: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        message_of("hello", HELLO, given)
