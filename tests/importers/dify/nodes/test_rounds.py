"""Which variables a container's rounds hold."""

from __future__ import annotations

from typing import Any

from registry_tool.importers.dify.control import Control
from registry_tool.importers.dify.document import read_app
from registry_tool.importers.dify.nodes.rounds import carried_variables
from registry_tool.importers.dify.work import Work
from registry_tool.importers.project import Project
from tests.importers.dify.exports import export


def sets(owner: str, name: str, inside: str) -> Any:
    item = {"variable_selector": [owner, name], "operation": "clear"}
    return {"type": "assigner", "items": [item], "inside": inside}


def test_those_from_outside_that_nodes_at_any_depth_set() -> None:
    nodes: Any = {
        "it": {"type": "iteration"},
        "lo": {"type": "loop", "inside": "it"},
        "a": sets("conversation", "seen", "lo"),
        "b": sets("lo", "own", "lo"),
        "c": sets("llm", "text", "it"),
    }
    app = read_app(export(nodes))
    work = Work(app, Project(), Control(app))
    assert carried_variables(app.nodes["it"], work) == [("conversation", "seen")]
    assert carried_variables(app.nodes["lo"], work) == [("conversation", "seen")]
