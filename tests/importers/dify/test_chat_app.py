"""Apps without a graph become one."""

from __future__ import annotations

from typing import Any

from registry_tool.importers.dify.read import read
from tests.importers.dify.exports import outputs, statuses


def app(mode: str, **more: Any) -> Any:
    form = [{"paragraph": {"variable": "topic", "label": "Topic", "required": True}}]
    config = {
        "pre_prompt": "On {{topic}}",
        "user_input_form": form,
        "model": {"name": "gpt-4o"},
        **more,
    }
    return {"app": {"name": "c", "mode": mode}, "model_config": config}


def test_a_chat_asks_with_its_prompt_and_what_is_said() -> None:
    assert outputs(read(app("chat"), name="c"), {"topic": "x", "query": "why"}) == {"answer": "WHY"}


def test_a_completion_asks_with_its_prompt_alone() -> None:
    assert outputs(read(app("completion"), name="c"), {"topic": "x"}) == {"answer": "ON X"}


def test_an_agent_is_declared() -> None:
    what = read(
        app("agent-chat", agent_mode={"enabled": True, "tools": [{"tool_name": "t"}]}), name="c"
    )
    assert statuses(what) == {"start": "runs", "model": "carried", "answer": "runs"}


def test_an_agent_without_tools_is_a_chat() -> None:
    off = {"enabled": True, "tools": [{"tool_name": "t", "enabled": False}]}
    for mode in ({}, {"enabled": True, "tools": []}, off):
        what = read(app("agent-chat", agent_mode=mode), name="c")
        assert outputs(what, {"topic": "x", "query": "why"}) == {"answer": "WHY"}
