"""Tests give inputs that exist and fit, and expect outputs that exist."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem
from registry_tool.core.suggest import nearest
from registry_tool.core.values import Frozen, Route, Value
from registry_tool.manifest.binding import port_schema
from registry_tool.manifest.json_schema.misfit import misfit
from registry_tool.manifest.model import TestCase
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.configurations import near


def _check(subject: Subject) -> Iterator[Problem]:
    seen: set[str] = set()
    for position, test in enumerate(subject.workflow.tests):
        route = ("spec", "tests", position)
        if test.name in seen:
            yield Problem(
                (*route, "name"), f"duplicate test name {test.name!r}", "name each differently"
            )
        seen.add(test.name)
        yield from _inputs(subject, test, route)
        yield from _expected(subject, test, route)


def _inputs(subject: Subject, test: TestCase, route: tuple[str | int, ...]) -> Iterator[Problem]:
    ports = {port.name: port for port in subject.workflow.interface.inputs}
    meant = {nearest(name, [*ports]) for name in test.inputs if name not in ports}
    for name, value in test.inputs.items():
        if name not in ports:
            yield Problem(
                (*route, "inputs", name),
                f"the test {test.name!r} gives the input {name!r}, which does not exist",
                near(name, [*ports], "inputs"),
                on_key=True,
            )
        elif wrong := _misfit(value, port_schema(ports[name])):
            yield Problem(
                (*route, "inputs", name),
                f"the input {name!r} of the test {test.name!r} does not fit: {wrong}",
                "change the value or the input's type",
            )
        else:
            yield from _in_block(subject, test, name, (*route, "inputs", name))
    for port in ports.values():
        if port.required and not port.has_default and port.name not in {*test.inputs, *meant}:
            yield Problem(
                route,
                f"the test {test.name!r} lacks the required input {port.name!r}",
                "add it to its inputs",
            )


def _in_block(subject: Subject, test: TestCase, name: str, route: Route) -> Iterator[Problem]:
    """An input obeys the schema of the block that it fills, too."""
    block = subject.workflow.block_by_id.get(subject.binding.inputs.get(name, ""))
    if block is not None and (wrong := _misfit(test.inputs[name], block.schema)):
        yield Problem(
            route,
            f"the input {name!r} of the test {test.name!r} does not fit the block {block.id!r}: {wrong}",
            "change the value or the block's schema",
        )


def _misfit(value: Value, schema: Frozen) -> str | None:
    try:
        return misfit(value, schema)
    except ValueError:
        return None  # the rules `interface-binds` and `values-fit` say that the schema is invalid


def _expected(subject: Subject, test: TestCase, route: tuple[str | int, ...]) -> Iterator[Problem]:
    outputs = [port.name for port in subject.workflow.interface.outputs]
    for name in test.expected:
        if name not in outputs:
            yield Problem(
                (*route, "expected", name),
                f"the test {test.name!r} expects the output {name!r}, which does not exist",
                near(name, outputs, "outputs"),
                on_key=True,
            )
    if test.environment and test.environment not in subject.workflow.environment_by_name:
        yield Problem(
            (*route, "environment"),
            f"there is no environment {test.environment!r}",
            near(test.environment, [*subject.workflow.environment_by_name], "environments"),
        )


RULE = Rule("tests-match-interface", "Tests fit the interface.", _check)
