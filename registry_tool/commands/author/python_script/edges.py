"""Each kind of edge as a Python expression of its value; `NotExportedError` names what a script can't do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, cast

from registry_tool.commands.author.python_script.code_edge import code
from registry_tool.commands.author.python_script.expressions import literal, quoted
from registry_tool.commands.author.python_script.http_edge import http
from registry_tool.commands.author.python_script.model_edge import llm
from registry_tool.commands.author.python_script.site import EdgeSite
from registry_tool.commands.author.python_script.text_edges import chunk, modify, template
from registry_tool.core.values import Frozen
from registry_tool.engine.edges.all_edges import config_of
from registry_tool.engine.edges.conditions import Condition
from registry_tool.engine.edges.map import MapConfig
from registry_tool.engine.plan import PreparedEdge
from registry_tool.manifest.model import Edge


def expression_of(site: EdgeSite) -> str:
    """Python of what the edge gives its targets."""
    if site.edge.type not in KINDS:
        raise site.refuse("a script has no like of it")
    if any(block.looped for block in site.frame.sources):
        raise site.refuse("a source is looped")
    return KINDS[site.edge.type](site)


def _map(site: EdgeSite) -> str:
    config = cast(MapConfig, config_of(site.edge))
    inner = config.edge
    if len(site.edge.targets) > 1 or inner.type not in KINDS or inner.type == "map":
        raise site.refuse(
            f"a script has no map of {inner.type} to {len(site.edge.targets)} targets"
        )
    over = config.over or site.edge.sources[0]
    items = {
        target: cast(Frozen, schema.get("items") or {})
        for target, schema in site.frame.schemas.items()
    }
    edge = replace_edge(site.edge, inner.type, inner.config)
    local = {"item": "item", "index": "index", over: "item"}
    body = expression_of(
        replace(
            site,
            edge=edge,
            frame=_with_schemas(site.frame, edge, items),
            names=replace(site.names, local=local),
        )
    )
    work = f"lambda item, index: {body}"
    return (
        f"mapped({site.names.block(over)}, {work}, parallel={config.parallel}, "
        f"on_error={quoted(config.on_error)})"
    )


def replace_edge(edge: Edge, type_: str, config: Frozen) -> Edge:
    """The edge with another type and configuration."""
    return Edge(edge.id, type_, edge.sources, edge.targets, config)


def _with_schemas(frame: PreparedEdge, edge: Edge, schemas: Mapping[str, Frozen]) -> PreparedEdge:
    return PreparedEdge(
        edge, frame.names, frame.sources, frame.targets, schemas, (), frame.produced
    )


def conditions_of(conditions: Sequence[Condition], site: EdgeSite) -> str:
    """Python of a list of conditions, read from left to right."""
    verdict, join = "", ""
    by_name = {b.label: b.id for b in site.frame.sources if b.label}
    by_name |= {b.id: b.id for b in site.frame.sources}
    for condition in conditions:
        if condition.block not in by_name:
            raise site.refuse(f"a condition looks at {condition.block}, which is not a source")
        value = site.names.block(by_name[condition.block])
        if condition.path:
            path = ", ".join(map(quoted, condition.path.split(".")))
            value = f"at({value}, {path})"
        wanted = condition.parameters.value
        more = "" if wanted is None else f", {literal(wanted)}"
        test = f"holds({value}, {quoted(condition.condition)}{more})"
        verdict = f"({verdict} {join} {test})" if verdict else test
        join = "and" if condition.operation == "and" else "or"
    return verdict or "False"


KINDS: Final[Mapping[str, Callable[[EdgeSite], str]]] = {
    "llm": llm,
    "code": code,
    "modify": modify,
    "chunk": chunk,
    "template": template,
    "http": http,
    "map": _map,
}
"""Kinds that give a value; `branch` and `loop` are statements (`statements.py`)."""
