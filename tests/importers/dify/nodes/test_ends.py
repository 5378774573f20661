"""Where a run begins and ends: forms are inputs, ends are outputs, answers are joined."""

from __future__ import annotations

import json
from typing import Any

from tests.importers.dify.exports import export, form, given, imported, outputs, read


def ports(what: Any, side: str) -> dict[str, Any]:
    return {port["name"]: port for port in what.manifest["spec"]["interface"][side]}


def test_a_form_is_typed() -> None:
    fields = [
        {
            "variable": "who",
            "label": "Your name",
            "type": "text-input",
            "required": True,
            "max_length": 5,
        },
        {"variable": "tone", "type": "select", "options": ["dear", "hi"], "default": "hi"},
        {"variable": "age", "type": "number", "required": True},
        {"variable": "loud", "type": "checkbox", "required": False},
        {"variable": "note", "type": "paragraph", "required": False},
    ]
    found = ports(
        imported({"s": {"type": "start", "variables": fields}, "e": given("x=s.who")}, "s > e"),
        "inputs",
    )
    assert found["who"] | {"block": ""} == {
        "name": "who",
        "type": "string",
        "required": True,
        "schema": {"maxLength": 5},
        "description": "Your name",
        "block": "",
    }
    assert (found["tone"]["enum"], found["tone"]["default"]) == (["dear", "hi"], "hi")
    assert (found["age"]["type"], found["loud"]["type"], found["note"]["default"]) == (
        "number",
        "boolean",
        "",
    )


def test_an_output_of_two_ends_is_what_the_one_gives_that_was_reached() -> None:
    case = [
        {
            "case_id": "true",
            "conditions": [
                {"variable_selector": ["s", "q"], "comparison_operator": "is", "value": "a"}
            ],
        }
    ]
    what = imported(
        {
            "s": form("q", "r"),
            "if": {"type": "if-else", "cases": case},
            "e": given("x=s.q"),
            "f": given("x=s.r"),
        },
        "s > if, if:true > e, if:false > f",
    )
    assert outputs(what, {"q": "a", "r": "b"}) == {"x": "a"}
    assert outputs(what, {"q": "c", "r": "b"}) == {"x": "b"}


def test_answers_are_joined_and_only_those_that_were_given() -> None:
    nodes: Any = {
        "s": {"type": "start", "variables": []},
        "a": {"type": "answer", "answer": "You said {{#sys.query#}}. {{not one}}"},
        "b": {"type": "answer", "answer": " Bye!"},
    }
    what = imported(nodes, "s > a, a > b", mode="advanced-chat")
    assert outputs(what, {"query": "hello"}) == {"answer": "You said hello. {{not one}} Bye!"}


def test_a_selector_to_nothing_is_empty_and_reported() -> None:
    what = imported({"s": form("q"), "e": given("x=gone.text")}, "s > e")
    assert outputs(what, {"q": "a"}) == {"x": ""}
    assert "a reference to gone.text" in str(what.not_carried[0])


def test_names_of_dify_become_names_of_ports() -> None:
    what = read(export({"s": form("問い"), "e": given("1 x=s.問い")}, "s > e"), name="flow")
    assert list(ports(what, "inputs")) == ["value"]
    assert list(ports(what, "outputs")) == ["value_1_x"]


def test_a_field_of_json_has_its_schema_where_it_can_be_used() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "number"}}}
    fields: Any = [
        {"variable": "kept", "type": "json_object", "json_schema": schema},
        {"variable": "text", "type": "json_object", "json_schema": json.dumps(schema)},
        {"variable": "bad", "type": "json_object", "json_schema": {"$ref": "file:///etc/passwd"}},
        {"variable": "broken", "type": "json_object", "json_schema": "{"},
        {"variable": "none", "type": "json_object", "json_schema": ""},
    ]
    what = imported({"s": {"type": "start", "variables": fields}})
    spec: Any = what.manifest["spec"]
    found = {one["name"]: one.get("schema") for one in spec["interface"]["inputs"]}
    assert found == {"kept": schema, "text": schema, "bad": None, "broken": None, "none": None}
    assert [loss.what for loss in what.not_carried] == ["the schema of bad", "the schema of broken"]
