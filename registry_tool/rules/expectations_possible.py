"""What tests expect is what an output can be: its type, its enum, its schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast

from registry_tool.core.finding import Problem, Severity
from registry_tool.core.values import Frozen, Route, Value
from registry_tool.manifest.asserting import partial_schema
from registry_tool.manifest.binding import port_schema
from registry_tool.manifest.json_schema.misfit import misfit
from registry_tool.manifest.model import Port, TestCase
from registry_tool.rules.base import Rule, Subject

_HELP = "expect what the output can be, or change the output's type, enum or schema"


def _check(subject: Subject) -> Iterator[Problem]:
    ports = {port.name: port for port in subject.workflow.interface.outputs}
    severity = Severity.ERROR if subject.is_addition else Severity.WARNING
    for position, case in enumerate(subject.workflow.tests):
        for route, port, value, partly in _expected(case, ports):
            schema = subject.values.schemas.get(subject.binding.outputs.get(port.name, ""))
            if wrong := _impossible(value, schema or port_schema(port), partly=partly):
                yield Problem(
                    ("spec", "tests", position, *route),
                    f"the test {case.name!r} expects what the output {port.name!r} can't be: {wrong}",
                    _HELP,
                    severity,
                )


def _expected(case: TestCase, ports: dict[str, Port]) -> Iterator[tuple[Route, Port, Value, bool]]:
    """(route below the case, output, value, whether it is compared in part) of all that is expected."""
    for name, value in case.expected.items():
        if name in ports:
            yield ("expected", name), ports[name], value, True
    for number, form in enumerate(case.assertions):
        yield from _asserted(form, ("assert", number), ports)


def _asserted(
    form: Frozen, route: Route, ports: dict[str, Port]
) -> Iterator[tuple[Route, Port, Value, bool]]:
    if form.get("type") == "assert-set" and isinstance(inner := form.get("assert"), list):
        for number, part in enumerate(inner):
            if isinstance(part, dict):
                below = (*route, "assert", number)
                yield from _asserted(part, below, ports)
        return
    name = form.get("output") or (next(iter(ports)) if len(ports) == 1 else "")
    plain = form.get("path") is None and form.get("type") in {"equals", "approx"}
    if plain and "value" in form and name in ports:
        partly = form["type"] == "approx"
        yield (*route, "value"), ports[str(name)], _meant(form["value"], ports[str(name)]), partly


def _meant(value: Value, port: Port) -> Value:
    """`equals` takes a text that is the value's JSON."""
    if isinstance(value, str) and port.type not in {"string", "any", "file"}:
        try:
            return cast(Value, json.loads(value))
        except ValueError:
            return value
    return value


def _impossible(value: Value, schema: Frozen, *, partly: bool) -> str | None:
    """Why a value breaks the schema of an output and of its block."""
    try:
        return misfit(value, partial_schema(schema) if partly else schema)
    except ValueError:
        return None  # the rule `interface-binds` says that the schema is invalid


RULE = Rule("expectations-possible", "Tests expect what an output can be.", _check)
