"""The manifest that an import puts together: blocks, edges, ports, services, and what is reported of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.checkpoint import kept
from registry_tool.importers.imported import ForeignError, Loss, NodeReport

_LABEL = 256
MOST_PARTS: Final = 2000
"""The most blocks, and the most edges, that a manifest may have."""
NOTHING: Final = "nothing"
"""The empty block that edges read which need nothing, and that selectors to nothing lead to."""
_PLAIN: Final = frozenset({"string", "number", "integer", "boolean"})
_HARD: Final = frozenset({"branch", "loop", "external"})
"""Types whose failure is none of the node's: what runs elsewhere ends a run, whatever becomes of errors there."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class EdgeEnds:
    """The blocks that an edge reads and writes, and those by which it runs."""

    sources: Sequence[str]
    targets: Sequence[str]
    when: Sequence[str] = ()


@dataclass(slots=True)
class Project:
    """Parts as they stand in `spec`; ids are taken once.

    While `soft` is a list, edges that fail are passed over, and what each runs by and writes is noted in it. With
    `follows_data` an edge without a gate runs where something of what it reads is there.
    """

    losses: list[Loss] = field(default_factory=list)
    reports: list[NodeReport] = field(default_factory=list)
    blocks: list[Object] = field(default_factory=list)
    edges: list[Object] = field(default_factory=list)
    inputs: list[Object] = field(default_factory=list)
    outputs: list[Object] = field(default_factory=list)
    hosts: dict[str, list[str]] = field(default_factory=dict)
    secrets: dict[str, list[str]] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    soft: list[tuple[tuple[str, ...], str]] | None = None
    follows_data: bool = False
    _ids: set[str] = field(default_factory=lambda: {NOTHING})
    _written: set[str] = field(default_factory=set)
    _by_chance: set[str] = field(default_factory=set)

    def new_id(self, *stems: str) -> str:
        """An id from the first of the texts that gives a readable one, that nobody has."""
        stem = next(
            (s for text in stems if (s := _slug(text)) and (len(s) > 1 or s == text)), "block"
        )
        numbered = (f"{stem}-{number}" for number in range(2, len(self._ids) + 3))
        names = chain([stem], numbered)
        name = next(name for name in names if name.casefold() not in self._ids)
        self._ids.add(name.casefold())
        return name

    def block(self, name: str, type_: str = "text", label: str = "", **more: Value) -> str:
        """Add a block; `label` where it says more than the id."""
        item: Object = {"id": name, "type": type_}
        if label and label != name:
            item["metadata"] = {"label": label[:_LABEL]}
        _refuse_more(self.blocks, "blocks")
        self.blocks.append({**item, **more})
        return name

    def edge(
        self, name: str, type_: str, ends: EdgeEnds, config: Frozen, on_error: Value = None
    ) -> None:
        """Add an edge; one without sources reads the empty block.

        Where no gate decides, it runs, whatever of its sources was taken: a block that is always there says so.
        """
        sources = tuple(dict.fromkeys(ends.sources)) or (self.nothing(),)
        written = [source for source in sources if source in self._written]
        chance = bool(written) and self._by_chance.issuperset(written)
        if not ends.when and chance and not self.follows_data:
            ends = EdgeEnds(ends.sources, ends.targets, [self.nothing()])
        elif ends.when:
            self._by_chance.update(ends.targets)
        self._written.update(ends.targets)
        item: Object = {
            "id": name,
            "type": type_,
            "source": _one(sources),
            "target": _one(ends.targets),
        }
        if ends.when:
            item["when"] = _one(ends.when)
        if on_error is not None or self._is_soft(type_, ends):
            item["on_error"] = "skip" if on_error is None else on_error
        _refuse_more(self.edges, "edges")
        self.edges.append({**item, "config": dict(config)} if config else item)

    def _is_soft(self, type_: str, ends: EdgeEnds) -> bool:
        if self.soft is None or type_ in _HARD:
            return False
        if ends.when and list(ends.when) != [NOTHING]:
            self.soft.append((tuple(ends.when), ends.targets[0]))
        return True

    def checkpoint(self) -> Callable[[], None]:
        """What takes everything back that is added from now on."""
        return kept(
            *(self.losses, self.reports, self.blocks, self.edges, self.inputs, self.outputs),
            *(self.hosts, self.secrets, self.variables, self._ids, self._written, self._by_chance),
        )

    def nothing(self) -> str:
        """The block that edges read which need nothing."""
        if not any(block["id"] == NOTHING for block in self.blocks):
            self.block(NOTHING, value="")
        return NOTHING

    def by_chance(self, blocks: Iterable[str]) -> None:
        """Note that a branch writes these blocks, each on one of its ways."""
        self._by_chance.update(blocks)

    def input(self, name: str, type_: str, block: str, **more: Value) -> None:
        """Add an input for a block."""
        port: Object = {"name": _port_name(name, self.inputs), "type": type_}
        self.inputs.append({**port, **more, "block": block})

    def has_parts(self, block: str, part: str) -> bool:
        """Whether a block's value may have a part; false only of inputs whose type says so."""
        types = {str(port["type"]) for port in self.inputs if port["block"] == block}
        return not types & _PLAIN and ("array" not in types or part.isdecimal())

    def output(self, name: str, block: str, **more: Value) -> None:
        """Add an output of a block."""
        self.outputs.append({"name": _port_name(name, self.outputs), **more, "block": block})

    def asks(self, service: str, hosts: Iterable[str] = (), secrets: Iterable[str] = ()) -> None:
        """Note a service that an edge asks."""
        for listed, found in ((self.hosts, hosts), (self.secrets, secrets)):
            known = listed.setdefault(service, [])
            known += [name for name in found if name not in known]

    def spec(self, source: Object) -> Object:
        """The whole `spec`; `source` says where it came from."""
        ports: Object = {}
        ports.update({"inputs": list[Value](self.inputs)} if self.inputs else {})
        ports.update({"outputs": list[Value](self.outputs)} if self.outputs else {})
        runtime: Object = {}
        if self.hosts:
            apis = [self._api(name) for name in sorted(self.hosts)]
            runtime["dependencies"] = {"external_apis": list[Value](apis)}
        if self.variables:
            runtime["environments"] = {
                "development": {"variables": dict[str, Value](self.variables)}
            }
        return {
            "x-imported": source,
            "blocks": list[Value](self.blocks),
            **({"edges": list[Value](self.edges)} if self.edges else {}),
            **({"interface": ports} if ports else {}),
            **({"runtime": runtime} if runtime else {}),
        }

    def _api(self, name: str) -> Object:
        hosts, secrets = self.hosts[name], self.secrets.get(name, [])
        return {
            "name": name[:128],
            **({"hosts": list[Value](hosts)} if hosts else {}),
            **({"secrets": list[Value](secrets)} if secrets else {}),
        }


def _refuse_more(parts: Sequence[Object], what: str) -> None:
    if len(parts) >= MOST_PARTS:
        raise ForeignError(
            f"the manifest would have more than {MOST_PARTS:,} {what}",
            location="the document",
            hint="split the workflow, and import its parts",
        )


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-_")[:48].strip("-_")


def _port_name(name: str, ports: list[Object]) -> str:
    taken = {port["name"] for port in ports}
    stem = re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_-")[:58]
    stem = stem if _NAME.fullmatch(stem) else f"value_{stem}".rstrip("_")
    names = (stem, *(f"{stem}_{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _one(ids: Sequence[str]) -> Value:
    return ids[0] if len(ids) == 1 else list[Value](ids)
