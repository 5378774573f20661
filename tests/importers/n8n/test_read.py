"""Whole workflows: files in n8n's shape, written by hand, become valid projects that give what n8n gives.

They are made by its documented shape, since its own files may not be used here.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as given_by
from hypothesis import strategies as st

from registry_tool.commands.author.import_workflow import import_workflow
from registry_tool.core.errors import RegistryError
from registry_tool.importers.imported import NodeStatus
from registry_tool.importers.manifest_text import manifest_text
from registry_tool.importers.n8n.read import EXPORT, read
from registry_tool.manifest.load import load_file
from registry_tool.rules.file_set import VersionContent
from tests.engine.small import ScriptedModel
from tests.importers.dify.test_read import JUNK, errors_of, places
from tests.importers.mutations import change
from tests.importers.n8n.flows import outputs, statuses

FOLDER = Path(__file__).with_name("workflows")
FILES = sorted(FOLDER.glob("*.json"))


def opened(name: str) -> Any:
    return read(json.loads((FOLDER / f"{name}.json").read_text("utf-8")), name=name)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_workflow_becomes_a_valid_project(file: Path, tmp_path: Path) -> None:
    result = import_workflow(file, tmp_path / "out")
    manifest = load_file(tmp_path / "out/workflow-resource.yaml", "workflow-resource.yaml")
    paths = ("workflow-resource.yaml", "docs/README.md", EXPORT)
    files = {path: VersionContent((tmp_path / "out" / path).read_bytes()) for path in paths}
    assert errors_of(manifest, files) == []
    assert all(node.why for node in result.nodes if node.status is not NodeStatus.RUNS)


@pytest.mark.parametrize(("price", "way"), [(30, "desk"), (10, "direct")])
def test_orders(price: int, way: str) -> None:
    body = {"name": " Ann ", "price": price, "count": 4}
    assert outputs(opened("orders"), {"body": body}) == {"response": {"way": way, "name": "Ann"}}


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("PRAISE", {"Thank": [{"output": "THANK FOR: HI"}]}),
        ("complaint", {"Sorry": [{"output": "Sorry about complaint"}]}),
        ("none", {"Other": [{"output": {"kind": "none", "sure": False}}]}),
    ],
)
def test_chat(kind: str, wanted: Any) -> None:
    told = json.dumps({"kind": kind, "sure": False})
    model = ScriptedModel(lambda question: told if "kind" in question else question.upper())
    assert outputs(opened("chat"), {"chatInput": "hi"}, model) == wanted


def test_loop_and_first_versions() -> None:
    assert outputs(opened("loop")) == {"Together": [{"numbers": [6, 4]}]}
    hello = {"n": 5, "yes": True}
    found = outputs(opened("first-versions"))
    assert found == {"Merge": [{"a": "Hello there", **hello}, {"a": "Hello", **hello}]}


def test_services_are_declared_and_secrets_named() -> None:
    what = opened("services")
    assert statuses(what) == {
        "Schedule Trigger": "needs",
        "Get forecast": "needs",
        "Post it": "needs",
        "Slack": "carried",
        "Js": "carried",
        "Agent": "carried",
        "Model": "carried",
        "Calculator": "carried",
        "Off": "runs",
    }
    assert "k-123456" not in str(what.manifest) + what.files[EXPORT].decode()


def test_what_stands_beside_the_nodes_is_reported_and_credentials_are_taken_out() -> None:
    value = json.loads((FOLDER / "orders.json").read_text("utf-8"))
    value["pinData"] = {"Webhook": [{"json": {}}]}
    value["settings"]["errorWorkflow"] = "x"
    key = "ghp_" + "aB3dE6gH9jK2mN5pQ8rS1tV4wX7yZ0aB3dE6"
    value["nodes"][1]["parameters"]["note"] = f"token {key}"
    value["nodes"].append({"name": "Again", "type": "n8n-nodes-base.manualTrigger"})
    what = read(value, name="x")
    places_told = {loss.where for loss in what.not_carried}
    assert {"pinData", "settings.errorWorkflow", "nodes", "nodes.1.parameters.note"} <= places_told
    assert key not in what.files[EXPORT].decode()


ALL: Any = {file.stem: json.loads(file.read_text("utf-8")) for file in FILES}
PLACES = [(name, *route) for name, value in ALL.items() for route in places(value)]


@given_by(
    st.lists(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(JUNK) | st.just("gone")), max_size=6
    )
)
def test_whatever_a_workflow_holds_it_is_read_or_refused(
    changes: list[tuple[tuple[Any, ...], Any]],
) -> None:
    value = copy.deepcopy(ALL)
    change(value, changes)
    for name in {str(route[0]) for route, _ in changes} & value.keys():
        try:
            manifest_text(read(value[name], name=name).manifest)
        except RegistryError as error:
            assert str(error)


@pytest.mark.parametrize("text", ["={{" * 60_000, "=" + "{" * 120_000, "={{ $json.a }}" * 2_000])
def test_a_long_text_costs_its_length(text: str) -> None:
    value = copy.deepcopy(ALL["orders"])
    value["nodes"][1]["parameters"]["assignments"]["assignments"][2]["value"] = text
    try:
        manifest_text(read(value, name="x").manifest)
    except RegistryError as error:
        assert str(error)
