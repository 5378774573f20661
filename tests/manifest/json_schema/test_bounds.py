"""Schemas refer to nothing but themselves, at every place that takes one; what they cost is bounded."""

from __future__ import annotations

import builtins
import json
import os
import socket
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import yaml

from registry_tool.commands.review.check import check
from registry_tool.core.errors import RegistryError
from registry_tool.core.finding import FindingsError
from registry_tool.core.values import Object
from registry_tool.engine.assertions.base import AssertionFormError
from registry_tool.engine.assertions.calls import IS_VALID_FUNCTION_CALL
from registry_tool.engine.assertions.json_text import CONTAINS_JSON, IS_JSON
from registry_tool.engine.inputs import check_value
from registry_tool.manifest.json_schema.bounds import form_problems, parts_of
from registry_tool.manifest.json_schema.cost import CircularError, SchemaCost
from registry_tool.manifest.json_schema.locations import schema_findings, steps_of
from registry_tool.manifest.json_schema.misfit import misfit
from registry_tool.manifest.load import load, load_file, workflow_from
from registry_tool.sources.program import program_from_files
from tests import bounded

OUTSIDE = (
    "file:///etc/passwd",
    "file:///dev/zero",
    "http://127.0.0.1:9/schema.json",
    "https://example.com/schema.json#/properties/a",
    "other.json",
    "../../secrets.json#/token",
    "//evil.example/x",
    "#anchor",
    "urn:uuid:1",
)
GAMES: tuple[Object, ...] = (
    *({"$ref": text} for text in OUTSIDE),
    *({"$dynamicRef": text} for text in OUTSIDE),
    {"$schema": "file:///etc/passwd"},
    {"$schema": "http://127.0.0.1:9/meta"},
    {"$id": "file:///etc/", "type": "string"},
    {"properties": {"a": {"$id": "http://127.0.0.1:9/", "$ref": "#/x"}}},
    {"items": {"anyOf": [{"$ref": "other.json"}]}},
    {"$ref": "#/$defs/missing"},
)
BENIGN: tuple[Object, ...] = (
    {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "string"},
    {"$schema": "http://json-schema.org/draft-07/schema#", "$id": "https://example.com/text.json"},
    {"properties": {"$ref": {"type": "string"}}, "enum": [{"$ref": "file:///etc/passwd"}]},
    {"const": {"$ref": "other.json"}, "default": {"$ref": "other.json"}},
    {"$ref": "#/$defs/a~1b%20c", "$defs": {"a/b c": {"type": "string"}}},
    {"type": "object", "properties": {"children": {"type": "array", "items": {"$ref": "#"}}}},
)


def manifest(**locations: Any) -> dict[str, Any]:
    """A manifest with parts at the places where schemas may stand."""
    assertions = locations.get("assertions", [])
    return {
        "apiVersion": "puppyai.com/v1",
        "kind": "Workflow",
        "metadata": {"name": "hello", "version": "1.0.0"},
        "spec": {
            "blocks": [
                {"id": "who", "type": "text", **locations.get("block", {})},
                {"id": "greeting", "type": "text"},
            ],
            "edges": [
                {
                    "id": "greet",
                    "source": "who",
                    "target": "greeting",
                    "type": "llm",
                    "config": {"model": "m", **locations.get("config", {})},
                }
            ],
            "interface": {
                "inputs": [{"name": "who", "type": "string", **locations.get("input", {})}],
                "outputs": [{"name": "greeting", "type": "string", **locations.get("output", {})}],
            },
            "tests": [{"name": "t", "inputs": {"who": "you"}, "assert": assertions}],
        },
    }


def asserted(type_: str, value: Any) -> dict[str, Any]:
    one = {"type": type_, "value": value}
    return {"assertions": [{"type": "assert-set", "assert": [one]}]}


PLACES: dict[str, Any] = {
    "block": lambda s: {"block": {"schema": s}},
    "input": lambda s: {"input": {"schema": s}},
    "output": lambda s: {"output": {"schema": s}},
    "structured output": lambda s: {"config": {"structured_output": {**s, "x-own": 1}}},
    "its schema": lambda s: {"config": {"structured_output": {"schema": s}}},
    "its json_schema": lambda s: {"config": {"structured_output": {"json_schema": s}}},
    "OpenAI's form": lambda s: {
        "config": {"structured_output": {"json_schema": {"name": "x", "schema": s}}}
    },
    "tools": lambda s: {
        "config": {"tools": [{"type": "function", "function": {"name": "f", "parameters": s}}]}
    },
    "is-json": lambda s: asserted("is-json", s),
    "is-json as text": lambda s: asserted("is-json", json.dumps(s)),
    "not-contains-json": lambda s: asserted("not-contains-json", s),
    "function calls": lambda s: asserted(
        "is-valid-openai-tools-call", [{"function": {"name": "f", "parameters": s}}]
    ),
}


@pytest.fixture
def nothing_opened() -> Iterator[None]:
    """Neither sockets nor files can be opened."""

    def forbidden(*words: Any, **_: Any) -> Any:
        raise AssertionError(f"opened: {words}")

    with (
        patch.object(socket, "socket", forbidden),
        patch.object(builtins, "open", forbidden),
        patch.object(os, "open", forbidden),
    ):
        yield


@pytest.mark.parametrize("location", PLACES)
def test_nothing_outside_is_looked_up_at_any_place(location: str, nothing_opened: None) -> None:
    for schema in GAMES:
        value = manifest(**PLACES[location](schema))
        with pytest.raises(FindingsError) as caught:
            load(yaml.safe_dump(value), "manifest.yaml")
        finding = caught.value.findings[0]
        assert (finding.rule, finding.line > 1, bool(finding.help)) == ("schema", True, True)
        with pytest.raises(FindingsError):
            workflow_from(value, "workflow.json")
    for schema in BENIGN:
        load(yaml.safe_dump(manifest(**PLACES[location](schema))), "manifest.yaml")


def test_a_finding_stands_at_the_token() -> None:
    text = yaml.safe_dump(manifest(block={"schema": {"items": {"$ref": "file:///etc/passwd"}}}))
    with pytest.raises(FindingsError) as caught:
        load(text, "manifest.yaml")
    finding = caught.value.findings[0]
    line = text.splitlines()[finding.line - 1]
    assert line[finding.column - 1 :] == "file:///etc/passwd"


@pytest.mark.parametrize("schema", GAMES)
def test_nothing_outside_is_looked_up_at_run_time(schema: Object, nothing_opened: None) -> None:
    with pytest.raises(ValueError):
        misfit("text", schema)
    with pytest.raises(RegistryError):
        check_value("text", schema, "the input")
    for assertion in (IS_JSON, CONTAINS_JSON):
        with pytest.raises(AssertionFormError):
            assertion_of(assertion, '{"a": 1}', {"type": assertion.type, "value": schema})
    call = {"name": "f", "arguments": {}}
    value: Any = [{"name": "f", "parameters": schema}]
    with pytest.raises(AssertionFormError):
        assertion_of(IS_VALID_FUNCTION_CALL, call, {"type": "x", "value": value})


def assertion_of(assertion: Any, value: Any, form: Any) -> Any:
    import asyncio
    import inspect
    from types import SimpleNamespace

    done = assertion.check(SimpleNamespace(value=value), form)
    return asyncio.run(done) if inspect.isawaitable(done) else done


def test_a_server_and_a_file_that_wait_are_never_asked(tmp_path: Path) -> None:
    """The validator is no Python: what it would ask is seen at the other end."""
    file = tmp_path / "schema.json"
    file.write_text('{"type": "integer"}')
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/schema.json"
        for reference in (address, file.as_uri(), f"{file}"):
            with pytest.raises(ValueError, match="outside") as caught:
                misfit("text", {"$ref": reference})
            assert "integer" not in str(caught.value)
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize("schema", BENIGN)
def test_own_references_are_followed(schema: Object) -> None:
    assert not list(form_problems(parts_of(schema)))
    misfit("text", schema)


def doubled(depth: int, word: str = "anyOf") -> dict[str, Any]:
    """Every definition names the next one twice."""
    names = [f"d{number}" for number in range(depth + 1)]
    defs: dict[str, Any] = {
        name: {word: [{"$ref": f"#/$defs/{below}"}] * 2} for name, below in pairwise(names)
    }
    return {"$ref": "#/$defs/d0", "$defs": {**defs, names[-1]: {"type": "integer"}}}


def rest_of_rest(depth: int, word: str = "unevaluatedProperties") -> dict[str, Any]:
    """Each level asks what the level below has looked at: eight more take a validator 400 times as long."""
    schema: dict[str, Any] = {"properties": {"a": True}}
    for number in range(depth):
        schema = {"allOf": [schema], word: False, "properties": {f"p{number}": True}}
    return schema


def contained(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    for _ in range(depth):
        schema = {"contains": schema, "unevaluatedItems": False}
    return schema


COSTLY: dict[str, dict[str, Any]] = {
    "rest of the rest": rest_of_rest(24),
    "rest of the items": rest_of_rest(24, "unevaluatedItems"),
    "contained in the contained": contained(30),
    "doubled": doubled(20),
    "doubled oneOf": doubled(60, "oneOf"),
    "itself": {"$ref": "#"},
    "a circle": {"anyOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"not": {"$ref": "#"}}}},
    "choices": {"enum": list(range(10_000))},
    "a long pattern": {"pattern": "a" * 1_001},
    "many patterns": {"patternProperties": {f"a{n}": {} for n in range(201)}},
    "many references": {
        "prefixItems": [{"$ref": "#/$defs/a"}] * 301,
        "$defs": {"a": {"type": "string"}},
    },
    "a long chain": {
        "$ref": "#/$defs/d0",
        "$defs": {
            **{f"d{n}": {"$ref": f"#/$defs/d{n + 1}"} for n in range(250)},
            "d250": {"type": "string"},
        },
    },
    "branches at every level": {
        "anyOf": [{"properties": {"a": {"$ref": "#"}}}] * 60,
    },
}


@pytest.mark.parametrize("name", COSTLY)
def test_what_costs_too_much_is_refused_before_it_is_used(name: str) -> None:
    with bounded.ends():
        value = manifest(block={"schema": COSTLY[name]})
        problems = list(schema_findings(value))
        assert problems
        assert all(problem.help and problem.route[0] == "spec" for problem in problems)
        if name != "branches at every level":  # for a flat value there is nothing to multiply
            with pytest.raises(ValueError):
                misfit("text", COSTLY[name])


def test_many_schemas_are_bounded_together() -> None:
    value = manifest()
    value["spec"]["blocks"] += [
        {"id": f"b{n}", "type": "text", "schema": doubled(14)} for n in range(12)
    ]
    (problem,) = schema_findings(value)
    assert "together" in problem.message


def test_a_value_that_is_too_deep_for_its_schema_is_an_error() -> None:
    level = {"type": "object", "properties": {"a": {"$ref": "#"}}}
    tree: dict[str, Any] = {"anyOf": [*[level] * 4, {"type": "string"}]}
    value: Any = 1
    for _ in range(6):
        value = {"a": value}
    assert misfit(value, tree) is not None
    for _ in range(20):
        value = {"a": value}
    with pytest.raises(ValueError, match="deep"):
        misfit(value, tree)


def test_a_large_value_is_not_copied_for_every_branch() -> None:
    value = {"k": ["x" * 100] * 1_000}
    assert misfit(value, doubled(11)) == "it fits none of the many forms that the schema allows"


def test_steps_are_counted() -> None:
    assert steps_of(parts_of({"type": "string"})) == 1
    assert steps_of(parts_of(doubled(3))) == 1 + sum(2**n for n in range(4)) + sum(
        2**n for n in (1, 2, 3)
    )
    assert steps_of(parts_of(rest_of_rest(12))) > 100 * steps_of(parts_of(rest_of_rest(6)))
    assert steps_of(parts_of(rest_of_rest(4))) < 500
    wide = {"properties": {f"p{n}": {"type": "string"} for n in range(100)}}
    assert steps_of(parts_of(wide)) == 2
    assert SchemaCost(parts_of({"items": {"$ref": "#"}})).recursive
    with pytest.raises(CircularError):
        SchemaCost(parts_of({"$ref": "#"})).steps()


def test_a_tree_may_be_as_deep_as_values_may() -> None:
    tree: Object = {"type": "object", "properties": {n: {"$ref": "#"} for n in ("left", "right")}}
    value: Any = {}
    for _ in range(60):
        value = {"left": value, "right": {}}
    assert misfit(value, tree) is None


def test_patterns_take_linear_time() -> None:
    with bounded.ends():
        for pattern in ("(a+)+$", "(.*a){20}x", "^(([a-z])+.)+[A-Z]([a-z])+$"):
            misfit("a" * 200_000 + "!", {"pattern": pattern})
            misfit({"a" * 200_000 + "!": 1}, {"patternProperties": {pattern: {}}})
    for pattern in ("(?=a)b", r"(a)\1", "(a{1000}){1000}"):
        with pytest.raises(ValueError):
            misfit("a", {"pattern": pattern})


HOSTILE = manifest(block={"schema": {"$ref": "file:///etc/passwd"}})


def _load_file(folder: Path) -> object:
    (folder / "m.yaml").write_text(yaml.safe_dump(HOSTILE))
    return load_file(folder / "m.yaml")


def _run_of_a_path(folder: Path) -> object:
    files = {"workflow-resource.yaml": yaml.safe_dump(HOSTILE).encode()}
    return program_from_files(files, str(folder))


def _compiled(_: Path) -> object:
    files = {"workflow.json": json.dumps(HOSTILE).encode()}
    return program_from_files({**files, "manifest.yaml": yaml.safe_dump(HOSTILE).encode()}, "x")


@pytest.mark.parametrize("way", [_load_file, _run_of_a_path, _compiled])
def test_every_way_to_a_workflow_asks(way: Any, tmp_path: Path) -> None:
    with pytest.raises(FindingsError) as caught:
        way(tmp_path)
    assert "leads outside its own schema" in str(caught.value)


def test_a_registry_that_holds_one_is_told(tmp_path: Path) -> None:
    version = tmp_path / "registry/workflows/hello/1.0.0"
    version.mkdir(parents=True)
    (tmp_path / "registry/registry.yaml").write_text("name: Scratch\n")
    (version / "manifest.yaml").write_text(yaml.safe_dump(HOSTILE))
    found = check(tmp_path).findings
    assert any("leads outside its own schema" in finding.message for finding in found)


def test_the_registrys_settings_take_no_schema(tmp_path: Path) -> None:
    (tmp_path / "registry").mkdir()
    text = "name: Scratch\nschema: { $ref: 'file:///etc/passwd' }\n"
    (tmp_path / "registry/registry.yaml").write_text(text)
    with pytest.raises(FindingsError, match="not known here"):
        check(tmp_path)
