from __future__ import annotations

import pytest

from registry_tool.commands.requests.inputs import (
    check_whole,
    dispatched_inputs,
    requested_inputs,
    sealed_request,
)
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.sources.reference import open_reference
from registry_tool.state.runs.records import ring_of
from registry_tool.state.target import Target
from tests.commands.conftest import add_version

HELLO = ExecuteRequest("hello", {"who": "Ada"})


def test_sealed_inputs_come_out_as_they_went_in(served: Target) -> None:
    ring = ring_of(served, "production")
    workflow = open_reference("hello", str(served.root)).program.workflow
    sealed = sealed_request(HELLO, "production", ring)
    assert sealed.inputs == {}
    assert "Ada" not in str(sealed)
    assert sealed_request(sealed, "production", ring) == sealed
    assert requested_inputs(sealed, "production", workflow, ring) == {"who": "Ada"}
    with pytest.raises(RegistryError):
        requested_inputs(sealed, "development", workflow, ring_of(served, "development"))


def test_what_needs_no_seal_stays_plain(served: Target) -> None:
    ring = ring_of(served, "production")
    program = open_reference("hello", str(served.root)).program
    assert sealed_request(ExecuteRequest("hello"), "production", ring) == ExecuteRequest("hello")
    assert dispatched_inputs(HELLO, "production", program, ring) == {"who": "Ada"}
    add_version(served, "1.1.0", "\nsecurity: { data_privacy: { encryption: aes-256 } }\n")
    secret = open_reference("hello:1.1.0", str(served.root)).program
    with pytest.raises(UsageError, match="requires encryption"):
        dispatched_inputs(HELLO, "production", secret, ring)
    assert requested_inputs(HELLO, "production", secret.workflow, ring) == {"who": "Ada"}


@pytest.mark.parametrize("inputs", [{"a": "\ud800"}, {"\udc00": 1}, {"a": [{"\udfff": 1}]}])
def test_half_a_character_is_no_input(inputs: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="half a character"):
        check_whole(inputs)  # type: ignore[arg-type]


def test_whole_characters_are() -> None:
    check_whole({"a": "\U0001f600 \ud7ff \ue000", "b": [1, None]})
