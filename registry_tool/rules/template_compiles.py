"""The Jinja of every `template` edge can be read, knows its names, and needs no other template."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem, Severity
from registry_tool.core.suggest import did_you_mean
from registry_tool.core.values import Route, Value
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.configurations import Configuration, configurations

_DEEPEST = 100
"""Open brackets: Jinja reads by recursion."""


def _check(subject: Subject) -> Iterator[Problem]:
    for found in configurations(subject.workflow, "template"):
        template, route = found.config.get("template"), (*found.route, "template")
        if isinstance(template, str) and template:
            yield from _problems(subject, found, template, route)


def _problems(
    subject: Subject, found: Configuration, template: str, route: Route
) -> Iterator[Problem]:
    from jinja2 import meta, nodes
    from jinja2.exceptions import TemplateSyntaxError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    if _brackets(template) > _DEEPEST:
        yield Problem(route, f"the template has more than {_DEEPEST} open brackets", "flatten it")
        return
    environment = ImmutableSandboxedEnvironment()
    try:
        tree = environment.parse(template)
        names = meta.find_undeclared_variables(tree)
    except TemplateSyntaxError as error:
        yield Problem(
            route,
            f"the template of the edge {found.edge.id} is no Jinja: {error.message} (line {error.lineno})",
            "mend the line",
            location=subject.manifest.document.place_inside(route, error.lineno, 1),
        )
        return
    except RecursionError:
        yield Problem(route, "the template is nested too deep to be read", "flatten it")
        return
    if any(tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends))):
        yield Problem(
            route,
            f"the template of the edge {found.edge.id} asks for another template, and there is none",
            "write its text here",
        )
    known = [*_given(found), *environment.globals]
    for name in sorted(names - set(known)):
        yield Problem(
            route,
            f"the template of the edge {found.edge.id} names {name!r}, which it is not given",
            did_you_mean(name, known, "give it in values"),
            Severity.WARNING,
        )


def _given(found: Configuration) -> list[str]:
    values: Value = found.config.get("values")
    if isinstance(values, dict):
        return list(values)
    return [block.label or block.id for block in found.sources]


def _brackets(template: str) -> int:
    depth = most = 0
    for char in template:
        depth = max(0, depth + (char in "([{") - (char in ")]}"))
        most = max(most, depth)
    return most


RULE = Rule(
    "template-compiles", "The Jinja of template edges can be read and knows its names.", _check
)
