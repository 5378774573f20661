"""The reference of edge types in Markdown, made from their schemas alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast

import yaml

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.manifest.edge_config import edge_schema
from registry_tool.manifest.schemas import (
    EDGE_TYPES,
    MODEL_BLOCK_SCHEMA,
    edge_schema_file,
    schema_object,
)

COMMON = ("timeout", "retries", "cache")
"""What every type has; described once at the top where it means the same everywhere."""

_HEAD = """\
# Edge types

Made from the schemas in [registry_tool/manifest/schema/edges/](../registry_tool/manifest/schema/edges/), which
also check a manifest (rule `edge-config`) and complete it in editors. Unknown keys are errors, own ones start with
`x-`. A template may hold `{{name}}`; everything else is taken as it stands. Required keys are **bold**.
"""


def edges_page() -> str:
    """The whole page: the keys that all types share, then a part for each type."""
    shared = edge_schema("llm")
    rows = "\n".join(_rows(shared, COMMON))
    parts = [f"{_HEAD}\n## Every edge\n\n{_TABLE}\n{rows}\n", *map(edge_part, EDGE_TYPES)]
    return "\n".join([*parts, _model_block()])


def _model_block() -> str:
    schema = schema_object(MODEL_BLOCK_SCHEMA)
    rows = "\n".join(_rows(schema, keys_of(schema)))
    head = f"## Blocks of type llm\n\n{schema['description']}"
    return f"{head}\n\n{_TABLE}\n{rows}\n\nSchema: `{MODEL_BLOCK_SCHEMA}`\n"


def edge_part(type_: str) -> str:
    """One type's part: what it does, its keys, and the objects inside them."""
    schema = edge_schema(type_)
    lines = [f"## {type_}", "", f"**{schema['title']}.** {schema['description']}", ""]
    lines += _example(type_, schema)
    keys = [key for key in keys_of(schema) if not _is_shared(key, schema)]
    lines += [_TABLE, *_rows(schema, keys), ""]
    for name, below in held_objects(schema):
        lines += [f"### {type_}: {name}", "", *_sentence(below), _TABLE]
        lines += [*_rows(below, keys_of(below)), ""]
    if editors := _editors(schema):
        names = ", ".join(f"`{key}`" for key in editors)
        lines += [f"Accepted because the editor writes it, without effect: {names}.", ""]
    lines += [f"Schema: `{edge_schema_file(type_)}`", ""]
    return "\n".join(lines)


def _example(type_: str, schema: Frozen) -> list[str]:
    page = f"A workflow with it that is complete: [edges/{type_}.md](edges/{type_}.md)."
    return ["```yaml", *example_text(type_, schema), "```", "", page, ""]


def example_text(type_: str, schema: Frozen) -> list[str]:
    """The lines of an edge of the type as an author writes it."""
    config = cast(list[Value], schema["examples"])[0]
    text = yaml.dump(
        {"config": config}, Dumper=_Blocks, sort_keys=False, allow_unicode=True, width=110
    )
    return [f"type: {type_}", *text.rstrip().splitlines()]


class _Blocks(yaml.SafeDumper):
    """Writes texts of several lines as blocks."""


_Blocks.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text.rstrip("\n") else None
    ),
)

_TABLE = "| key | is | means |\n| --- | --- | --- |"


def _sentence(schema: Object) -> list[str]:
    text = str(schema.get("description", ""))
    return [text, ""] if text else []


def _is_shared(key: str, schema: Frozen) -> bool:
    """Whether a key means the same in every type."""
    return key in COMMON and _property(schema, key) == _property(edge_schema("llm"), key)


def _property(schema: Frozen, key: str) -> Object:
    return cast(Object, cast(Object, schema["properties"])[key])


def keys_of(schema: Frozen) -> list[str]:
    """The keys that an author writes, in the schema's order."""
    known = cast(dict[str, Object], schema.get("properties", {}))
    return [key for key, one in known.items() if not one.get("deprecated") and "not" not in one]


def _editors(schema: Frozen) -> list[str]:
    known = cast(dict[str, Object], schema["properties"])
    return [key for key, one in known.items() if one.get("deprecated")]


def _rows(schema: Frozen, keys: list[str] | tuple[str, ...]) -> Iterator[str]:
    required = cast(list[str], schema.get("required", []))
    for key in keys:
        below = _property(schema, key)
        name = f"**`{key}`**" if key in required else f"`{key}`"
        yield f"| {name} | {_cell(form(below))} | {_cell(_meaning(schema, key, below))} |"


def _meaning(schema: Frozen, key: str, below: Object) -> str:
    text = str(below.get("description", ""))
    if "default" in below:
        text += f"\n\nDefault: `{json.dumps(below['default'], ensure_ascii=False)}`."
    return text


def _cell(text: str) -> str:
    """A text of several lines in a cell of a table."""
    return text.replace("|", "\\|").replace("\n\n", "<br>").replace("\n- ", "<br>• ").strip()


def form(schema: Frozen) -> str:
    """What a value must be, in words: `integer from 0 to 10`, `one of "a", "b"`, `text or list of text`."""
    if "enum" in schema:
        allowed = [item for item in cast(list[Value], schema["enum"]) if item != ""]
        return "one of " + ", ".join(f"`{item}`" for item in allowed)
    kinds = schema.get("type", "any value")
    words = [_word(str(kind), schema) for kind in (kinds if isinstance(kinds, list) else [kinds])]
    return " or ".join(words) + _bounds(schema)


_WORDS = {"string": "text", "object": "object", "array": "list", "boolean": "true or false"}


def _word(kind: str, schema: Frozen) -> str:
    items = schema.get("items")
    if kind == "array" and isinstance(items, dict) and isinstance(items.get("type"), str):
        return f"list of {_WORDS.get(str(items['type']), str(items['type']))}"
    return _WORDS.get(kind, kind)


def _bounds(schema: Frozen) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f" from {low} to {high}"
    return f" from {low} on" if low is not None else ""


def held_objects(schema: Frozen, depth: int = 0) -> Iterator[tuple[str, Object]]:
    """The objects of known keys inside a schema, each once, by the key that holds them."""
    seen, described = set[str](), set[tuple[str, ...]]()
    for name, below in _inside(schema, schema):
        text = json.dumps(below, sort_keys=True)
        if text not in seen and (name, *keys_of(below)) not in described:
            seen.add(text)
            described.add((name, *keys_of(below)))
            yield name, below


def _inside(schema: Frozen, root: Frozen) -> Iterator[tuple[str, Object]]:
    for key, one in cast(dict[str, Object], schema.get("properties", {})).items():
        if not one.get("deprecated"):
            yield from _held(f"`{key}`", one, root)


def _held(name: str, one: Object, root: Frozen) -> Iterator[tuple[str, Object]]:
    """The object that a property holds: itself, each item of its list, each value of its map."""
    for inner in (one, one.get("items"), one.get("additionalProperties")):
        if isinstance(inner, dict):
            found = _resolved(inner, root)
            if found.get("properties"):
                yield name, found
                yield from _inside(found, root)


def _resolved(schema: Object, root: Frozen) -> Object:
    reference = str(schema.get("$ref", ""))
    if not reference.startswith("#/$defs/"):
        return schema
    return cast(Object, cast(Object, root["$defs"])[reference.removeprefix("#/$defs/")])
