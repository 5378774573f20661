"""A value against a stranger's schema: nothing is looked up outside it, and time is bounded."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.engine.assertions.base import AssertionFormError
from registry_tool.engine.assertions.calls import IS_VALID_FUNCTION_CALL
from registry_tool.engine.assertions.json_text import CONTAINS_JSON, IS_JSON
from registry_tool.engine.inputs import check_value
from registry_tool.manifest.json_schema.misfit import misfit
from tests import bounded
from tests.manifest.json_schema.strange_schemas import GAMES, doubled


@pytest.mark.parametrize("schema", GAMES)
def test_nothing_outside_is_looked_up_at_run_time(schema: Object, nothing_opened: None) -> None:
    with pytest.raises(ValueError):
        misfit("text", schema)
    with pytest.raises(RegistryError):
        check_value("text", schema, "the input")
    for assertion in (IS_JSON, CONTAINS_JSON):
        with pytest.raises(AssertionFormError):
            assertion_of(assertion, '{"a": 1}', {"type": assertion.type, "value": schema})
    call = {"name": "f", "arguments": {}}
    value: Any = [{"name": "f", "parameters": schema}]
    with pytest.raises(AssertionFormError):
        assertion_of(IS_VALID_FUNCTION_CALL, call, {"type": "x", "value": value})


def assertion_of(assertion: Any, value: Any, form: Any) -> Any:
    import asyncio
    import inspect
    from types import SimpleNamespace

    done = assertion.check(SimpleNamespace(value=value), form)
    return asyncio.run(done) if inspect.isawaitable(done) else done


def test_a_server_and_a_file_that_wait_are_never_asked(tmp_path: Path) -> None:
    """The validator is not Python: what it would ask is seen at the other end."""
    file = tmp_path / "schema.json"
    file.write_text('{"type": "integer"}')
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/schema.json"
        for reference in (address, file.as_uri(), f"{file}"):
            with pytest.raises(ValueError, match="outside") as caught:
                misfit("text", {"$ref": reference})
            assert "integer" not in str(caught.value)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_value_that_is_too_deep_for_its_schema_is_an_error() -> None:
    level = {"type": "object", "properties": {"a": {"$ref": "#"}}}
    tree: dict[str, Any] = {"anyOf": [*[level] * 4, {"type": "string"}]}
    value: Any = 1
    for _ in range(6):
        value = {"a": value}
    assert misfit(value, tree) is not None
    for _ in range(20):
        value = {"a": value}
    with pytest.raises(ValueError, match="deep"):
        misfit(value, tree)


def test_a_large_value_is_not_copied_for_every_branch() -> None:
    value = {"k": ["x" * 100] * 1_000}
    assert misfit(value, doubled(11)) == "it fits none of the many forms that the schema allows"


def test_patterns_take_linear_time() -> None:
    with bounded.ends():
        for pattern in ("(a+)+$", "(.*a){20}x", "^(([a-z])+.)+[A-Z]([a-z])+$"):
            misfit("a" * 200_000 + "!", {"pattern": pattern})
            misfit({"a" * 200_000 + "!": 1}, {"patternProperties": {pattern: {}}})
    for pattern in ("(?=a)b", r"(a)\1", "(a{1000}){1000}"):
        with pytest.raises(ValueError):
            misfit("a", {"pattern": pattern})
