"""GitHub's own OpenAPI description as a judge of what a stand-in is asked and what it answers.

Prism judges single requests against the same description (tests/forge/test_github_description.py); a stand-in that
remembers what it was told judges by itself, so that no second process stands between every call.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from urllib.parse import unquote

from jsonschema_rs import Draft202012Validator

from tests.forge.prism import description, used_part

_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Whole:
    """An answer that is not a change of an example."""

    value: Any


@dataclass(frozen=True)
class Operation:
    """One method of one path of the description."""

    method: str
    path: str

    @property
    def _operation(self) -> dict[str, Any]:
        found: dict[str, Any] = _part()["paths"][self.path][self.method]
        return found

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What a request's path must be; a parameter is one segment, in which `/` is escaped."""
        parts = _PARAMETER.split(self.path)
        return re.compile(
            "".join(f"(?P<{p}>[^/]+)" if n % 2 else re.escape(p) for n, p in enumerate(parts))
        )

    def wrong_request(self, query: dict[str, str], body: Any) -> str:
        """Why a request doesn't fit, empty where it does."""
        known = {p["name"]: p for p in map(_followed, self._operation["parameters"])}
        for name, value in query.items():
            if name not in known or known[name]["in"] != "query":
                return f"unknown parameter {name}"
            if wrong := _misfit(known[name]["schema"], _typed(known[name]["schema"], value)):
                return f"{name}: {wrong}"
        result = self._operation.get("requestBody")
        if result is None:
            return "a body that nobody reads" if body is not None else ""
        return _misfit(result["content"]["application/json"]["schema"], body)

    def answer(self, status: int, changes: Any) -> tuple[Any, str]:
        """The description's example with what is changed in it (a list: each of them), and why it doesn't fit."""
        result = _followed(self._operation["responses"][str(status)])
        if "content" not in result:
            return None, "" if changes is None else "an answer without a body"
        content = result["content"]["application/json"]
        if status >= 400:
            return changes, _misfit(content["schema"], changes)
        whole = isinstance(changes, Whole)
        value = changes.value if whole else _changed(_example(content), changes)
        return value, _misfit(content["schema"], value)


def operation(method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
    """The operation that a request means, and its path's parameters."""
    for known in _operations():
        if known.method == method.lower() and (match := known.pattern.fullmatch(path)):
            return known, {name: unquote(value) for name, value in match.groupdict().items()}
    return None


def load() -> None:
    """Read the description now, in the test's own thread."""
    _part()


@cache
def _part() -> dict[str, Any]:
    return used_part(description("api.github.com"))


@cache
def _operations() -> tuple[Operation, ...]:
    paths = _part()["paths"]
    return tuple(Operation(method, path) for path in paths for method in paths[path])


def _followed(value: Any) -> Any:
    while "$ref" in value:
        kind, name = value["$ref"].removeprefix("#/components/").split("/")
        value = _part()["components"][kind][name]
    return value


def _example(content: dict[str, Any]) -> Any:
    return copy.deepcopy(_whole_example(_key(content)))


@cache
def _whole_example(key: int) -> Any:
    """GitHub's own example; what it leaves out although its schema requires it is null, or nothing."""
    content = _SCHEMAS[key]
    value = copy.deepcopy(_followed(next(iter(content["examples"].values())))["value"])
    validator = _validator(_key(content["schema"]))
    for nothing in (None, "", 0, False, []):
        for error in list(validator.iter_errors(value)):
            lacking, path = _LACKING.fullmatch(error.message), list(error.instance_path)
            *above, last = [*path, lacking[1]] if lacking else path
            holder = value
            for step in above:
                holder = holder[step]
            if lacking or holder[last] in _NOTHING:
                holder[last] = nothing
    return value


_LACKING = re.compile(r'"(\w+)" is a required property')
_NOTHING = (None, "", 0, False, [])


def _changed(value: Any, changes: Any) -> Any:
    """An example's first item stands for the items of a list; a change with a dot goes into what is inside."""
    if isinstance(changes, list):
        value = value if isinstance(value, list) else [value]
        return [_changed(copy.deepcopy(value[0]), change) for change in changes]
    for key, change in changes.items():
        *above, last = key.split(".")
        holder = value
        for name in above:
            holder[name] = holder.get(name) or {}
            holder = holder[name]
        listed = isinstance(change, list) and change and isinstance(change[0], dict)
        model = holder.get(last)
        holder[last] = _changed(model, change) if listed and model else change
    return value


def _typed(schema: dict[str, Any], value: str) -> Any:
    kind = schema.get("type")
    return int(value) if kind == "integer" and value.isdigit() else value


def _misfit(schema: dict[str, Any], value: Any) -> str:
    error = next(iter(_validator(_key(schema)).iter_errors(value)), None)
    return f"{'/'.join(map(str, error.instance_path))}: {error.message}"[:500] if error else ""


_SCHEMAS: dict[int, dict[str, Any]] = {}


def _key(schema: dict[str, Any]) -> int:
    _SCHEMAS[id(schema)] = schema  # kept, so that no other gets its number
    return id(schema)


@cache
def _validator(key: int) -> Draft202012Validator:
    return Draft202012Validator({**_modern(_SCHEMAS[key]), "components": _components()})


@cache
def _components() -> dict[str, Any]:
    schemas = _part()["components"]["schemas"]
    return {"schemas": {name: _modern(schema) for name, schema in schemas.items()}}


def _modern(schema: Any) -> Any:
    """OpenAPI 3.0's words as JSON Schema 2020-12 has them: `nullable`, and no examples or discriminators."""
    if isinstance(schema, list):
        return [_modern(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    left = {k: _modern(v) for k, v in schema.items() if k not in {"example", "discriminator"}}
    if left.pop("nullable", False) is True:
        return {"anyOf": [left, {"type": "null"}]}
    return left
