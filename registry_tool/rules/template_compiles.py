"""The Jinja of every `template` edge can be read, knows its names, and needs no other template."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem, Severity
from registry_tool.core.suggest import did_you_mean
from registry_tool.core.values import Value
from registry_tool.manifest.jinja_template import JinjaProblem, read_jinja
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.configurations import Configuration, configurations


def _check(subject: Subject) -> Iterator[Problem]:
    document = subject.manifest.document
    for found in configurations(subject.workflow, "template"):
        template, route = found.config.get("template"), (*found.route, "template")
        if not isinstance(template, str) or not template:
            continue  # the schema says so
        what = f"the template of the edge {found.edge.id}"
        try:
            read = read_jinja(template)
        except JinjaProblem as error:
            yield Problem(
                route,
                f"{what} is not valid Jinja: {error.reason} (line {error.line})",
                "fix the line",
                location=document.place_inside(route, error.line, 1),
            )
            continue
        if read.asks_for_another:
            yield Problem(
                route,
                f"{what} asks for another template, and there is none",
                "write its text here",
            )
        known = _given(found)
        for name in sorted(read.names - set(known)):
            yield Problem(
                route,
                f"{what} names {name!r}, which it is not given",
                did_you_mean(name, known, "give it in values"),
                Severity.WARNING,
            )


def _given(found: Configuration) -> list[str]:
    values: Value = found.config.get("values")
    if isinstance(values, dict):
        return list(values)
    return [block.label or block.id for block in found.sources]


RULE = Rule(
    "template-compiles", "The Jinja of template edges can be read and knows its names.", _check
)
