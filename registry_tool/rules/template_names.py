"""Every `{{name}}` stands for something that the edge can see."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem
from registry_tool.core.suggest import nearest
from registry_tool.core.values import at
from registry_tool.manifest.model import Edge
from registry_tool.manifest.scope import PlaceholderUse, Scopes
from registry_tool.rules.base import Rule, Subject


def _check(subject: Subject) -> Iterator[Problem]:
    scopes = Scopes(subject.workflow)
    for position, edge in enumerate(subject.workflow.edges):
        names = scopes.names(edge)
        for use in scopes.uses(edge):
            if use.referent is None:
                yield _problem(position, use, list(names), edge)


def _problem(position: int, use: PlaceholderUse, names: list[str], edge: Edge) -> Problem:
    template = str(at(dict(edge.config), use.route))
    token = template[use.placeholder.start : use.placeholder.end]
    wanted = use.placeholder.text
    meant = nearest(wanted, names)
    help_ = f"did you mean {{{{{meant}}}}}? " if meant else ""
    return Problem(
        ("spec", "edges", position, "config", *use.route),
        f"the template names {{{{{wanted[:60]}}}}}, which is not a block, input or variable",
        help_ + "write \\{{ for braces that are meant as text",
        token=token,
        nth=template[: use.placeholder.start].count(token),
    )


RULE = Rule("template-names", "Every name in a template stands for something.", _check)
