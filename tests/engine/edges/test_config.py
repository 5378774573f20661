"""The class that an edge's configuration is read into says what its schema says, and the reverse."""

from __future__ import annotations

import ast
import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, FrozenInstanceError, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

import pytest

from registry_tool.core.values import Value
from registry_tool.engine.edges.all_edges import ALL_EDGES, config_of, edge_kind
from registry_tool.engine.edges.base import EdgeError
from registry_tool.engine.edges.config import UNSET, WRITTEN, keys_of, read_config, typed
from registry_tool.engine.edges.deep_research_tools import ServiceConfig
from registry_tool.engine.edges.generate import JOBS, GenerateConfig
from registry_tool.engine.edges.load import LoadConfig
from registry_tool.engine.edges.map import InnerEdge
from registry_tool.manifest.edge_config import NESTING, edge_schema
from registry_tool.manifest.model import Edge
from registry_tool.manifest.schemas import EDGE_TYPES

ENGINE = Path(__file__).parents[3] / "registry_tool/engine"
SERVICES = ("google", "duckduckgo", "perplexity", "elasticsearch")
EDITORS = {"extra_configs", "label"}
"""Where the editor puts fields, which are read as if they stood directly, and what it writes beside an id."""
WORDS: dict[tuple[type, str], set[str]] = {
    (InnerEdge, "type"): set(EDGE_TYPES) - NESTING,
    (GenerateConfig, "sys_prompt_template"): {*JOBS, "default"},
}
"""Words that stand elsewhere already, so that the field's type is text."""
CHECKED: dict[type, set[str]] = {
    LoadConfig: {"mode"},  # one page or several is seen by the source's value
    ServiceConfig: {
        "sub_search_type"
    },  # the editor's word for Perplexity, which the key names already
}
"""Properties whose wrong values are refused, and of which the engine needs no more."""
TEMPLATES = {"messages", "chat_histories", "images"}
"""Lists, or a placeholder for one: they are filled in before they are read."""
TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}
EXAMPLES: dict[str, Value] = {
    **dict.fromkeys(
        ("code", "url", "name", "secret", "service", "template", "block", "from", "to"), "x"
    ),
    **{"cases": {}, "edge": {"type": "llm"}, "type": "llm", "condition": "is", "conditions": []},
}


def of_services() -> set[str]:
    """Every text that a search service's module holds: the fields that it reads are among them."""
    trees = [
        ast.parse((ENGINE / f"providers/web_search/{name}.py").read_text()) for name in SERVICES
    ]
    found = [node.value for t in trees for node in ast.walk(t) if isinstance(node, ast.Constant)]
    return {text for text in found if isinstance(text, str)}


def effective(schema: Any) -> set[str]:
    """The properties of a schema that have an effect."""
    return {
        key
        for key, below in schema["properties"].items()
        if not (isinstance(below, dict) and (below.get("deprecated") or "not" in below))
    }


def hints_of(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls, localns={"Value": Value})


def is_any(hint: Any) -> bool:
    return any(part is Any or get_origin(part) is dict for part in parts_of(hint))


def parts_of(hint: Any) -> list[Any]:
    """The types of a union but null, else the type alone."""
    union = get_origin(hint) in {Union, types.UnionType}
    return [part for part in (get_args(hint) if union else [hint]) if part is not type(None)]


def json_type(part: Any) -> str:
    """What JSON calls a value of a type."""
    if part in TYPES:
        return TYPES[part]
    if get_origin(part) is Literal:
        return "string"
    return "array" if get_origin(part) is tuple else "object"


def classes_below(cls: Any, schema: Any, root: Any) -> Iterator[tuple[Any, Any]]:
    """A class with its schema, and so on for the classes of its fields."""
    yield cls, schema
    for one in known(cls):
        for part in parts_of(hints_of(cls)[one.name]):
            inner = get_args(part)[-1] if get_origin(part) is Mapping else part
            inner = get_args(part)[0] if get_origin(part) is tuple else inner
            if not is_dataclass(inner):
                continue
            for key in keys_of(one):
                below = schema["properties"][key]
                below = below.get("items", below) if get_origin(part) is tuple else below
                below = below["additionalProperties"] if get_origin(part) is Mapping else below
                if "$ref" in below:
                    below = root["$defs"][below["$ref"].rpartition("/")[2]]
                yield from classes_below(inner, below, root)


def known(cls: Any) -> list[Field[Any]]:
    return [one for one in fields(cls) if one.name != WRITTEN]


PAIRS = [
    pytest.param(cls, schema, id=f"{kind.type}-{cls.__name__}")
    for kind in map(edge_kind, ALL_EDGES)
    for cls, schema in classes_below(kind.config, edge_schema(kind.type), edge_schema(kind.type))
]
SPELLINGS = [
    pytest.param(
        param.values[0], one, cast(Any, param.values[1])["properties"][key], id=f"{param.id}-{key}"
    )
    for param in PAIRS
    for one in known(param.values[0])
    for key in keys_of(one)
]


@pytest.mark.parametrize(("cls", "schema"), PAIRS)
def test_every_property_is_a_field_and_the_reverse(cls: Any, schema: Any) -> None:
    keys = {key for one in known(cls) for key in keys_of(one)}
    assert keys <= set(schema["properties"]), "the class has what the schema doesn't list"
    missing = effective(schema) - keys - EDITORS
    if WRITTEN in hints_of(cls):
        missing -= of_services()
    missing -= CHECKED.get(cls, set())
    assert not missing, "the schema lists what the engine doesn't read"


@pytest.mark.parametrize(("cls", "one", "schema"), SPELLINGS)
def test_types_are_those_of_the_schema(cls: Any, one: Field[Any], schema: Any) -> None:
    hint = hints_of(cls)[one.name]
    result = schema.get("type", "string" if "enum" in schema else [])
    wanted = {result} if isinstance(result, str) else set(result) - {"null"}
    if is_any(hint):
        assert not wanted or one.name in TEMPLATES
        return
    found = {json_type(part) for part in parts_of(hint)}
    assert found <= wanted if one.metadata.get("form") else found == wanted


@pytest.mark.parametrize(("cls", "one", "schema"), SPELLINGS)
def test_words_are_those_of_the_schema(cls: Any, one: Field[Any], schema: Any) -> None:
    form = one.metadata.get("form") or (lambda value: value)
    wanted = {form(word) for word in schema.get("enum", ())}
    literals = [part for part in parts_of(hints_of(cls)[one.name]) if get_origin(part) is Literal]
    found = {word for part in literals for word in get_args(part)}
    assert found == wanted or WORDS.get((cls, one.name)) == wanted


@pytest.mark.parametrize(("cls", "one", "schema"), SPELLINGS)
def test_defaults_are_those_of_the_schema(cls: Any, one: Field[Any], schema: Any) -> None:
    needed = {
        key: EXAMPLES[key]
        for field in known(cls)
        for key in keys_of(field)
        if field.default is MISSING and field.default_factory is MISSING
    }
    usual = getattr(typed(cls, needed), one.name)
    if "default" in schema:
        assert (
            getattr(typed(cls, {**needed, keys_of(one)[0]: schema["default"]}), one.name) == usual
        )
    elif keys_of(one)[0] not in needed:
        empty = is_dataclass(usual) and usual == type(usual)()
        assert not usual or usual is UNSET or empty, "the schema has to tell of it"


def test_every_type_has_a_class() -> None:
    assert [edge_kind(type_).type for type_ in ALL_EDGES] == list(ALL_EDGES)
    assert set(ALL_EDGES) == set(EDGE_TYPES)


def test_every_field_is_read_by_the_engine() -> None:
    trees = [ast.parse(file.read_text("utf-8")) for file in ENGINE.rglob("*.py")]
    read = {node.attr for t in trees for node in ast.walk(t) if isinstance(node, ast.Attribute)}
    for param in PAIRS:
        unread = {one.name for one in known(param.values[0])} - read
        assert not unread, param.id


@pytest.mark.parametrize("type_", EDGE_TYPES)
def test_the_examples_of_a_schema_are_read_and_can_t_be_changed(type_: str) -> None:
    for example in cast(list[dict[str, Value]], edge_schema(type_)["examples"]):
        config = read_config(type_, edge_kind(type_).config, example)
        with pytest.raises(FrozenInstanceError):
            config.cache = True


def read(type_: str, **config: Value) -> Any:
    return config_of(Edge("e", type_, ("a",), ("b",), config))


def test_the_editor_s_spellings_have_one_form() -> None:
    assert read("modify", extra_configs={"slice": [1, 2]}, modify_type="edit_text").slice == (1, 2)
    assert read("http", url="x", method="post", expect_status=404).method == "POST"
    assert read("http", url="x", expect_status=404).expect_status == (404,)
    assert read("search", query_id={"a": "Label"}, model={"m": {}}).query_id == "a"
    assert read("search", model={"m": {}}).model == "m"
    assert read("chunk", delimiters=";", tags=[["h1", "Head"], "h2"]).tags == ("h1", "h2")
    move = {"from": "a", "to": "b"}
    condition = {"block": "a", "condition": "is_empty", "operation": "AND"}
    case = read("branch", cases={"c": {"conditions": [condition], "then": move}}).cases["c"]
    assert (case.thens[0].from_, case.conditions[0].operation) == ("a", "and")
    research = read("deep_research", llm_model="l", model="m", google_search_configs={"top_k": 7})
    assert (research.model, research.web_config.top_k) == ("l", 7)
    sources: Value = [{"id": "a", "label": "A"}, "b", {"index_item": {}}]
    named = read("retrieve", query="q", data_source=sources, docs_id={"c": "C"})
    assert [source.id for source in named.data_source] == ["a", "b", ""]
    assert named.doc_ids == ("c",)
    assert read("llm", tools={"type": "function", "function": {"name": "f"}}).tools == (
        {"name": "f"},
    )


def test_a_whole_number_may_be_written_with_a_point() -> None:
    found = read("rerank", top_k=3.0).top_k
    assert (found, type(found)) == (3, int)
    assert type(read("search", top_k=3.0).top_k) is int


def test_null_is_nothing_but_where_it_is_meant() -> None:
    assert read("rerank", top_k=None).top_k == 5
    assert read("modify", content=None).content is None
    assert read("modify").content is UNSET


def test_what_only_a_newer_check_refuses_still_runs() -> None:
    """A key without effect is for whoever checks a manifest; what was published before goes on running."""
    assert read("llm", prompt="x", promt="y").prompt == "x"
    assert read("search", search_type="keyword", google_region="de").search_type == "keyword"


@pytest.mark.parametrize(
    ("type_", "config", "expected"),
    [
        ("rerank", {"top_k": 0}, "config.top_k: must be at least 1, not 0"),
        ("rerank", {"top_k": True}, "config.top_k: must be of type integer, not true"),
        ("http", {}, "config: an edge of type http needs the key 'url'"),
        ("chunk", {"chunking_mode": "autp"}, "did you mean 'auto'?"),
        ("chunk", {"extra_configs": {"overlap": -1}}, "config.overlap: must be at least 0"),
        ("branch", {"cases": {"a": {"conditions": ["x"]}}}, "config.cases.a.conditions.0: "),
        ("map", {"edge": {"type": "loop"}}, "config.edge.type: must be one of"),
        ("modify", {"operations": [{"type": "get", "params": {"path": "a"}}]}, "params.path: "),
    ],
)
def test_what_breaks_a_schema_is_reported_with_its_place(
    type_: str, config: Any, expected: str
) -> None:
    with pytest.raises(EdgeError) as caught:
        read(type_, **config)
    assert expected in str(caught.value)
