"""A checked document becomes the typed workflow: defaults, renamings, what is kept apart."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.manifest.model import Environment, Interface, Requirement, Security
from registry_tool.manifest.parse import normal_schema, to_workflow


def manifest(**spec: Any) -> Any:
    return {
        "metadata": {"name": "w", "version": "1.0.0"},
        "spec": {"blocks": [{"id": "a", "type": "text"}], "edges": [], **spec},
    }


def test_what_is_not_written_has_its_default() -> None:
    found = to_workflow(manifest())
    assert (found.metadata.category, found.metadata.tags, found.metadata.certified) == (
        "uncategorized",
        (),
        False,
    )
    assert (found.interface, found.security) == (Interface(), Security())
    assert (found.tests, found.requires, found.environments, found.extensions) == ((), (), (), {})


def test_an_empty_key_is_like_none() -> None:
    spec = {"runtime": None, "interface": None, "tests": None}
    assert to_workflow({**manifest(**spec), "security": None}) == to_workflow(manifest())


def test_a_constant_null_is_a_constant() -> None:
    blocks = [{"id": "a", "type": "text"}, {"id": "b", "type": "text", "value": None}]
    found = to_workflow(manifest(blocks=blocks))
    assert [block.has_value for block in found.blocks] == [False, True]
    inputs = [{"name": "a"}, {"name": "b", "default": None}]
    found = to_workflow(manifest(interface={"inputs": inputs}))
    assert [port.has_default for port in found.interface.inputs] == [False, True]


def test_a_label_is_taken_out_of_the_metadata() -> None:
    about = {"label": "A", "description": "d", "position": [1, 2]}
    (block,) = to_workflow(manifest(blocks=[{"id": "a", "type": "text", "metadata": about}])).blocks
    assert (block.label, block.description) == ("A", "d")
    assert block.metadata == {"position": [1, 2]}
    assert about["label"] == "A"  # the document is left alone


def test_one_end_is_a_list_of_one() -> None:
    edges = [
        {"id": "e", "type": "llm", "source": "a", "target": ["b", "c"]},
        {"id": "f", "type": "llm", "source": ["a"], "target": "b"},
    ]
    one, other = to_workflow(manifest(edges=edges)).edges
    assert (one.sources, one.targets) == (("a",), ("b", "c"))
    assert (other.sources, other.targets) == (("a",), ("b",))


def test_variables_and_limits_are_no_overrides() -> None:
    production = {"llm_model": "m", "variables": {"v": 1}, "limits": {"calls": 2}}
    environments = {"production": production, "development": {}}
    found = to_workflow(manifest(runtime={"environments": environments}))
    assert found.environments == (
        Environment("development"),
        Environment("production", {"llm_model": "m"}, {"v": 1}, {"calls": 2}),
    )


def test_dependencies() -> None:
    workflows = [{"name": "x"}, {"name": "y", "version": "^1", "registry": "own"}]
    found = to_workflow(manifest(runtime={"dependencies": {"workflows": workflows}}))
    assert found.requires == (Requirement("x", "*", "public"), Requirement("y", "^1", "own"))


@pytest.mark.parametrize(("written", "read"), [("none", ""), ("aes-256", "aes-256"), ("", "")])
def test_no_encryption_has_one_spelling(written: str, read: str) -> None:
    security = {"data_privacy": {"encryption": written}}
    assert to_workflow({**manifest(), "security": security}).security.encryption == read


def test_own_keys_are_kept_by_where_they_stand() -> None:
    value = manifest(
        blocks=[{"id": "a", "type": "text", "x-b": 1}],
        edges=[{"id": "e", "type": "llm", "source": "a", "target": "a", "x-e": 2}],
    )
    value["x-top"] = 3
    value["metadata"]["x-m"] = 4
    value["spec"]["x-s"] = 5
    assert to_workflow(value).extensions == {
        "": {"x-top": 3},
        "metadata": {"x-m": 4},
        "spec": {"x-s": 5},
        "blocks.a": {"x-b": 1},
        "edges.e": {"x-e": 2},
    }


@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        ({"min": 1, "max": 2.5}, {"minimum": 1, "maximum": 2.5}),
        ({"items": [{"min": 1}]}, {"items": [{"minimum": 1}]}),
        ({"min": True, "max": "2"}, {"min": True, "max": "2"}),  # no numbers: a rule tells
        (
            {"enum": [{"min": 1}], "default": {"max": 1}},
            {"enum": [{"min": 1}], "default": {"max": 1}},
        ),
        ({"properties": {"max": {"max": 1}}}, {"properties": {"max": {"maximum": 1}}}),
        ({"patternProperties": {"min": True}}, {"patternProperties": {"min": True}}),
    ],
)
def test_bounds_are_spelled_as_the_standard_does(schema: Any, wanted: Any) -> None:
    assert normal_schema(schema) == wanted
    assert normal_schema(wanted) == wanted
