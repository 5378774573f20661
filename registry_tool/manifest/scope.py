"""Which names an edge's templates may use, and what each stands for.

Precedence: the edge's own source ids, then their labels, then interface inputs, then environment
variables, then every other block's id, then every other label. A template that names a block which is
no source makes the edge wait for it all the same.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator
from typing import Literal

from registry_tool.core.records import Record
from registry_tool.core.values import Frozen, Route, Value
from registry_tool.manifest.config_errors import EXTRA
from registry_tool.manifest.model import Block, Edge, Workflow
from registry_tool.manifest.template import Placeholder, placeholders, split

# The configuration keys that hold templates, by edge type; everything else is taken literally.
TEMPLATED: dict[str, tuple[str, ...]] = {
    "llm": ("prompt", "system", "messages", "chat_histories", "images"),
    "code": (),
    "modify": ("content",),
    "chunk": (),
    "branch": (),
    "map": ("edge",),
    "loop": (),
    "workflow": ("inputs",),
    "http": ("url", "headers", "body", "query"),
    "search": ("query",),
    "retrieve": ("query",),
    "load": ("path", "content"),
    "save": ("path", "content"),
    "generate": ("query", "prompt", "system"),
    "deep_research": ("query",),
    "query_rewrite": ("query",),
    "rerank": ("query",),
    "template": ("values",),
    "external": ("inputs",),
}
ITEM_NAMES = ("item", "index")  # what a `map` edge adds for its inner edge


class Referent(Record, frozen=True):
    """What a name stands for: a block id, an input's name or a variable's name."""

    kind: Literal["block", "input", "variable", "item"]
    name: str


class PlaceholderUse(Record, frozen=True):
    """One placeholder in an edge's configuration; `referent` is None for an unknown name."""

    route: Route
    placeholder: Placeholder
    referent: Referent | None


class Scopes:
    """The names of one workflow's edges; what all edges share is computed once."""

    def __init__(self, workflow: Workflow) -> None:
        self._workflow = workflow
        self._outer: dict[str, Referent] = {}
        for port in workflow.interface.inputs:
            self._outer.setdefault(port.name, Referent("input", port.name))
        for environment in workflow.environments:
            for variable in environment.variables:
                self._outer.setdefault(variable, Referent("variable", variable))
        _add_blocks(self._outer, workflow.blocks)

    def names(self, edge: Edge) -> ChainMap[str, Referent]:
        """Every name that the edge's templates may use."""
        known = self._workflow.block_by_id
        own: dict[str, Referent] = {}
        if edge.type == "map":
            own.update((name, Referent("item", name)) for name in ITEM_NAMES)
        _add_blocks(own, [known[source] for source in edge.sources if source in known])
        return ChainMap(own, self._outer)

    def uses(self, edge: Edge) -> Iterator[PlaceholderUse]:
        """Every placeholder of an edge, with its route below `config`."""
        names: ChainMap[str, Referent] | None = None
        for route, text in templates_of(edge):
            for placeholder in placeholders(text):
                names = self.names(edge) if names is None else names
                found = split(placeholder.text, names)
                yield PlaceholderUse(route, placeholder, names[found[0]] if found else None)


def _add_blocks(names: dict[str, Referent], blocks: Iterable[Block]) -> None:
    blocks = tuple(blocks)
    for block in blocks:
        names.setdefault(block.id, Referent("block", block.id))
    for block in blocks:
        if block.label:
            names.setdefault(block.label, Referent("block", block.id))


def templates_of(edge: Edge) -> Iterator[tuple[Route, str]]:
    """Every text of an edge's configuration with a template in it, with its route below `config`."""
    yield from ((route, text) for route, text in texts_of(edge) if "{{" in text)


def texts_of(edge: Edge) -> Iterator[tuple[Route, str]]:
    """Every text that is taken as a template, with its route below `config`; a `map`'s are its inner edge's."""
    yield from _texts(edge.type, edge.config)
    inner = edge.config.get("edge") if edge.type == "map" else None
    if isinstance(inner, dict) and isinstance(config := inner.get("config"), dict):
        for route, text in _texts(str(inner.get("type")), config):
            yield ("edge", "config", *route), text


def _texts(type_: str, config: Frozen) -> Iterator[tuple[Route, str]]:
    extra = config.get(EXTRA)
    holders: list[tuple[Frozen, Route]] = [(config, ())]
    if isinstance(extra, dict):
        holders.append((extra, (EXTRA,)))
    for holder, route in holders if type_ != "map" else ():
        for key in TEMPLATED.get(type_, ()):
            if key in holder:
                yield from _strings(holder[key], (*route, key))
    if type_ == "modify":
        for route in (("operations",), ("extra_configs", "operations")):
            yield from _operands(config, route)


def _operands(config: Frozen, route: tuple[str, ...]) -> Iterator[tuple[Route, str]]:
    """The `value…` parameters of structured operations."""
    holder: Value = dict(config)
    for key in route:
        holder = holder.get(key) if isinstance(holder, dict) else None
    for position, operation in enumerate(holder if isinstance(holder, list) else []):
        params = operation.get("params") if isinstance(operation, dict) else None
        for key, value in params.items() if isinstance(params, dict) else ():
            if key.startswith("value"):
                yield from _strings(value, (*route, position, "params", key))


def _strings(value: Value, route: Route) -> Iterator[tuple[Route, str]]:
    if isinstance(value, str):
        yield route, value
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _strings(item, (*route, position))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, (*route, key))
