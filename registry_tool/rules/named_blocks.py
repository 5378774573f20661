"""Every block that an edge's configuration names is one of the edge's own ends."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem, Severity
from registry_tool.core.values import Route, Value
from registry_tool.manifest.model import Block
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.configurations import (
    Configuration,
    conditions_of,
    configurations,
    moves_of,
    named,
    near,
)

# The fields that name sources, by edge type, and whether a label will do.
_FIELDS: dict[str, tuple[str, ...]] = {
    "generate": ("queries", "docs"),
    "retrieve": ("query_id", "data_source", "docs_id", "doc_ids"),
    "rerank": ("query_id", "retrieval_chunks"),
    "search": ("query_id",),
    "query_rewrite": ("query_id",),
    "deep_research": ("query_id",),
}

_QUERYING = frozenset({"retrieve", "search", "deep_research", "query_rewrite", "rerank"})


def _check(subject: Subject) -> Iterator[Problem]:
    for found in configurations(subject.workflow):
        if len(found.sources) < len(found.edge.sources):
            continue  # the rule `edge-ends` says which block there isn't
        for condition, route in conditions_of(found):
            yield from _end(
                subject, found, condition.get("block"), (*route, "block"), "condition looks at"
            )
        if found.type == "branch":
            yield from _moved(subject, found)
        if found.type == "map":
            yield from _over(subject, found)
        if found.type in _QUERYING:
            yield from _query(subject, found)
        for key in _FIELDS.get(found.type, ()):
            value, route = found.option(key)
            for name, location in _names(value, route):
                yield from _end(subject, found, name, location, f"field {key} names")


def _query(subject: Subject, found: Configuration) -> Iterator[Problem]:
    """A query that reads like a block's name, but isn't one of the edge's sources, is searched for literally."""
    query, route = found.option("query")
    known = named(subject.workflow.blocks, query) if isinstance(query, str) else None
    if known is not None and named(found.sources, query) is None:
        yield Problem(
            route,
            f"the query {query!r} is a block that is not a source of the edge, so its name is searched for",
            f"write {{{{{known.id}}}}}, or add the block to the edge's source",
            Severity.WARNING,
        )


def _moved(subject: Subject, found: Configuration) -> Iterator[Problem]:
    for move in moves_of(found):
        for key, what in (("from", "branch takes from"), ("to", "branch writes to")):
            if move.move.get(key) not in (None, ""):
                yield from _end(subject, found, move.move[key], (*move.route, key), what)


def _over(subject: Subject, found: Configuration) -> Iterator[Problem]:
    over = found.config.get("over")
    if not isinstance(over, str) or not over or over in found.edge.sources:
        return
    by_label = named(found.sources, over)
    if by_label is None:
        yield from _end(subject, found, over, (*found.route, "over"), "map goes over")
        return
    yield Problem(
        (*found.route, "over"),
        f"the map goes over {over!r}, which is a block's label",
        f"write its id: over: {by_label.id}",
    )


def _names(value: Value, route: Route) -> Iterator[tuple[Value, Route]]:
    """Ids in `[{id}]`, `[id]`, `{id: label}` or one id, as edges read them."""
    if isinstance(value, list):
        for position, item in enumerate(value):
            if isinstance(item, dict):
                if item.get("id"):
                    yield item["id"], (*route, position, "id")
            elif item not in (None, ""):
                yield item, (*route, position)
    elif isinstance(value, dict):
        if "id" in value or "index_item" in value:
            yield from [(value["id"], (*route, "id"))] if value.get("id") else []
        else:
            yield from ((name, (*route, name)) for name in value)
    elif value not in (None, ""):
        yield value, route


def _end(
    subject: Subject, found: Configuration, name: Value, route: Route, what: str
) -> Iterator[Problem]:
    targets = what.endswith("to")
    ends: tuple[Block, ...] = found.targets if targets else found.sources
    if named(ends, name) is not None:
        return
    side = "target" if targets else "source"
    shown = str(name)[:60] if isinstance(name, str) else name
    bare = str(name).strip().removeprefix("{{").removesuffix("}}").strip()
    known = subject.workflow.block_by_id
    if bare != name and named(ends, bare) is not None:
        help_ = f"write it without braces: {bare}"
    elif isinstance(name, str) and name in known:
        help_ = f"add it to the edge's {side}, or name one that is there: {', '.join(b.id for b in ends)}"
    else:
        help_ = near(
            str(name), [*dict.fromkeys(n for b in ends for n in (b.id, b.label) if n)], f"{side}s"
        )
    yield Problem(
        route, f"the {what} {shown!r}, which is not a {side} of the edge {found.edge.id}", help_
    )


RULE = Rule("named-blocks", "Blocks that a configuration names are the edge's own ends.", _check)
