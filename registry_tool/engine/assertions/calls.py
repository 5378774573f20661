"""Assertions on calls of tools in a model's answer, in the forms of OpenAI, Anthropic and Google."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine.assertions.base import (
    Assertion,
    AssertionContext,
    AssertionFormError,
    AssertionResult,
    at_least,
    plain,
    short,
    wanted,
)
from registry_tool.engine.assertions.json_text import objects_in
from registry_tool.manifest.json_schema.misfit import misfit

_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `arguments` are None where they are not JSON."""

    name: str
    arguments: Value


def calls_in(value: Value, depth: int = 0) -> Iterator[Call]:
    """Every call of a tool in an answer: objects, lists of them, or text that holds them as JSON."""
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        for item in objects_in(value):
            yield from calls_in(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from calls_in(item, depth + 1)
    elif isinstance(value, dict):
        for key in ("function", "functionCall", "function_call"):
            if isinstance(inner := value.get(key), dict):
                yield from _call(inner)
                return
        if isinstance(value.get("name"), str):
            yield from _call(value)
            return
        for key in ("tool_calls", "toolCall", "functionCalls", "content", "parts", "output"):
            yield from calls_in(value.get(key), depth + 1)


def _call(item: Object) -> Iterator[Call]:
    name = item.get("name")
    if not isinstance(name, str):
        return
    for key in ("arguments", "args", "input", "parameters"):
        if key in item:
            yield Call(name, _arguments(item[key]))
            return
    if item.get("type") in {"tool_use", "function_call", "function"}:
        yield Call(name, {})


def _arguments(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    try:
        return cast(Value, json.loads(value or "{}"))
    except (ValueError, RecursionError):
        return None


def _is_valid_call(value: Value, form: Frozen) -> str | None:
    known = _functions(form)
    calls = list(calls_in(value))
    if not calls:
        return "there is no call of a function in it"
    return next((wrong for call in calls if (wrong := _wrong(call, known))), None)


def _wrong(call: Call, known: Mapping[str, Object]) -> str | None:
    if call.name not in known:
        return f"it calls {short(call.name)!r}, which is not one of {', '.join(known)}"
    if not isinstance(call.arguments, dict):
        return f"the arguments of {call.name} are not a JSON object"
    schema = known[call.name].get("parameters", {})
    try:
        wrong = misfit(call.arguments, schema if isinstance(schema, dict) else {})
    except ValueError as broken:
        raise AssertionFormError(
            f"the parameters of {call.name} are not a JSON Schema: {broken}"
        ) from None
    return f"the arguments of {call.name} don't fit: {wrong}" if wrong else None


def _functions(form: Frozen) -> dict[str, Object]:
    """The functions that the assertion's value declares, by name: OpenAI's `tools` or the functions alone."""
    value = wanted(form)
    found: dict[str, Object] = {}
    for item in value if isinstance(value, list) else [value]:
        inner = item.get("function", item) if isinstance(item, dict) else None
        if not isinstance(inner, dict) or not isinstance(inner.get("name"), str):
            raise AssertionFormError(
                f"the value of {form.get('type')} is a list of functions",
                hint="each one is {name, parameters: JSON Schema}, or {function: {…}}",
            )
        found[str(inner["name"])] = inner
    return found


def _f1(look: AssertionContext, form: Frozen) -> AssertionResult:
    value = wanted(form)
    listed = value if isinstance(value, list) else str(value).split(",")
    expected = {str(name).strip() for name in listed}
    found = {call.name for call in calls_in(look.value)}
    return at_least(2 * len(found & expected) / (len(found) + len(expected) or 1), form, 1.0)


IS_VALID_FUNCTION_CALL = plain("is-valid-function-call", _is_valid_call)
IS_VALID_OPENAI_FUNCTION_CALL = plain("is-valid-openai-function-call", _is_valid_call)
IS_VALID_OPENAI_TOOLS_CALL = plain("is-valid-openai-tools-call", _is_valid_call)
TOOL_CALL_F1 = Assertion("tool-call-f1", _f1)
