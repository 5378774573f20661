from __future__ import annotations

from dataclasses import replace

import pytest

from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admit import admit
from registry_tool.commands.run.dry_run import preview, preview_here
from registry_tool.core.errors import RegistryError
from registry_tool.runtime.run_program import RunOptions
from registry_tool.sources.reference import open_reference
from registry_tool.state.runs.records import months, read_records
from registry_tool.state.target import Target

HELLO = ExecuteRequest("hello", {"who": "Ada"})
BOB = Requester(8, "bob")


def test_a_preview_says_what_an_admission_would_and_writes_nothing(served: Target) -> None:
    seen = preview(served, "production", replace(HELLO, max_tokens=50), BOB)
    assert seen.ceiling.tokens == 50
    assert seen.left.runs == 3
    assert seen.refused == ""
    assert months(served) == []
    value = seen.to_value()
    assert value["version"] == "1.0.0"
    assert value["serving"] == [{"version": "1.0.0", "weight": 100}]
    assert dict(seen.facts())["quota"].startswith("3 runs left of the plan free")


def test_a_preview_of_a_used_up_plan_says_why(served: Target) -> None:
    for _ in range(3):
        admit(served, "production", HELLO, BOB)
    seen = preview(served, "production", HELLO, BOB)
    assert "no run is left" in seen.refused
    assert dict(seen.facts())["refused"] == seen.refused
    assert len(read_records(served)) == 3


def test_a_preview_refuses_what_an_admission_would(served: Target) -> None:
    with pytest.raises(RegistryError, match="who"):
        preview(served, "production", ExecuteRequest("hello"), BOB)


def test_what_is_not_deployed_has_no_quota(served: Target) -> None:
    program = open_reference("hello", str(served.root)).program
    seen = preview_here(program, {"who": "Ada"}, RunOptions(max_tokens=9, timeout=5))
    assert (seen.ceiling.tokens, seen.timeout) == (9, 5)
    assert "not counted" in dict(seen.facts())["quota"]
    assert seen.to_value()["workflow"] == "hello:1.0.0"
