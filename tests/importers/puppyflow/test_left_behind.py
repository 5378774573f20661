from __future__ import annotations

from typing import Any

from registry_tool.importers.puppyflow.left_behind import left_behind
from registry_tool.importers.puppyflow.read import read
from registry_tool.manifest.load import workflow_from


def manifest(**spec: Any) -> dict[str, Any]:
    blocks = [{"id": "a", "type": "text", "value": "x"}, {"id": "b", "type": "text"}]
    edge = {"id": "e", "type": "modify", "source": "a", "target": "b", "config": {}}
    return {
        "apiVersion": "puppyai.com/v1",
        "kind": "Workflow",
        "metadata": {"name": "x", "version": "1.0.0"},
        "spec": {"blocks": blocks, "edges": [edge], **spec},
    }


def losses(value: Any, files: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(loss.where, loss.what) for loss in left_behind(workflow_from(value, ""), files)]


def test_of_the_least_workflow_only_its_name_is_left() -> None:
    assert losses(manifest(), ("manifest.yaml",)) == [("metadata", "name, version")]


def test_every_part_without_a_place_is_reported() -> None:
    value = manifest(
        interface={"inputs": [{"name": "a", "type": "string"}]},
        tests=[{"name": "t", "inputs": {}, "expected": {}}],
        runtime={"requirements": {"memory": "1Gi"}, "environments": {"staging": {}}},
    )
    value["security"] = {"access_control": {"read": ["owner"]}}
    value["metadata"]["tags"] = ["nlp"]
    value["spec"]["blocks"][0]["schema"] = {"type": "string"}
    value["spec"]["blocks"][0]["config"] = {"temperature": 0, "storage_class": "internal"}
    value["spec"]["blocks"][0]["metadata"] = {"description": "Words."}
    value["spec"]["edges"][0]["metadata"] = {"label": "Copy"}
    assert losses(value, ("resources/faq.md", "docs/README.md")) == [
        ("metadata", "name, version, tags"),
        ("spec.blocks.a", "metadata.description"),
        ("spec.blocks.a", "schema"),
        ("spec.blocks.a", "config.temperature"),
        ("spec.edges.e", "metadata"),
        ("spec.interface", "all of it"),
        ("spec.runtime", "all of it"),
        ("spec.runtime.environments", "all of it"),
        ("spec.tests", "all of it"),
        ("security", "all of it"),
        ("resources/faq.md", "a file"),
    ]


def test_of_an_import_its_interface_is_left_which_the_next_import_finds_again() -> None:
    blocks = {name: {"type": "text", "data": {"content": ""}} for name in "ab"}
    edge = {"type": "modify", "data": {"inputs": {"a": "a"}, "outputs": {"b": "b"}}}
    imported = read({"blocks": blocks, "edges": {"e": edge}}, name="x").manifest
    assert ("spec.interface", "all of it") in losses(imported)
