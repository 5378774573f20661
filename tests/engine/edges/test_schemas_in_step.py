"""What an edge reads of its configuration is what its schema lists, and the reverse, so that neither drifts.

The modules' source is read: a key is read where a configuration is asked for it by name (`config.get("key")`,
`config["key"]`, `whole_number(config, "key", …)`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from registry_tool.manifest.edge_config import edge_schema
from registry_tool.manifest.schemas import EDGE_TYPES

ENGINE = Path(__file__).parents[3] / "registry_tool/engine"
COMMON = ("retry", "result_cache", "edges/config")
ASKING = ("edges/asking/model", "edges/asking/services")
WEB = tuple(f"providers/web_search/{name}" for name in ("google", "duckduckgo", "perplexity"))
READS: dict[str, tuple[str, ...]] = {
    "llm": ("edges/llm", "edges/asking/model"),
    "generate": ("edges/generate", "edges/asking/model"),
    "code": ("edges/code",),
    "modify": ("edges/modify", "edges/text/list_operations", "edges/text/to_structured"),
    "chunk": ("edges/chunk", "edges/text/semantic_splitter", *ASKING),
    "branch": ("edges/branch", "edges/conditions"),
    "loop": ("edges/loop", "edges/conditions"),
    "map": ("edges/map",),
    "workflow": ("edges/workflow",),
    "http": ("edges/http",),
    "search": (
        *("edges/search", "edges/ranking/source_search", "edges/retrieve", *ASKING, *WEB),
        "providers/web_search/elasticsearch",
    ),
    "retrieve": ("edges/retrieve", "edges/asking/services"),
    "deep_research": (
        *("edges/deep_research", "edges/deep_research_tools", "edges/retrieve", *ASKING, *WEB),
    ),
    "query_rewrite": ("edges/query_rewrite", *ASKING),
    "rerank": ("edges/rerank", *ASKING),
    "load": ("edges/load",),
    "save": ("edges/save",),
}
"""Modules of the engine that read a configuration of the type."""

HELD = {"config", "options", "params", "operation", "condition", "parameters", "case", "then"}
HELD |= {"settings", "auth", "inner", "extra", "call"}
"""Names of what holds a configuration or a part of it."""

HELPERS = {"whole_number": 1, "texts": 1, "_texts": 1, "_values": 1, "text_at": 1, "_path": 1}
"""Functions that take a configuration and, at that position, the key that they read."""

OURS = {
    # `collection_configs` of the editor's own database are looked at to say what is missing.
    *("index_item", "collection_configs", "collection_name", "vdb_type", "db_type"),
    # Parts of messages, tools and requests, which belong to the model's own interface.
    *("json_schema", "schema", "function", "name", "role", "content", "description"),
    # Overrides of environments, which are no edge's.
    "llm_model",
}

EDITORS = {"extra_configs", "label"}
"""Where the editor puts fields (`manifest.edge_config.settings` reads it), and what it writes beside an id."""


def tree(module: str) -> ast.Module:
    return ast.parse((ENGINE / f"{module}.py").read_text("utf-8"))


def constants(module: str) -> set[str]:
    """Every text in a module, its documentation left out."""
    found = [node.value for node in ast.walk(tree(module)) if isinstance(node, ast.Constant)]
    return {value for value in found if isinstance(value, str) and " " not in value}


def keys_read(module: str) -> Iterator[str]:
    """Every key that a module asks a configuration for by name."""
    for node in ast.walk(tree(module)):
        match node:
            case ast.Call(func=ast.Attribute(value=held, attr="get"), args=[key, *_]):
                yield from _key(held, key)
            case ast.Subscript(value=held, slice=key, ctx=ast.Load()):
                yield from _key(held, key)
            case ast.Compare(left=key, ops=[ast.In() | ast.NotIn()], comparators=[held]):
                yield from _key(held, key)
            case ast.Call(func=ast.Name(id=name), args=[held, _, *_]) if name in HELPERS:
                for key in node.args[HELPERS[name] : HELPERS[name] + 1]:
                    yield from _key(held, key)


def _key(held: ast.expr, key: ast.expr) -> Iterator[str]:
    while isinstance(held, ast.Call):  # `options(call)`, `dict(config)`
        held = held.args[0] if held.args else held.func
    name = held.attr if isinstance(held, ast.Attribute) else getattr(held, "id", "")
    if name in HELD and _is_text(key):
        yield cast(str, cast(ast.Constant, key).value)


def _is_text(key: ast.expr) -> bool:
    return isinstance(key, ast.Constant) and isinstance(key.value, str)


def keys_listed(schema: Any, *, effective: bool = False) -> Iterator[str]:
    """Every key of a schema at any depth; `effective`: only those that the engine must read."""
    if isinstance(schema, list):
        for item in schema:
            yield from keys_listed(item, effective=effective)
    if not isinstance(schema, dict):
        return
    for key, below in schema.get("properties", {}).items():
        idle = isinstance(below, dict) and (below.get("deprecated") or "not" in below)
        if not (effective and idle):
            yield key
            yield from keys_listed(below, effective=effective)
    for name in ("items", "additionalProperties", "$defs"):
        inner = schema.get(name)
        yield from keys_listed(list(inner.values()) if name == "$defs" and inner else inner)


def test_the_modules_of_every_type_are_named() -> None:
    assert set(READS) == set(EDGE_TYPES)
    named = {module for modules in READS.values() for module in modules}
    kinds = {f"edges/{type_}" for type_ in EDGE_TYPES}
    assert kinds <= named
    assert all((ENGINE / f"{module}.py").exists() for module in named)


@pytest.mark.parametrize("type_", EDGE_TYPES)
def test_every_key_of_a_schema_is_read(type_: str) -> None:
    read = set[str]().union(*(constants(module) for module in (*READS[type_], *COMMON)))
    unread = set(keys_listed(edge_schema(type_), effective=True)) - read
    assert unread <= EDITORS, "the engine reads nothing of it: the schema should not list it"


def test_every_key_that_is_read_is_in_a_schema_of_a_type_that_reads_it() -> None:
    for module in sorted({module for modules in READS.values() for module in modules}):
        types = [type_ for type_, modules in READS.items() if module in modules]
        listed = {key for type_ in types for key in keys_listed(edge_schema(type_))}
        missing = set(keys_read(module)) - listed - OURS
        assert not missing, f"{module} reads what no schema lists"


def usual(module: str) -> Iterator[tuple[str, object]]:
    """Keys with the value that counts where they are missing, as far as it is written there."""
    for node in ast.walk(tree(module)):
        match node:
            case ast.Call(func=ast.Attribute(value=held, attr="get"), args=[key, default]):
                pass
            case ast.Call(func=ast.Name(id=name), args=[held, key, default, *_]) if name in HELPERS:
                pass
            case ast.BoolOp(
                op=ast.Or(),
                values=[ast.Call(func=ast.Attribute(value=held, attr="get"), args=[key]), default],
            ):
                pass
            case _:
                continue
        try:
            value = ast.literal_eval(default)
        except ValueError:
            continue
        yield from ((name, value) for name in _key(held, key))


@pytest.mark.parametrize("type_", EDGE_TYPES)
def test_defaults_are_those_of_the_engine(type_: str) -> None:
    told = cast(Any, edge_schema(type_))["properties"]
    found: dict[str, list[object]] = {}
    for module in (*READS[type_], *COMMON):
        for key, value in usual(module):
            found.setdefault(key, []).append(value)
    for key, values in found.items():
        default = told.get(key, {}).get("default", values[0])
        assert default in values or values in ([""], [[]]), (key, default, values)


def test_reading_is_seen() -> None:
    """The test itself: it finds the keys of modules that it is pointed at."""
    assert {"url", "method", "auth", "secret", "largest", "timeout"} <= set(keys_read("edges/http"))
    assert {"block", "condition", "parameters", "path"} <= set(keys_read("edges/conditions"))
    assert {"chunk_size", "delimiters"} <= set(keys_read("edges/chunk"))
    assert ("parallel", 8) in list(usual("edges/map"))
    assert ("chunking_mode", "auto") in list(usual("edges/chunk"))
