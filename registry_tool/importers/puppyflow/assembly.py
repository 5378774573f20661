"""Blocks and edges of the engine shape → the manifest's `spec`."""

from __future__ import annotations

from registry_tool.core.values import Object, Value
from registry_tool.importers.imported import Loss
from registry_tool.importers.puppyflow.edges import our_config, our_type
from registry_tool.importers.puppyflow.engine import is_empty
from registry_tool.importers.puppyflow.ids import renamed, with_ids
from registry_tool.importers.puppyflow.interface import Ends, external_apis, interface
from registry_tool.importers.puppyflow.model import Foreign, ForeignBlock, ForeignEdge
from registry_tool.importers.puppyflow.templates import Sources

IMPORTED = "x-imported"
RECORDED = "x-recorded"
ADDED = "x-added"
"""Marks a block that only stands in for a missing end: our edges need one on both sides."""

_MAX_LABEL = 256


class Assembly:
    """Foreign blocks and edges with our ids, put together."""

    def __init__(self, foreign: Foreign, losses: list[Loss]) -> None:
        self._foreign = foreign
        self._losses = losses
        self._edges = [edge for edge in foreign.edges if self._is_known(edge)]
        self._ids = renamed((block.id for block in foreign.blocks), "blocks", losses)
        self._edge_ids = renamed((edge.id for edge in self._edges), "edges", losses)
        self._labels = {self._ids[block.id]: block.label for block in foreign.blocks}
        self._written = {block for edge in self._edges for block in edge.outputs}
        self._added: list[Value] = []

    def _is_known(self, edge: ForeignEdge) -> bool:
        if our_type(edge) is not None:
            return True
        self._losses.append(
            Loss(f"edges.{edge.id}", f"an edge of type {edge.type!r}", "there is no such edge")
        )
        return False

    def spec(self, source: Object) -> Object:
        """The whole `spec`; `source` says where it came from."""
        ends = [self._ends(edge) for edge in self._edges]
        blocks = [self._block(block) for block in self._foreign.blocks]
        edges: list[Value] = [
            _edge(self._edge_ids[edge.id], own) for edge, own in zip(self._edges, ends, strict=True)
        ]
        spec: Object = {IMPORTED: source, "blocks": [*blocks, *self._added]}
        spec.update({"edges": edges} if edges else {})
        if ports := interface(self._foreign.blocks, dict(self._ids), ends):
            spec["interface"] = ports
        if apis := external_apis(ends):
            spec["runtime"] = {"dependencies": {"external_apis": apis}}
        if recorded := self._recorded():
            spec[RECORDED] = recorded
        return spec

    def _recorded(self) -> Object:
        return {
            self._ids[block.id]: block.content
            for block in self._foreign.blocks
            if block.id in self._written and not is_empty(block.content)
        }

    def _block(self, block: ForeignBlock) -> Value:
        label = block.label
        if len(label) > _MAX_LABEL:
            why = f"labels have at most {_MAX_LABEL} characters; templates name the id instead"
            self._losses.append(Loss(f"blocks.{block.id}", "the end of its label", why))
            label = label[:_MAX_LABEL]
        result: Object = {"id": self._ids[block.id], "type": block.type}
        if label != result["id"]:
            result["metadata"] = {"label": label}
        if block.looped:
            result["looped"] = True
        if block.extras:
            result["config"] = dict(block.extras)
        if block.has_content and block.id not in self._written:
            result["value"] = block.content
        return result

    def _ends(self, edge: ForeignEdge) -> Ends:
        type_ = our_type(edge) or ""
        sources = tuple(self._ids[block] for block in edge.inputs)
        targets = tuple(self._ids[block] for block in edge.outputs)
        config = our_config(
            with_ids(edge.data, self._ids, type_),
            type_,
            Sources(sources, self._labels),
            f"edges.{edge.id}",
            self._losses,
        )
        own_id = self._edge_ids[edge.id]
        return Ends(
            type_,
            sources or (self._stand_in(own_id, "start"),),
            targets or (self._stand_in(own_id, "end"),),
            config,
        )

    def _stand_in(self, edge: str, end: str) -> str:
        taken = {
            *self._ids.values(),
            *(str(sub["id"]) for sub in self._added if isinstance(sub, dict)),
        }
        stem = f"{edge[:50]}-{end}"
        names = (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
        name = next(name for name in names if name not in taken)
        block: Object = {"id": name, "type": "text", ADDED: True}
        self._added.append({**block, "value": ""} if end == "start" else block)
        return name


def _edge(name: str, ends: Ends) -> Object:
    edge: Object = {
        "id": name,
        "type": ends.type,
        "source": _one_or_list(ends.sources),
        "target": _one_or_list(ends.targets),
    }
    return {**edge, "config": dict(ends.config)} if ends.config else edge


def _one_or_list(ids: tuple[str, ...]) -> Value:
    return ids[0] if len(ids) == 1 else list[Value](ids)
