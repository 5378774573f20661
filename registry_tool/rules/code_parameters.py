"""Every parameter of a `code` edge's function can be filled: from a source block or an input."""

from __future__ import annotations

import re
from collections.abc import Iterator

from registry_tool.core.finding import Problem, Severity
from registry_tool.core.values import Route
from registry_tool.manifest.python_code import (
    CodeProblem,
    Function,
    Parameter,
    called_function,
    parse_code,
)
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.configurations import Configuration, configurations, near

_OTHER = re.compile(r"\W", re.ASCII)
_ALL = "inputs"


def _check(subject: Subject) -> Iterator[Problem]:
    for found in configurations(subject.workflow, "code"):
        code = found.config.get("code")
        function = _function(code) if isinstance(code, str) else None
        if function is not None and len(found.sources) == len(found.edge.sources):
            for parameter in function.parameters or ():
                yield from _parameter(subject, found, function, parameter)


def _function(code: str) -> Function | None:
    try:
        return called_function(parse_code(code))
    except CodeProblem:
        return None  # the rule `code-compiles` tells


def _names(found: Configuration) -> list[str]:
    """What a parameter may be called for the source blocks' values."""
    plain = [n for b in found.sources for n in (b.id, b.label) if n.isidentifier()]
    spelt = [f"arg_{_OTHER.sub('_', block.id)}" for block in found.sources]
    return [*plain, *spelt, _ALL]


def _parameter(
    subject: Subject, found: Configuration, function: Function, parameter: Parameter
) -> Iterator[Problem]:
    route: Route = (*found.route, "code")
    location = subject.manifest.document.place_inside(route, parameter.line, parameter.column)
    ports = {p.name: p for p in subject.workflow.interface.inputs if p.name.isidentifier()}
    names = [*_names(found), *ports]
    if parameter.positional and parameter.name in names:
        yield Problem(
            route,
            f"the parameter {parameter.name} of {function.name}() is taken by its place alone",
            "remove the / : parameters are filled by name",
            location=location,
        )
    elif parameter.optional or parameter.name in _names(found):
        return
    elif parameter.name not in ports:
        yield Problem(
            route,
            f"nothing fills the parameter {parameter.name} of {function.name}()",
            near(parameter.name, names, "it can have"),
            location=location,
        )
    elif not (port := ports[parameter.name]).required and not port.has_default:
        yield Problem(
            route,
            f"the input that fills the parameter {parameter.name} of {function.name}() may be missing",
            f"give the input a default, or write {parameter.name}=None",
            Severity.WARNING,
            location=location,
        )


RULE = Rule("code-parameters", "Parameters of code edges' functions can be filled.", _check)
