"""The published JSON Schemas and the check against them.

`jsonschema-rs` decides in microseconds; only where it says no does `jsonschema` look again, since its
errors name the failing part best (docs/adr/0002).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import jsonschema_rs

from registry_tool.core.finding import Problem
from registry_tool.core.suggest import did_you_mean, nearest, perhaps
from registry_tool.core.values import Frozen, Object, Route, Value

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

MANIFEST_SCHEMA = "workflow-v1.schema.json"
REGISTRY_SCHEMA = "registry-v1.schema.json"
OWNERS_SCHEMA = "owners-v1.schema.json"
MODEL_BLOCK_SCHEMA = "blocks/llm.schema.json"
BUNDLED = ("edge-", "block-")
"""How the definitions begin that the manifest's schema holds for editors: those of edges' and blocks' `config`."""
_FOR_EDITORS = tuple(f"#/$defs/{start}" for start in BUNDLED)
_MOST_CANDIDATES = 10
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
EDGE_TYPES = (
    *("llm", "code", "modify", "chunk", "branch", "map", "loop", "workflow", "http", "search"),
    *("retrieve", "load", "save", "generate", "deep_research", "query_rewrite", "rerank"),
    *("template", "external"),
)
"""Every edge type, in the order of the manifest's schema and of the reference."""


def edge_schema_file(type_: str) -> str:
    """The schema file of an edge type's `config`."""
    return f"edges/{type_}.schema.json"


SCHEMA_FILES = (
    *(MANIFEST_SCHEMA, REGISTRY_SCHEMA, OWNERS_SCHEMA, MODEL_BLOCK_SCHEMA),
    *map(edge_schema_file, EDGE_TYPES),
)


@cache
def schema_text(name: str) -> str:
    """The text of a published schema file."""
    return (Path(__file__).parent / "schema" / name).read_text("utf-8")


@cache
def schema_object(name: str) -> Frozen:
    """A published schema; the manifest's without the `config` of edges and blocks, which has checks of its own."""
    return cast(Object, _alone(cast(Value, json.loads(schema_text(name)))))


def _alone(schema: Value) -> Value:
    """A schema without the bundled ones of edge types, and without the references to them."""
    if isinstance(schema, list):
        return [_alone(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if str(schema.get("$ref", "")).startswith(_FOR_EDITORS):
        return True
    return {key: _alone(one) for key, one in schema.items() if not key.startswith(BUNDLED)}


@cache
def _fast(name: str) -> Any:  # jsonschema_rs has no stubs for its validators' base class
    return jsonschema_rs.Draft202012Validator(cast(Any, schema_object(name)), offline=True)


@cache
def _explaining(name: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator
    from referencing import Registry

    return Draft202012Validator(schema_object(name), registry=Registry())  # which looks nothing up


def schema_problems(value: Value, schema: str = MANIFEST_SCHEMA) -> Iterator[Problem]:
    """How a value breaks one of SCHEMA_FILES, each with its route."""
    errors = [_deepest(error) for error in all_errors(value, schema)]
    spelled = {mark for error in errors for mark in _misspelt(error)}
    for error in errors:
        if (tuple(error.absolute_path), _missing(error)) not in spelled:
            yield from _problems(error)


def _missing(error: ValidationError) -> str:
    """The key that a `required` error misses, empty for other errors."""
    return error.message.split("'")[1] if error.validator == "required" else ""


def _misspelt(error: ValidationError) -> Iterator[tuple[Route, str]]:
    """Known keys that are there in another spelling: they are not missing as well."""
    if error.validator != "additionalProperties" or not isinstance(error.instance, dict):
        return
    known = list(cast(Object, cast(Object, error.schema)["properties"]))
    for key in islice((key for key in error.instance if key not in known), _MOST_CANDIDATES):
        if near := nearest(str(key), known):
            yield cast(Route, tuple(error.absolute_path)), near


def all_errors(value: Value, schema: str) -> list[ValidationError]:
    """Every error of a value, as the explaining validator gives them; none where the quick one is content."""
    if _fast(schema).is_valid(value):
        return []
    return list(_explaining(schema).iter_errors(cast(Any, value)))  # accepts any JSON


def error_text(error: ValidationError, name: str) -> tuple[str, str]:
    """What is wrong with the value that has a name, and the fix where one can be guessed."""
    return f"{name} {_reason(error)}", _guessed(error)


def _deepest(error: ValidationError) -> ValidationError:
    """Inside an `anyOf`, the branch of the right type says more than the `anyOf`."""
    while error.context:
        fitting = [inner for inner in error.context if inner.validator != "type"]
        if not fitting:
            break
        error = fitting[0]
    return error


def _problems(error: ValidationError) -> Iterator[Problem]:
    route = cast(Route, tuple(error.absolute_path))
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = cast(Object, cast(Object, error.schema)["properties"])
        for key in error.instance:
            if key not in known and not key.startswith("x-"):
                yield Problem(
                    (*route, key),
                    f"the key {key!r} is not known here",
                    _near(key, known),
                    on_key=True,
                )
        return
    if error.validator == "required" and isinstance(error.instance, dict):
        yield Problem(route, f"{_name(route)} needs the key {_missing(error)!r}", _added(error))
        return
    yield Problem(route, f"{_name(route)} {_reason(error)}", _help(error))


def _added(error: ValidationError) -> str:
    """How a missing key is added: what it can be, where it is one of a few words."""
    below = cast(Object, cast(Object, error.schema).get("properties", {})).get(_missing(error))
    allowed = below.get("enum") if isinstance(below, dict) else None
    return (
        f"add it: one of {', '.join(map(str, allowed))}" if isinstance(allowed, list) else "add it"
    )


def _name(route: Route) -> str:
    return ".".join(str(step) for step in route) or "the document"


def _near(key: str, known: Object) -> str:
    if " " in key:
        return "put the text before it in quotes: inside { } a comma ends it"
    return f"{perhaps(key, known)}known: {', '.join(sorted(known))}; own keys start with x-"


def _reason(error: ValidationError) -> str:
    shown = json.dumps(error.instance, ensure_ascii=False)
    shown = shown if len(shown) <= 60 else shown[:57] + "…"
    match error.validator:
        case "type":
            wanted = error.validator_value
            names = wanted if isinstance(wanted, str) else " or ".join(cast(list[str], wanted))
            return f"must be of type {names}, not {shown}"
        case "enum":
            allowed = ", ".join(_candidates(error))
            return f"must be one of {allowed}, not {shown}"
        case "const":
            wanted = error.validator_value
            only = json.dumps(wanted) if isinstance(wanted, bool) else repr(wanted)
            return f"must be {only}, not {shown}"
        case "pattern":
            return f"has an unexpected form: {shown}"
        case "maxLength" | "maxItems":
            return f"is longer than {error.validator_value}"
        case "minLength" | "minItems" | "minProperties" if error.validator_value == 1:
            return "must not be empty"
        case "minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum":
            return f"must be {_bounds(error)}, not {shown}"
        case "not" if error.validator_value == {}:
            return f"may not stand here: {shown}"
        case "uniqueItems":
            return "holds the same entry twice"
        case _:
            return f"is not valid ({error.validator}): {shown}"


def _candidates(error: ValidationError) -> Iterator[str]:
    """The allowed values: all of them up to ten, else the ten nearest ones in their order."""
    from difflib import SequenceMatcher

    allowed = [str(item) for item in cast(list[Value], error.validator_value)]
    given = str(error.instance)[:100]
    by_likeness = sorted(allowed, key=lambda word: -SequenceMatcher(None, word, given).ratio())
    yield from (word for word in allowed if word in by_likeness[:_MOST_CANDIDATES])
    if len(allowed) > _MOST_CANDIDATES:
        yield f"{len(allowed) - _MOST_CANDIDATES} more"


def _bounds(error: ValidationError) -> str:
    """The range of a number, as its schema gives it."""
    schema = cast(Object, error.schema)
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"from {low} to {high}"
    words = {"minimum": "at least", "maximum": "at most"}
    words |= {"exclusiveMinimum": "greater than", "exclusiveMaximum": "less than"}
    return f"{words[str(error.validator)]} {error.validator_value}"


def _help(error: ValidationError) -> str:
    """The fix: what is meant where that can be guessed, or else what the keyword asks for."""
    hint = _HINTS.get(_asked(error), "the reference says what may stand here")
    return _guessed(error) or str(cast(Object, error.schema).get("$comment") or hint)


def _asked(error: ValidationError) -> str:
    wanted = error.validator_value
    return str(wanted) if error.validator == "type" else str(error.validator)


_HINTS = {
    "object": "write an object here: keys with values",
    "array": "write a list, even of one entry: [ … ]",
    "string": "write text here, in quotes if it looks like something else",
    "integer": "write a whole number here",
    "number": "write a number here",
    "boolean": "write true or false, without quotes",
    "enum": "write one of them",
    **dict.fromkeys(("maximum", "exclusiveMaximum"), "write a smaller number"),
    **dict.fromkeys(("minimum", "exclusiveMinimum"), "write a larger number"),
    **dict.fromkeys(("maxLength", "maxItems", "maxProperties"), "shorten it"),
    **dict.fromkeys(("minLength", "minItems", "minProperties"), "write something here"),
    "uniqueItems": "leave one of them out",
}


def _guessed(error: ValidationError) -> str:
    if error.validator == "const":
        return f"write {error.validator_value if error.validator_value is not True else 'true'}"
    if error.validator == "enum" and error.instance is None:
        return (
            'write "null" in quotes' if "null" in cast(list[Value], error.validator_value) else ""
        )
    if error.validator == "enum" and isinstance(error.instance, str):
        allowed = [str(item) for item in cast(list[Value], error.validator_value)]
        return did_you_mean(error.instance, allowed)
    if error.validator in {"type", "minLength"} and error.instance in (None, ""):
        return "give it a value, or leave the key out"
    if error.validator == "type" and isinstance(error.instance, str) and not _wants_list(error):
        return _unquoted(error)
    wants_text = error.validator == "type" and error.validator_value == "string"
    if wants_text and not isinstance(error.instance, list | dict):
        return _quoted(error)
    if error.validator == "type" and _wants_list(error):
        return "write a list, even of one entry: [ … ]"
    if error.validator == "pattern":
        comment = cast(Object, error.schema).get("$comment")
        return str(comment or f"it must match {error.validator_value}")
    return ""


def _wants_list(error: ValidationError) -> bool:
    return bool(error.validator_value == "array")


def _unquoted(error: ValidationError) -> str:
    """How a text should be written where no text may stand."""
    wanted = error.validator_value
    if wanted in ("integer", "number") and _NUMBER.fullmatch(str(error.instance)):
        return f"write it without quotes: {error.instance}"
    return "write true or false, without quotes" if wanted == "boolean" else ""


def _quoted(error: ValidationError) -> str:
    """The number or boolean as text, if it would pass as one; a version with the parts that SemVer asks for."""
    schema = cast(Object, error.schema)
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and not re.search(pattern, json.dumps(error.instance)):
        return str(schema.get("$comment") or f"it must match {pattern}")
    text = json.dumps(error.instance)
    if error.absolute_path and error.absolute_path[-1] == "version" and "e" not in text:
        text = ".".join([*text.split("."), "0", "0"][:3])
    return f'write "{text}" in quotes'
