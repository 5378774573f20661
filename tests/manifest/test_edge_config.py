"""Configurations of edges against the schemas of their types."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator

from registry_tool.core.finding import Severity
from registry_tool.core.values import Object, Route, Value
from registry_tool.engine.edges.all_edges import ALL_EDGES
from registry_tool.engine.edges.conditions import CONDITIONS
from registry_tool.engine.edges.text.list_operations import OPERATIONS
from registry_tool.manifest.bundle import bundled
from registry_tool.manifest.config_errors import MOST_PROBLEMS
from registry_tool.manifest.edge_config import (
    config_problems,
    edge_config_problems,
    edge_schema,
    settings,
)
from registry_tool.manifest.model import Block, Environment, Metadata, Workflow
from registry_tool.manifest.schemas import (
    EDGE_TYPES,
    MANIFEST_SCHEMA,
    edge_schema_file,
    schema_object,
    schema_text,
)

MOVE: Object = {"from": "a", "to": "b"}
ASKED: Object = {"block": "a", "condition": "is_empty"}


def told(type_: str, config: Object) -> list[tuple[Route, str, str]]:
    """Route, message and help of every problem."""
    return [(p.route, p.message, p.help) for p in config_problems(type_, config)]


def branch(**more: Value) -> Object:
    return {"cases": {"one": {"conditions": [ASKED], "thens": [MOVE], **more}}}


def condition(**fields: Value) -> Object:
    return {"cases": {"one": {"conditions": [{"block": "a", **fields}], "thens": [MOVE]}}}


WRONG: list[tuple[str, Object, Route, str, str]] = [
    ("llm", {"promt": "x"}, ("promt",), "key 'promt' is not known", "did you mean 'prompt'?"),
    ("llm", {"modle": "x"}, ("modle",), "key 'modle' is not known", "did you mean 'model'?"),
    ("llm", {"temprature": 1}, ("temprature",), "not known", "did you mean 'temperature'?"),
    ("llm", {"temperature": "hot"}, ("temperature",), 'of type number, not "hot"', ""),
    ("llm", {"max_tokens": "100"}, ("max_tokens",), "of type integer", "without quotes: 100"),
    ("llm", {"cache": "yes"}, ("cache",), "of type boolean", "write true or false"),
    ("llm", {"temperature": True}, ("temperature",), "of type number, not true", ""),
    ("llm", {"temperature": 9}, ("temperature",), "from 0 to 5, not 9", ""),
    ("llm", {"retries": 50}, ("retries",), "from 0 to 10, not 50", ""),
    ("llm", {"max_tokens": 0}, ("max_tokens",), "at least 1, not 0", ""),
    ("llm", {"timeout": "30"}, ("timeout",), "unexpected form", "such as 30s"),
    ("llm", {"prompt": None}, ("prompt",), "of type string, not null", "leave the key out"),
    ("llm", {"messages": "hi"}, ("messages",), "unexpected form", "list of {role, content}"),
    (
        "llm",
        {"messages": [{"role": "usr", "content": "x"}]},
        ("messages", 0, "role"),
        "must be one of system, user, assistant",
        "did you mean 'user'?",
    ),
    ("llm", {"extra_configs": {}}, ("extra_configs",), "not known", "known: prompt"),
    ("llm", {"model": "{{model}}"}, ("model",), "unexpected form", "no template is filled in here"),
    ("code", {"code": ""}, ("code",), "must not be empty", "define a function main"),
    ("code", {"code": " "}, ("code",), "unexpected form", "define a function main"),
    ("llm", {"timeout": 300}, ("timeout",), "of type string, not 300", "such as 30s"),
    ("modify", {"modify_type": "edit_txt"}, ("modify_type",), "one of copy,", "'edit_text'?"),
    ("modify", {"modify_type": "edit_structured"}, (), "needs the key 'operations'", "add it"),
    (
        "modify",
        {"modify_type": "edit_structured", "operations": [{"type": "gett"}]},
        ("operations", 0, "type"),
        "must be one of get,",
        "did you mean 'get'?",
    ),
    ("chunk", {"chunking_mode": "lenght"}, ("chunking_mode",), "one of auto", "'length'?"),
    (
        "chunk",
        {"chunking_mode": "length", "sub_chunking_mode": "tokn"},
        ("sub_chunking_mode",),
        "must be one of size, token,",
        "did you mean 'token'?",
    ),
    (
        "chunk",
        {"chunking_mode": "length", "extra_configs": {"chunk_siz": 3}},
        ("extra_configs", "chunk_siz"),
        "not known",
        "did you mean 'chunk_size'?",
    ),
    ("branch", {}, (), "needs the key 'cases'", "add it"),
    ("branch", {"cases": {}}, ("cases",), "must not be empty", ""),
    ("branch", {"cases": {"one": {"conditions": [ASKED]}}}, ("cases", "one"), "'thens'", "add it"),
    (
        "branch",
        condition(condition="isempty"),
        ("cases", "one", "conditions", 0, "condition"),
        "must be one of is_empty",
        "did you mean 'is_empty'?",
    ),
    (
        "branch",
        condition(condition="above", value=3),
        ("cases", "one", "conditions", 0, "value"),
        "the key 'value' is not known",
        "parameters: { value: … }",
    ),
    (
        "branch",
        condition(condition="above", parameters={"value": "many"}),
        ("cases", "one", "conditions", 0, "parameters", "value"),
        "unexpected form",
        "compares with a number",
    ),
    (
        "branch",
        condition(condition="is", parameters={"value": "{{limit}}"}),
        ("cases", "one", "conditions", 0, "parameters", "value"),
        "unexpected form",
        "no template is filled in here",
    ),
    (
        "branch",
        condition(condition="is", parameters={}),
        ("cases", "one", "conditions", 0, "parameters"),
        "needs the key 'value'",
        "add it",
    ),
    (
        "branch",
        {**branch(), "else": {"thens": [MOVE]}},
        ("else", "thens"),
        "the key 'thens' is not known in config.else",
        "else is the list itself",
    ),
    ("branch", {**branch(), "else": []}, ("else",), "must not be empty", ""),
    ("loop", {"max_iterations": 5000}, ("max_iterations",), "from 1 to 1000", ""),
    ("loop", {"while": [ASKED], "until": [ASKED]}, ("until",), "beside while", "keep one"),
    ("map", {}, (), "needs the key 'edge'", "add it"),
    ("map", {"edge": {"type": "cod"}}, ("edge", "type"), "must be one of", "'code'?"),
    ("map", {"edge": {"type": "map"}}, ("edge", "type"), "must be one of", ""),
    ("map", {"edge": {"type": "code"}}, ("edge", "config"), "needs the key 'code'", "add it"),
    (
        "map",
        {"edge": {"type": "llm", "config": {"promt": "x"}}},
        ("edge", "config", "promt"),
        "not known in an edge of type llm",
        "did you mean 'prompt'?",
    ),
    (
        "map",
        {"edge": {"type": "llm"}, "on_error": None},
        ("on_error",),
        "must be one of fail, null,",
        'write "null" in quotes',
    ),
    ("code", {}, (), "needs the key 'code'", "add it: Python"),
    ("code", {"code": " \n"}, ("code",), "unexpected form", "define a function main"),
    ("retrieve", {}, (), "needs the key 'query'", "add it: What is asked"),
    ("retrieve", {"qery": "x"}, ("qery",), "not known", "did you mean 'query'?"),
    ("workflow", {"inputs": {}}, (), "needs the key 'name'", "add it"),
    ("http", {"method": "GET"}, (), "needs the key 'url'", "add it"),
    (
        "http",
        {"url": "x", "auth": {"secret": "K", "type": "header"}},
        ("auth",),
        "needs the key 'name'",
        "add it",
    ),
    ("search", {"search_type": "elastic"}, (), "needs the key 'index'", "add it"),
    ("save", {"content": "x"}, (), "needs the key 'path'", "add it"),
    ("load", {"cache": True}, ("cache",), "must be false", "ask a model or run code"),
]


@pytest.mark.parametrize(("type_", "config", "route", "message", "help_"), WRONG)
def test_a_mistake_is_told_once_where_it_stands(
    type_: str, config: Object, route: Route, message: str, help_: str
) -> None:
    ((where, said, hint),) = told(type_, config)
    assert where == route
    assert message in said
    assert help_ in hint
    assert hint


@pytest.mark.parametrize(
    ("type_", "config", "key", "help_"),
    [
        ("chunk", {"chunking_mode": "auto", "overlap": 3}, "overlap", "chunking_mode: length"),
        ("modify", {"content": "x", "slice": [0, 1]}, "slice", "modify_type: edit_text"),
        ("search", {"search_type": "qa", "read_pages": True}, "read_pages", "search_type: web"),
        ("llm", {"prompt": "x", "sys_prompt": "Be brief"}, "sys_prompt", "write it as `system`"),
    ],
)
def test_a_key_without_effect_is_a_warning(
    type_: str, config: Object, key: str, help_: str
) -> None:
    (problem,) = config_problems(type_, config)
    assert problem.severity is Severity.WARNING
    assert problem.route == (key,)
    assert problem.on_key
    assert help_ in problem.help


@pytest.mark.parametrize(
    ("type_", "config"),
    [
        ("llm", {}),
        ("llm", {"prompt": "x", "x-own": {"any": "thing"}}),
        ("llm", {"messages": "{{history}}", "prompt": "x", "sys_prompt": ""}),
        ("llm", {"prompt": "x", "structured_output": {"type": "object"}}),
        ("branch", {**branch(), "else": MOVE}),
        ("branch", condition(condition="less_than_n_chars", parameters={"value": "300"})),
        ("chunk", {"chunking_mode": "length", "extra_configs": {"overlap": 3}}),
        ("map", {"edge": {"type": "llm", "config": {"prompt": "{{item}}"}}, "on_error": "null"}),
        ("retrieve", {"query_id": {"a": "a"}, "extra_configs": {"db_type": "pgvector"}}),
        ("save", {"file_name": "x", "file_type": "txt"}),
        ("nonsense", {"a": 1}),  # the manifest's schema says so
    ],
)
def test_what_is_right_is_told_nothing_of(type_: str, config: Object) -> None:
    assert told(type_, config) == []


def test_very_many_mistakes_are_not_told_one_by_one() -> None:
    config: Object = {f"strange{number}": 1 for number in range(5000)}
    found = told("llm", config)
    assert len(found) == MOST_PROBLEMS + 1
    assert found[-1] == ((), "an edge of type llm has more mistakes", "mend these first")
    ((_, message, _),) = told("llm", {"k" * 5000: 1})
    assert len(message) < 200


def test_fields_of_extra_configs_go_before_direct_ones() -> None:
    assert settings({"a": 1, "b": 2, "extra_configs": {"b": 3}}) == {"a": 1, "b": 3}
    assert settings({"a": 1, "extra_configs": "x"}) == {"a": 1, "extra_configs": "x"}


def test_the_configuration_of_a_model_block_is_checked() -> None:
    def about(block: Block) -> list[tuple[Route, str, str]]:
        found = edge_config_problems(
            Workflow(Metadata("a", "1.0.0"), (Block("t", "text"), block), ())
        )
        return [(p.route, p.message, p.help) for p in found]

    assert about(Block("m", "llm", config={"temperature": 0.3, "max_tokens": 100})) == []
    assert about(Block("m", "text", config={"temprature": 1})) == []
    ((route, message, help_),) = about(Block("m", "llm", config={"temprature": 1}))
    assert route == ("spec", "blocks", 1, "config", "temprature")
    assert message == "the key 'temprature' is not known in a block of type llm"
    assert help_.startswith("did you mean 'temperature'?")


@pytest.mark.parametrize(
    ("key", "severity", "help_"),
    [
        ("temprature", Severity.ERROR, "did you mean 'temperature'? known: llm_model"),
        ("colour", Severity.WARNING, "known: llm_model"),
    ],
)
def test_what_an_environment_does_not_know_is_told(
    key: str, severity: Severity, help_: str
) -> None:
    known = {"llm_model": "m", "debug": True, "model": "m", "x-own": 1}
    environments = (Environment("a", known), Environment("b", {key: 1}))
    flow = Workflow(Metadata("a", "1.0.0"), (), (), environments=environments)
    (problem,) = edge_config_problems(flow)
    assert problem.route == ("spec", "runtime", "environments", "b", key)
    assert problem.severity is severity
    assert problem.message == f"the key {key!r} has no effect in an environment"
    assert problem.help.startswith(help_)


def test_every_edge_type_has_a_schema_and_nothing_else_has_one() -> None:
    folder = Path(__file__).parents[2] / "registry_tool/manifest/schema/edges"
    assert set(ALL_EDGES) == set(EDGE_TYPES)
    assert {path.name for path in folder.iterdir()} == {f"{t}.schema.json" for t in EDGE_TYPES}
    manifest = cast(Any, schema_object(MANIFEST_SCHEMA))
    assert set(manifest["$defs"]["edge"]["properties"]["type"]["enum"]) == set(EDGE_TYPES)
    inner = cast(Any, edge_schema("map"))["properties"]["edge"]["properties"]["type"]["enum"]
    assert set(inner) == set(EDGE_TYPES) - {"map", "loop"}


@pytest.mark.parametrize("type_", EDGE_TYPES)
def test_every_key_is_described_and_every_object_of_known_keys_is_closed(type_: str) -> None:
    text = json.loads(schema_text(edge_schema_file(type_)))
    Draft202012Validator.check_schema(text)
    assert text["additionalProperties"] is False
    assert text["patternProperties"] == {"^x-": True}
    assert '"$ref": "#' in json.dumps(text) or '"$ref"' not in json.dumps(text)
    for key, below in _described(text):
        assert below.get("description"), (type_, key)


def _described(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every property that an author may write, at any depth; conditions (`if`, `allOf` …) left out."""
    found = list(schema.get("properties", {}).items())
    holders = [below for _, below in found] + list(schema.get("$defs", {}).values())
    holders += [schema[k] for k in ("items", "additionalProperties") if schema.get(k)]
    for holder in holders:
        found += _described(holder)
    return found


def test_what_all_types_share_means_the_same_in_all() -> None:
    for key in ("retries", "temperature", "top_p", "base_url"):
        forms = {
            json.dumps(one)
            for t in EDGE_TYPES
            if (one := cast(Any, edge_schema(t))["properties"].get(key))
        }
        assert len(forms) == 1, key


def test_words_are_those_that_the_engine_knows() -> None:
    forms = cast(Any, edge_schema("branch"))["$defs"]["condition"]["properties"]
    assert forms["condition"]["enum"] == list(CONDITIONS)
    assert forms == cast(Any, edge_schema("loop"))["$defs"]["condition"]["properties"]
    modify = cast(Any, edge_schema("modify"))["properties"]
    assert modify["operations"]["items"]["properties"]["type"]["enum"] == list(OPERATIONS)


def test_the_manifests_schema_holds_them_all_in_step() -> None:
    """A validator without files or network follows its references; `scripts/edge_schemas.py` writes it."""
    text = schema_text(MANIFEST_SCHEMA)
    assert bundled(text) == text
    whole = Draft202012Validator(json.loads(text))
    edge = {"id": "e", "source": "a", "target": "a", "type": "llm", "config": {"promt": "x"}}
    each = {**edge, "type": "map", "config": {"edge": {"type": "llm", "config": {"promt": "x"}}}}
    manifest = {
        "apiVersion": "puppyai.com/v1",
        "kind": "Workflow",
        "metadata": {"name": "a", "version": "1.0.0"},
        "spec": {"blocks": [{"id": "a", "type": "text"}], "edges": [edge, each]},
    }
    errors = sorted(whole.iter_errors(manifest), key=lambda error: len(error.absolute_path))
    assert [error.validator for error in errors] == ["additionalProperties"] * 2
    manifest["spec"]["blocks"] = [{"id": "a", "type": "llm", "config": {"temprature": 1}}]  # type: ignore[index]
    assert len(list(whole.iter_errors(manifest))) == 3
    manifest["spec"]["blocks"] = [{"id": "a", "type": "llm", "config": {"temperature": 1}}]  # type: ignore[index]
    manifest["spec"]["edges"] = [{**edge, "config": {"prompt": "x"}}]  # type: ignore[index]
    assert whole.is_valid(manifest)
