"""An edge type's documentation for a terminal and for programs, from its JSON Schema alone."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import cast

from registry_tool.core.errors import UsageError
from registry_tool.core.records import Record
from registry_tool.core.suggest import did_you_mean
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.manifest.edge_config import edge_schema
from registry_tool.manifest.schemas import EDGE_TYPES
from registry_tool.report.edge_reference import example_text, form, held_objects, keys_of

_WIDTH = 96


class EdgeField(Record, frozen=True):
    """One key of a configuration. `form` says in words what its value must be; `default` is None without one."""

    name: str
    form: str
    required: bool
    about: str
    default: Value = None
    has_default: bool = False
    enum: tuple[Value, ...] = ()

    def to_value(self) -> Object:
        """As JSON."""
        value: Object = {"name": self.name, "form": self.form, "required": self.required}
        if self.has_default:
            value["default"] = self.default
        if self.enum:
            value["enum"] = list(self.enum)
        return {**value, "description": self.about}


class EdgeDocs(Record, frozen=True):
    """An edge type: its fields, those of the objects inside them by the key that holds these, and an example."""

    type: str
    title: str
    about: str
    fields: tuple[EdgeField, ...]
    objects: tuple[tuple[str, tuple[EdgeField, ...]], ...]
    example: Object
    schema: Frozen

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "type": self.type,
            "title": self.title,
            "description": self.about,
            "fields": [one.to_value() for one in self.fields],
            "objects": {name: [one.to_value() for one in below] for name, below in self.objects},
            "example": self.example,
            "schema": dict(self.schema),
        }


def edge_docs(type_: str) -> EdgeDocs:
    """The documentation of an edge type; `UsageError` with the nearest one for a type that doesn't exist."""
    if type_ not in EDGE_TYPES:
        known = ", ".join(EDGE_TYPES)
        raise UsageError(
            f"there is no edge type {type_[:64]!r}",
            hint=f"{did_you_mean(type_, EDGE_TYPES)} there are {known}".strip(),
        )
    schema = edge_schema(type_)
    return EdgeDocs(
        type_,
        str(schema["title"]),
        str(schema["description"]),
        _fields(schema),
        tuple((name.strip("`"), _fields(below)) for name, below in held_objects(schema)),
        {"type": type_, "config": cast(list[Value], schema["examples"])[0]},
        schema,
    )


def _fields(schema: Frozen) -> tuple[EdgeField, ...]:
    required = cast(list[str], schema.get("required", []))
    known = cast(dict[str, Object], schema.get("properties", {}))
    return tuple(_field(key, known[key], key in required) for key in keys_of(schema))


def _field(name: str, schema: Object, required: bool) -> EdgeField:
    return EdgeField(
        name,
        form(schema).replace("`", ""),
        required,
        str(schema.get("description", "")),
        schema.get("default"),
        "default" in schema,
        tuple(cast(list[Value], schema.get("enum", []))),
    )


def edge_text(docs: EdgeDocs) -> str:
    """For a terminal: what it does, its fields, and an example that can be copied."""
    lines = [f"{docs.type}: {docs.title}", "", *_wrapped(docs.about, ""), ""]
    lines += ["config:", *_field_lines(docs.fields)]
    for name, below in docs.objects:
        lines += ["", f"{name}:", *_field_lines(below)]
    example = example_text(docs.type, docs.schema)
    return "\n".join([*lines, "", "Example:", *(f"  {line}" for line in example)])


def types_text() -> str:
    """Every edge type with what it does, for a terminal."""
    width = max(map(len, EDGE_TYPES))
    return "\n".join(f"{type_:<{width}}  {edge_schema(type_)['title']}" for type_ in EDGE_TYPES)


def _field_lines(fields: tuple[EdgeField, ...]) -> Iterator[str]:
    for one in fields:
        traits = [one.form, *(["required"] if one.required else [])]
        if one.has_default:
            traits.append(f"default {json.dumps(one.default, ensure_ascii=False)}")
        yield from _wrapped(f"{one.name}  ({'; '.join(traits)})", "  ", "      ")
        yield from _wrapped(one.about, "      ")


def _wrapped(text: str, indent: str, further: str | None = None) -> Iterator[str]:
    """Paragraphs and list items each wrapped for themselves."""
    for line in text.replace("`", "").splitlines():
        yield from textwrap.wrap(
            line,
            _WIDTH,
            initial_indent=indent,
            subsequent_indent=indent if further is None else further,
            break_long_words=False,
            break_on_hyphens=False,
        )
