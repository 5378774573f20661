"""What a stranger's JSON Schema may be before anything validates with it.

It refers to nothing but its own parts (`#`, `#/…`), so nothing is ever looked up; and its depth, its references,
its choices and its patterns are bounded. What its branches multiply to is counted by `json_schema/cost.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote, urlsplit

from registry_tool.core.finding import Problem
from registry_tool.core.records import Record
from registry_tool.core.values import Route, Value

MOST_DEPTH: Final = 64
MOST_SCHEMAS: Final = 5_000
MOST_REFERENCES: Final = 300
MOST_CHOICES: Final = 5_000
MOST_PATTERNS: Final = 200
LONGEST_PATTERN: Final = 1_000

READ_AS: Final = "https://json-schema.org/draft/2020-12/schema"
"""The form of JSON Schema that every schema is read as, whatever its `$schema` says."""
DIALECTS: Final = frozenset(
    {
        READ_AS,
        "https://json-schema.org/draft/2019-09/schema",
        *(f"http://json-schema.org/draft-0{number}/schema" for number in (4, 6, 7)),
    }
)
"""Names of JSON Schema itself, without a final `#`."""

REFERENCES: Final = ("$ref", "$dynamicRef", "$recursiveRef")
NAMED: Final = frozenset(
    {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"}
)
"""Keywords whose value maps names to schemas."""
_DATA = frozenset({"enum", "const", "default", "examples"})
_NAMING_SCHEMES = frozenset({"", "http", "https", "urn", "tag"})
_OWN_PARTS = "write the schema that is meant below $defs and refer to it as #/$defs/NAME"


class Subschema(Record, frozen=True):
    """A subschema: where it stands, and itself."""

    route: Route
    schema: Value


Parts = dict[tuple[str, ...], Subschema]
"""Every subschema by the steps of the pointer that leads to it."""


def parts_of(schema: Value) -> Parts:
    """A schema with all its subschemas, itself first; what lies deeper than MOST_DEPTH is left out."""
    found: Parts = {}
    waiting = [Subschema((), schema)]
    while waiting and len(found) <= MOST_SCHEMAS:
        part = waiting.pop()
        found[tuple(map(str, part.route))] = part
        if len(part.route) <= 2 * MOST_DEPTH:
            waiting += _inside(part)
    return found


def _inside(part: Subschema) -> Iterator[Subschema]:
    if isinstance(part.schema, list):
        for position, item in enumerate(part.schema):
            yield Subschema((*part.route, position), item)
        return
    if not isinstance(part.schema, dict):
        return
    for key, value in part.schema.items():
        if key in NAMED and isinstance(value, dict):
            for name, below in value.items():
                yield Subschema((*part.route, key, name), below)
        elif (key not in _DATA and isinstance(value, dict | list)) or isinstance(value, bool):
            yield Subschema((*part.route, key), value)


def pointer_of(reference: str) -> tuple[str, ...] | None:
    """The steps of a reference to a schema's own part; None for every other one."""
    if reference not in {"", "#"} and not reference.startswith("#/"):
        return None
    steps = unquote(reference[1:]).split("/")[1:]
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in steps)


def form_problems(parts: Parts) -> Iterator[Problem]:
    """What in a schema's parts may not be, each at its token; routes begin at the schema."""
    if len(parts) > MOST_SCHEMAS:
        yield Problem(
            (), f"the schema has more than {MOST_SCHEMAS} parts", "split it, or shorten it"
        )
        return
    references = patterns = 0
    for part in parts.values():
        if len(part.route) > 2 * MOST_DEPTH:
            yield Problem(
                part.route, f"the schema is nested more than {MOST_DEPTH} deep", "flatten it"
            )
            return
        if not isinstance(part.schema, dict):
            continue
        yield from _reference_problems(part, parts)
        yield from _identity_problems(part)
        yield from _size_problems(part)
        references += sum(key in part.schema for key in REFERENCES)
        patterns += _patterns(part.schema)
    if references > MOST_REFERENCES:
        message = f"the schema has {references} references, more than {MOST_REFERENCES}"
        yield Problem((), message, "write some of them out, or split the schema")
    if patterns > MOST_PATTERNS:
        message = f"the schema has {patterns} patterns, more than {MOST_PATTERNS}"
        yield Problem((), message, "leave some of them out, or join them")


def _reference_problems(part: Subschema, parts: Parts) -> Iterator[Problem]:
    assert isinstance(part.schema, dict)  # noqa: S101 - the caller looked
    for key in REFERENCES:
        reference = part.schema.get(key)
        if not isinstance(reference, str):
            continue
        pointer, route = pointer_of(reference), (*part.route, key)
        if pointer is None:
            message = f"the {key} {_shown(reference)} leads outside its own schema, and nothing is looked up there"
            yield Problem(route, message, _OWN_PARTS)
        elif pointer not in parts:
            yield Problem(
                route, f"the {key} {_shown(reference)} leads nowhere in its schema", _OWN_PARTS
            )


def _identity_problems(part: Subschema) -> Iterator[Problem]:
    """`$schema` names a known dialect; only the whole schema has an `$id`: a name, never an address."""
    assert isinstance(part.schema, dict)  # noqa: S101 - the caller looked
    dialect, name = part.schema.get("$schema"), part.schema.get("$id")
    if isinstance(dialect, str) and dialect.removesuffix("#") not in DIALECTS:
        yield Problem(
            (*part.route, "$schema"),
            f"the $schema {_shown(dialect)} is not a known form of JSON Schema, and nothing is looked up there",
            "leave it out, or write https://json-schema.org/draft/2020-12/schema",
        )
    elif part.route and isinstance(dialect, str) and dialect.removesuffix("#") != READ_AS:
        yield Problem(
            (*part.route, "$schema"),
            f"the $schema {_shown(dialect)} inside a schema would give its keywords another meaning",
            "leave it out: a schema is read as one of 2020-12, with all its parts",
        )
    if isinstance(name, str) and (part.route or not _is_name(name)):
        yield Problem(
            (*part.route, "$id"),
            f"the $id {_shown(name)} would give references inside it another meaning",
            "leave it out: references begin with #/ and start at the whole schema",
        )


def _is_name(text: str) -> bool:
    try:
        return urlsplit(text).scheme.lower() in _NAMING_SCHEMES
    except ValueError:
        return False


def _size_problems(part: Subschema) -> Iterator[Problem]:
    assert isinstance(part.schema, dict)  # noqa: S101 - the caller looked
    choices = part.schema.get("enum")
    if isinstance(choices, list) and len(choices) > MOST_CHOICES:
        message = f"the enum has {len(choices)} choices, more than {MOST_CHOICES}"
        yield Problem(
            (*part.route, "enum"), message, "use a pattern, or look the value up at run time"
        )
    for route, pattern in _pattern_texts(part):
        if len(pattern) > LONGEST_PATTERN:
            message = f"the pattern has {len(pattern)} characters, more than {LONGEST_PATTERN}"
            yield Problem(route, message, "shorten it")


def _pattern_texts(part: Subschema) -> Iterator[tuple[Route, str]]:
    assert isinstance(part.schema, dict)  # noqa: S101 - the caller looked
    if isinstance(pattern := part.schema.get("pattern"), str):
        yield (*part.route, "pattern"), pattern
    if isinstance(named := part.schema.get("patternProperties"), dict):
        for name in named:
            yield (*part.route, "patternProperties", name), name


def _patterns(schema: dict[str, Value]) -> int:
    named = schema.get("patternProperties")
    return ("pattern" in schema) + (len(named) if isinstance(named, dict) else 0)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:79] + "…")
