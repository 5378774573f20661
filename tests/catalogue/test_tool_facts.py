from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from registry_tool.catalogue.load import load_line
from registry_tool.catalogue.tool_facts import recorded_usage, tool_facts
from registry_tool.store.tree import FolderTree

ROOT = Path(__file__).parents[2]


def cassettes(*usages: Any) -> bytes:
    return json.dumps({"recordings": [{"answer": {"usage": usage}} for usage in usages]}).encode()


def test_what_travels_with_a_published_workflow() -> None:
    line = load_line(FolderTree(ROOT), "code-reviewer", {})
    assert line is not None
    version = line.by_number["1.0.0"]
    found = tool_facts(version.workflow, version.digest, version.cassettes)
    assert found["digest"] == version.digest
    assert found["egress"]
    assert found["tests"] == {"count": 2, "asserting": 2, "pass_rate": 1.0} | found["tests"]  # type: ignore[operator]
    assert set(found["usage"]) == {"calls", "input_tokens", "output_tokens", "cost_usd"}  # type: ignore[arg-type]
    assert json.loads(json.dumps(found)) == found


def test_recorded_usage_is_summed_and_an_unknown_price_stays_unknown() -> None:
    one = {"calls": 1, "input_tokens": 5, "output_tokens": 7, "cost_usd": 0.25}
    assert recorded_usage(cassettes(one, one)) == {
        "calls": 2, "input_tokens": 10, "output_tokens": 14, "cost_usd": 0.5,
    }  # fmt: skip
    unknown = recorded_usage(cassettes(one, {**one, "cost_usd": None}))
    assert unknown is not None
    assert unknown["cost_usd"] is None


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b"\xff", b'{"recordings": []}', b'{"recordings": [1]}', cassettes({"calls": "x"}),
     cassettes({"calls": 1e999}), b"[" * 100_000],
)  # fmt: skip
def test_broken_recordings_tell_nothing(data: bytes) -> None:
    assert recorded_usage(data) is None
