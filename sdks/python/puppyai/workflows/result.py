"""What a run gave, with typed ways to read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from puppyai.workflows.errors import InvalidRequestError, RunFailedError
from puppyai.workflows.models import Usage
from puppyai.workflows.values import JsonObject, JsonValue

T = TypeVar("T")


@dataclass(frozen=True)
class Result:
    """What a run gave. Each output is also an attribute: `result.sentiment`.

    `status` is `success`, `error`, `timeout` or `cancelled`; `seconds` is wall time; `blocks` holds the graph's
    values by block id. `answered_by` names the model that answered for another, `instead_of` that other one; both
    are empty where the manifest's own was asked. `notices` say what was left out.
    """

    outputs: JsonObject
    status: str = "success"
    execution_id: str = ""
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0
    blocks: Mapping[str, JsonValue] = field(default_factory=dict, repr=False)
    answered_by: str = ""
    instead_of: str = ""
    notices: tuple[str, ...] = ()
    error: str = ""

    def __getattr__(self, name: str) -> JsonValue:
        """An output; `AttributeError` names those that there are."""
        outputs: JsonObject = self.__dict__.get("outputs", {})
        if name in outputs:
            return outputs[name]
        raise AttributeError(f"there is no output {name!r}; there are {', '.join(outputs)}")

    def text(self, *route: str | int) -> str:
        """The string at an output's name, or below it: `result.text("sentiment", "label")`."""
        return self._typed(route, str, "a string")

    def number(self, *route: str | int) -> float:
        """The number at an output's name, or below it."""
        found = self.at(*route)
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise _other(route, found, "a number")
        return float(found)

    def boolean(self, *route: str | int) -> bool:
        """The boolean at an output's name, or below it."""
        return self._typed(route, bool, "a boolean")

    def items(self, *route: str | int) -> list[JsonValue]:
        """The list at an output's name, or below it."""
        return self._typed(route, list, "a list")

    def object(self, *route: str | int) -> JsonObject:
        """The object at an output's name, or below it."""
        return self._typed(route, dict, "an object")

    def decode(self, output: str, into: type[T]) -> T:
        """An output as your own type: a dataclass, TypedDict, `list[str]` …

        `InvalidRequestError` names the member that does not fit.
        """
        import msgspec

        try:
            return msgspec.convert(self.at(output), into)
        except msgspec.ValidationError as error:
            raise InvalidRequestError(
                f"the output {output!r} is not {_type_name(into)}: {error}",
                location=self.execution_id,
                hint="look at the workflow's `outputs` for its schema",
            ) from None

    def at(self, *route: str | int) -> JsonValue:
        """The value at an output's name and keys or list positions below it."""
        value: JsonValue = self.outputs
        for depth, step in enumerate(route):
            try:
                value = _below(value, step)
            except LookupError:
                raise _missing(route[: depth + 1], value) from None
        return value

    def _typed(self, route: tuple[str | int, ...], kind: type[T], meant: str) -> T:
        found = self.at(*route)
        if not isinstance(found, kind):
            raise _other(route, found, meant)
        return found


def _below(value: JsonValue, step: str | int) -> JsonValue:
    if isinstance(value, dict) and isinstance(step, str):
        return value[step]
    if isinstance(value, list) and isinstance(step, int):
        return value[step]
    raise KeyError(step)


def succeeded(result: Result) -> Result:
    """The result of a run that went well; else `RunFailedError`."""
    if result.error or result.status != "success":
        raise RunFailedError(result.error or f"the run ended as {result.status}", result)
    return result


def _missing(route: tuple[str | int, ...], value: JsonValue) -> InvalidRequestError:
    there = f"there are {', '.join(value)}" if isinstance(value, dict) and value else ""
    return InvalidRequestError(f"there is no output {_spelled(route)}", hint=there)


def _other(route: tuple[str | int, ...], found: JsonValue, meant: str) -> InvalidRequestError:
    return InvalidRequestError(f"the output {_spelled(route)} is {_kind(found)}, not {meant}")


def _spelled(route: tuple[str | int, ...]) -> str:
    return ".".join(map(str, route)) or "()"


def _kind(value: JsonValue) -> str:
    names = {
        type(None): "null",
        bool: "a boolean",
        str: "a string",
        list: "a list",
        dict: "an object",
    }
    return names.get(type(value), "a number")


def _type_name(into: object) -> str:
    return str(into) if hasattr(into, "__origin__") else getattr(into, "__name__", str(into))
