"""A foreign file's text → a value: JSON, or YAML as other programs write it.

Other programs' YAML is looser than a manifest's, so it is read by PyYAML's safe loader. What costs more than its
length is refused before: aliases, and deep nesting. Dates stay texts.
"""

from __future__ import annotations

import math
from typing import Any

import yaml

from registry_tool.core.files import parse_json
from registry_tool.core.values import Value
from registry_tool.importers.foreign_values import MAX_DEPTH
from registry_tool.importers.imported import ForeignError

_MOST_BITS = 1_000  # what 300 digits have
_NESTING = 2 * MAX_DEPTH
_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # untyped in the stubs


class _Loader(_SAFE):  # type: ignore[misc]
    """The safe loader without dates."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in _SAFE.yaml_implicit_resolvers.items()
}


def parse_foreign(content: bytes, location: str) -> tuple[Value, str]:
    """The value and the text; `RegistryError` names the line of what can't be read."""
    if content.lstrip()[:1] in {b"{", b"["}:
        return parse_json(content, location=location), content.decode("utf-8", "replace")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ForeignError("is not UTF-8", location=location, hint="save it as UTF-8") from None
    try:
        _refuse_dear(text, location)
        return _plain(yaml.load(text, _Loader)), text  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{location}:{mark.line + 1}:{mark.column + 1}" if mark else location
        raise ForeignError(
            f"is neither JSON nor YAML: {error.problem}",
            location=where,
            hint="export the workflow once more, and name that file",
        ) from None
    except (yaml.YAMLError, ValueError) as error:
        raise ForeignError(
            f"is neither JSON nor YAML: {str(error).splitlines()[0]}", location=location
        ) from None


def _refuse_dear(text: str, location: str) -> None:
    depth = 0
    for event in yaml.parse(text, _SAFE):
        mark = event.start_mark
        where = f"{location}:{mark.line + 1}" if mark else location
        if isinstance(event, yaml.AliasEvent):
            raise ForeignError("holds an alias (*…)", location=where, hint="write the value out")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _NESTING:
            raise ForeignError(
                f"is nested more than {_NESTING} deep", location=where, hint="flatten it"
            )


def _plain(value: Any) -> Value:
    """JSON of what YAML gave: keys are texts, what JSON has no word for is text."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        raise ForeignError("holds a number of more than 300 digits", location="the document")
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    return str(value)
