"""What a job left behind: its result as the command would have given it."""

from __future__ import annotations

import json

import pytest

from registry_tool.commands.jobs.results import read_result
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object, Value

RESULT: Object = {
    "execution_id": "exec-1",
    "status": "success",
    "outputs": {"a": 1},
    "blocks": {},
    "usage": {"input_tokens": 3, "output_tokens": 2, "calls": 1},
    "seconds": 0.5,
}


def read(**more: Value) -> object:
    return read_result(json.dumps({**RESULT, **more}).encode())


def test_a_result_is_read_whole() -> None:
    found = read_result(json.dumps({**RESULT, "notices": ["less"], "answered_by": "m"}).encode())
    assert (found.execution_id, found.status, found.outputs) == ("exec-1", "success", {"a": 1})
    assert (found.error, found.notices, found.answered_by) == ("", ("less",), "m")
    assert found.seconds == 0.5


def test_a_newer_tool_may_tell_more() -> None:
    assert read(more=1) == read()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{", "not JSON"),
        (b"[]", "result of a run"),
        (json.dumps({**RESULT, "status": 3}).encode(), "status"),
        (json.dumps({**RESULT, "seconds": "1"}).encode(), "seconds"),
    ],
)
def test_what_is_no_result_is_reported_with_its_place(data: bytes, reason: str) -> None:
    with pytest.raises(RegistryError, match=reason) as caught:
        read_result(data)
    assert caught.value.location.startswith("result.json")
