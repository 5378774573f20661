"""Assertions of tests have a known type and the fields that it knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from registry_tool.core.finding import Problem
from registry_tool.core.suggest import perhaps
from registry_tool.core.values import Frozen, Object, Route, Value
from registry_tool.manifest import assertions as names
from registry_tool.manifest.json_path import parse_path
from registry_tool.rules.base import Rule, Subject


def _check(subject: Subject) -> Iterator[Problem]:
    outputs = {port.name for port in subject.workflow.interface.outputs}
    for position, test in enumerate(subject.workflow.tests):
        for number, form in enumerate(test.assertions):
            yield from _assertion(form, ("spec", "tests", position, "assert", number), outputs, 0)


def _assertion(form: Frozen, route: Route, outputs: set[str], depth: int) -> Iterator[Problem]:
    type_ = str(form.get("type", ""))
    if not names.is_known(type_):
        yield Problem((*route, "type"), f"there is no assertion {type_!r}", names.hint(type_))
        return
    yield from _fields(form, type_, route)
    yield from _place(form, route, outputs)
    if names.base_name(type_) == names.SET:
        yield from _set(form.get("assert"), (*route, "assert"), outputs, depth + 1)


def _fields(form: Frozen, type_: str, route: Route) -> Iterator[Problem]:
    own = names.ASSERTIONS[names.base_name(type_)]
    known = (*names.COMMON_FIELDS, *own.needed, *own.optional)
    for key in form:
        if key not in known and not key.startswith("x-"):
            yield Problem(
                (*route, key),
                f"the assertion {type_} has no field {key!r}",
                f"{perhaps(key, known)}known: {', '.join(known)}",
                on_key=True,
            )
    for key in own.needed:
        if key not in form:
            yield Problem(route, f"the assertion {type_} needs the field {key!r}", "add it")
    weight = form.get("weight", 1)
    if not isinstance(weight, int | float) or isinstance(weight, bool) or weight < 0:
        yield Problem((*route, "weight"), "a weight is a number from 0 on", "0 only measures")


def _place(form: Frozen, route: Route, outputs: set[str]) -> Iterator[Problem]:
    output, path = form.get("output"), form.get("path")
    if output is not None and output not in outputs:
        yield Problem(
            (*route, "output"),
            f"there is no output {output!r}",
            f"outputs: {', '.join(sorted(outputs)) or 'none'}",
        )
    if path is not None:
        try:
            parse_path(str(path))
        except ValueError as error:
            yield Problem((*route, "path"), str(error), "write it as $.key[0]['another key']")


def _set(inner: Value, route: Route, outputs: set[str], depth: int) -> Iterator[Problem]:
    if not isinstance(inner, list) or not all(isinstance(item, dict) for item in inner):
        yield Problem(route, "an assert-set needs a list of assertions as assert", "add it")
        return
    if depth > names.DEEPEST:
        yield Problem(route, f"assert-sets are at most {names.DEEPEST} deep", "flatten it")
        return
    for number, item in enumerate(inner):
        yield from _assertion(cast(Object, item), (*route, number), outputs, depth)


RULE = Rule("assertions", "Assertions of tests are known and well formed.", _check)
