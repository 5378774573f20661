"""Jinja of Dify: `template-transform` nodes, and prompts that are written in it."""

from __future__ import annotations

import re
from typing import Final

from registry_tool.core.values import Object, Value
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.references import ValueReference, unique
from registry_tool.importers.dify.work import NodeStep, Work
from registry_tool.importers.foreign_values import text_of
from registry_tool.importers.imported import NotRunnableError
from registry_tool.importers.project import EdgeEnds
from registry_tool.manifest.jinja_template import JinjaProblem, read_jinja

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def template_transform(node: Node, work: Work) -> NodeStep:
    """`template-transform`: its text as a `template` edge."""
    return _step(node, work, text_of(node.data, "template"), node.data.get("variables"))


def jinja_block(node: Node, work: Work, template: str, variables: Value) -> str:
    """The block of a prompt's rendered Jinja."""
    step = _step(node, work, template, variables)
    name = work.project.new_id(f"{node.title} prompt", "prompt")
    work.project.block(name)
    ends = EdgeEnds(step.reads, [name], work.when(node))
    work.project.edge(name, step.type, ends, step.config)
    return name


def _step(node: Node, work: Work, template: str, variables: Value) -> NodeStep:
    try:
        read = read_jinja(template)
    except JinjaProblem as error:
        raise NotRunnableError(f"its template is not valid Jinja: {error.reason}") from None
    if read.asks_for_another:
        raise NotRunnableError("its template asks for another template")
    if not template:
        template = "{# empty #}"
    given = bindings(node, work, variables)
    for name in sorted(given.keys() | read.names):
        if not _NAME.fullmatch(name):
            raise NotRunnableError(
                f"{name[:64]!r} of its template is not a name of ASCII letters, digits and _"
            )
    values: Object = {name: found.placeholder for name, found in given.items()}
    for name in sorted(read.names - values.keys()):
        values[name] = ""
        work.lose(
            node, f"{name} in the template", "no variable of the node has that name; it is empty"
        )
    reads = unique([found.block for found in given.values()])
    return NodeStep("template", {"template": template, "values": values}, reads, {"output": ()})


def bindings(node: Node, work: Work, variables: Value) -> dict[str, ValueReference]:
    """A node's own variables, `[{variable, value_selector}]`, by name."""
    found: dict[str, ValueReference] = {}
    for item in variables if isinstance(variables, list) else []:
        if isinstance(item, dict) and (name := text_of(item, "variable")):
            found[name] = work.of(node, item.get("value_selector"))
    return found
