"""A branch or a loop says nothing that would be passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem, Severity
from registry_tool.core.values import Route, Value
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.configurations import Configuration, configurations, moves_of, named

_LAST = "/"
_JOINS = frozenset({"and", "or", _LAST})


def _check(subject: Subject) -> Iterator[Problem]:
    for found in configurations(subject.workflow, "branch", "loop"):
        if found.type == "branch":
            yield from _cases(found)
            yield from _never_written(found)
        else:
            yield from _loop(found)


def _cases(found: Configuration) -> Iterator[Problem]:
    cases = found.config.get("cases")
    for name, case in cases.items() if isinstance(cases, dict) else ():
        if not isinstance(case, dict):
            continue
        route = (*found.route, "cases", name)
        yield from _conditions(case.get("conditions"), (*route, "conditions"), f"case {name!r}")
        if case.get("thens") and case.get("then"):
            yield Problem(
                (*route, "then"),
                f"the case {name!r} has thens and then, and only thens is read",
                "put all moves into thens",
                on_key=True,
            )


def _conditions(value: Value, route: Route, where: str) -> Iterator[Problem]:
    if value == []:
        yield Problem(route, f"the {where} has no conditions, so it never holds", "add one")
    conditions = value if isinstance(value, list) else []
    for position, condition in enumerate(conditions):
        joins = str(condition.get("operation") or _LAST) if isinstance(condition, dict) else _LAST
        if joins.lower() not in _JOINS:
            continue  # the schema says so
        last = position == len(conditions) - 1
        if not last and joins == _LAST:
            yield Problem(
                (*route, position, "operation"),
                f"the {where} goes on after a condition that ends it, and reads it as or",
                "write operation: and, or operation: or",
                Severity.WARNING,
            )
        if last and joins != _LAST:
            yield Problem(
                (*route, position, "operation"),
                f"the {where} ends with {joins!r}, and nothing follows",
                "add a condition, or write operation: /",
                Severity.WARNING,
            )


def _never_written(found: Configuration) -> Iterator[Problem]:
    blocks = [named(found.targets, move.move.get("to")) for move in moves_of(found)]
    if None in blocks:
        return  # the rule `named-blocks` says what the one is that isn't there
    written = {block.id for block in blocks if block is not None}
    _, _, position, *_ = found.route
    for index, target in enumerate(found.edge.targets):
        if target not in written and found.config.get("cases"):
            yield Problem(
                ("spec", "edges", position, "target", index),
                f"no case of the edge {found.edge.id} writes its target {target!r}",
                f"add {{ from: …, to: {target} }} to a case or to else, or remove the target",
            )


def _loop(found: Configuration) -> Iterator[Problem]:
    for key in ("while", "until"):
        if key in found.config:
            yield from _conditions(found.config[key], (*found.route, key), key)


RULE = Rule("branches-complete", "Branches and loops say nothing that nobody reads.", _check)
