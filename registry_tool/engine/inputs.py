"""Validates a run's inputs: without personal data where the workflow wants none, typed, complete, known."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Final, cast

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.suggest import perhaps
from registry_tool.core.values import Frozen, Value
from registry_tool.engine.plan import plan
from registry_tool.manifest.binding import port_schema
from registry_tool.manifest.json_schema.misfit import misfit
from registry_tool.manifest.model import Port, Workflow
from registry_tool.security.handling import PrivateText, handle_inputs


def checked_inputs(workflow: Workflow, given: Mapping[str, Value]) -> dict[str, Value]:
    """The inputs as the workflow's `pii_handling` wants them, with defaults filled in.

    `UsageError` names what is missing, unknown, of wrong type or refused; no error tells personal data.
    """
    _check_size(given)
    private = PrivateText(given[name] for name in personal_ports(workflow) if name in given)
    try:
        return _checked(workflow, handled_inputs(workflow, given))
    except RegistryError as error:
        raise private.error(error) from None


LARGEST_INPUTS: Final = 16 * 2**20
"""Characters of all inputs of a run together, as in a batch's line; every edge may copy them."""


def _check_size(given: Mapping[str, Value]) -> None:
    sizes = {name: _size(value) for name, value in given.items()}
    if (total := sum(sizes.values())) > LARGEST_INPUTS:
        largest = max(sizes, key=lambda name: sizes[name])
        raise UsageError(
            f"the inputs have {total:,} characters, more than {LARGEST_INPUTS:,}; the largest is {largest[:64]!r}",
            hint="let an edge of type load read it from a file or an address, or run a batch over pieces",
        )


def _size(value: Value) -> int:
    """About how many characters a value has as JSON; every item counts, so that long lists do, too."""
    total, waiting = 0, [value]
    while waiting:
        item = waiting.pop()
        total += len(item) if isinstance(item, str) else 1
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            waiting.extend(item)
            waiting.extend(item.values())
    return total


def handled_inputs(workflow: Workflow, given: Mapping[str, Value]) -> dict[str, Value]:
    """The inputs without the personal data that the workflow doesn't want; a refusal says which and what kind."""
    mode = workflow.security.pii_handling
    return handle_inputs(given, mode, personal_ports(workflow), workflow.reference)


def personal_ports(workflow: Workflow) -> frozenset[str]:
    """Names of the inputs that the interface marks with `pii: true`."""
    return frozenset(port.name for port in workflow.interface.inputs if port.pii)


def _checked(workflow: Workflow, given: Mapping[str, Value]) -> dict[str, Value]:
    ports = {port.name: port for port in workflow.interface.inputs}
    for name in given:
        if name not in ports:
            raise UsageError(
                f"{workflow.name} has no input {name!r}",
                hint=_known(name, list(ports)),
            )
    values: dict[str, Value] = {}
    for name, port in ports.items():
        if name in given:
            values[name] = given[name]
        elif port.has_default:
            values[name] = port.default
        elif port.required:
            raise UsageError(
                f"the input {name!r} is required",
                location=workflow.reference,
                hint=f"add --input {name}=…",
            )
        else:
            continue
        _check_input(workflow, values[name], port)
    return values


def _check_input(workflow: Workflow, value: Value, port: Port) -> None:
    """The value obeys its input's schema and that of the block which it fills."""
    try:
        check_value(value, port_schema(port), f"the input {port.name!r}")
        block = workflow.block_by_id.get(plan(workflow).binding.inputs.get(port.name, ""))
        if block is not None:
            what = f"the input {port.name!r}, which fills the block {block.id!r},"
            check_value(value, block.schema, what)
    except RegistryError as error:
        raise UsageError(error.reason, location=error.location, hint=error.hint) from None


def _known(name: str, names: list[str]) -> str:
    return f"{perhaps(name, names)}it has {', '.join(names) or 'none'}"


_STRING: Final = {"type": "string"}


def check_value(value: Value, schema: Frozen, what: str) -> None:
    """`RegistryError` where a value breaks its schema or is nothing that a JSON file can hold."""
    try:
        unfit = _unfit(value)
    except RecursionError:
        raise RegistryError(f"{what} is nested too deep") from None
    if unfit:
        raise RegistryError(f"{what} holds {unfit}")
    if not schema or (schema == _STRING and isinstance(value, str)):  # the usual ones, at once
        return
    try:
        wrong = misfit(value, schema, keyword=True)
    except ValueError as broken:
        raise RegistryError(f"the schema of {what} is not a valid JSON Schema: {broken}") from None
    if wrong is not None:
        raise RegistryError(f"{what} does not fit its schema: {wrong}")


_HALF: Final = "half a character (a lone surrogate), which JSON can't carry"


def _unfit(value: Value) -> str:
    """What no JSON file can hold, in words; empty where all of it can be written."""
    if isinstance(value, str):
        return "" if value.isascii() or _writable(value) else _HALF
    if isinstance(value, float):
        return "" if math.isfinite(value) else "a number that is not finite"
    if isinstance(value, list):
        return next((found for item in value if (found := _unfit(item))), "")
    if isinstance(value, dict):
        return next((found for item in (*value, *value.values()) if (found := _unfit(item))), "")
    return ""


def _writable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def input_from_text(port: Port, text: str) -> Value:
    """What `--input name=text` means for a port: JSON for all but strings and files."""
    if port.type in {"string", "file"}:
        return text
    try:
        return cast(Value, json.loads(text))
    except ValueError:
        if port.type == "any":
            return text
        raise UsageError(
            f"the input {port.name!r} must be of type {port.type}, and what was given isn't",
            hint=_written(port, text),
        ) from None


_YES: Final = {
    "yes": "true",
    "y": "true",
    "on": "true",
    "no": "false",
    "n": "false",
    "off": "false",
}
_EXAMPLES: Final = {
    "number": "2.5",
    "integer": "3",
    "array": """'["one", "two"]'""",
    "object": """'{"key": "value"}'""",
}


def _written(port: Port, text: str) -> str:
    """How a value of the port's type is written on the command line."""
    if port.type == "boolean":
        meant = _YES.get(text.casefold()) or text.casefold()
        words = (
            f"{port.name}={meant}"
            if meant in {"true", "false"}
            else f"{port.name}=true or {port.name}=false"
        )
        return f"write --input {words}"
    return f"write it as JSON, such as --input {port.name}={_EXAMPLES.get(port.type, 'null')}"
