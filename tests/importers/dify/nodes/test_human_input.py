"""Forms: declared with what they show and ask; their actions are ways."""

from __future__ import annotations

from typing import Any

from registry_tool.engine.edges.base import Services
from registry_tool.manifest.load import workflow_from
from tests.engine.small import go
from tests.importers.dify.exports import HereSandbox, form, given, imported, statuses

NODES: Any = {
    "s": form("q"),
    "h": {
        "type": "human-input",
        "title": "Review",
        "form_content": "Is {{#s.q#}} fine?",
        "inputs": [{"type": "paragraph", "output_variable_name": "comment"}],
        "user_actions": [{"id": "yes", "title": "Yes"}, {"id": "no", "title": "No"}],
    },
    "y": given("x=h.comment"),
    "n": given("refused=h.comment"),
}
WIRES = "s > h, h:yes > y, h:no > n"


def test_it_is_declared_and_its_actions_are_ways() -> None:
    what = imported(NODES, WIRES)
    assert statuses(what) == {"s": "runs", "h": "carried", "y": "runs", "n": "runs"}
    edge: Any = next(one for one in what.manifest["spec"]["edges"] if one["type"] == "external")  # type: ignore[index, union-attr, call-overload]
    assert edge["config"]["inputs"] == {
        "form": "Is {{q}} fine?",
        "fields": ["comment"],
        "actions": {"yes": "Yes", "no": "No"},
    }
    flow = workflow_from(what.manifest, "workflow-resource.yaml")
    answer = {edge["id"]: {"__action_id": "no", "comment": "never"}}
    result = go(flow, {"q": "it"}, services=Services(sandbox=HereSandbox()), answers=answer)
    assert (result.error, dict(result.outputs)) == ("", {"refused": "never"})


def test_one_without_actions_leads_on() -> None:
    alone = {**NODES, "h": {"type": "human-input"}}
    assert statuses(imported(alone, "s > h, h > y"))["h"] == "carried"
