"""PuppyFlow workflows → manifests: the engine shape, the editor shape and template packages.

What a run needs is carried over and means the same; what an earlier run left behind is kept as a record
(`x-recorded`); everything else is reported, except how things look in the editor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from registry_tool.core.files import is_device_name
from registry_tool.core.values import Object, Value
from registry_tool.importers.puppyflow_edges import our_config, our_type
from registry_tool.importers.puppyflow_editor import engine_shape
from registry_tool.importers.puppyflow_engine import is_empty, read_engine
from registry_tool.importers.puppyflow_ids import renamed, with_ids
from registry_tool.importers.puppyflow_interface import Ends, external_apis, interface
from registry_tool.importers.puppyflow_model import (
    EDITOR,
    ENGINE,
    PACKAGE,
    Foreign,
    ForeignBlock,
    ForeignEdge,
    ForeignError,
    Imported,
    Loss,
    as_object,
    sub_object,
    text_of,
)
from registry_tool.importers.puppyflow_package import is_package, unpacked
from registry_tool.importers.puppyflow_templates import Sources
from registry_tool.manifest.compile import API_VERSION, KIND
from registry_tool.manifest.graph import Graph
from registry_tool.manifest.load import workflow_from
from registry_tool.manifest.names import MAX_NAME
from registry_tool.store.paths import PROJECT_MANIFEST

FORMAT = "puppyflow"
IMPORTED = "x-imported"
RECORDED = "x-recorded"
ADDED = "x-added"
"""Marks a block that only stands in for a missing end: our edges need one on both sides."""

_VERSION = "0.1.0"
_MAX_LABEL = 256
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}([Tt]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[-+]\d{2}:\d{2})?)?")


def read(value: Value, *, name: str, resources: Mapping[str, bytes] | None = None) -> Imported:
    """The import of a parsed file.

    `name` (say, the file's) names the workflow where the file doesn't; `resources` holds the files that a
    package mounts, by the paths it gives. `ForeignError` names what is broken, `FindingsError` what the manifest
    can't hold.
    """
    losses: list[Loss] = []
    shape, engine, files = _engine_value(value, resources or {}, losses)
    foreign = read_engine(engine, losses)
    about = sub_object(value, "metadata") if isinstance(value, dict) and shape == PACKAGE else {}
    manifest = _Assembly(foreign, losses).manifest(_metadata(about, name), _source(shape, foreign))
    workflow = workflow_from(manifest, PROJECT_MANIFEST)
    if cycle := Graph(workflow).cycle:
        why = "edges that wait for each other can't run; use an edge of type loop"
        losses.append(Loss("edges", f"the circle {' → '.join(cycle)}", why))
    return Imported(manifest, tuple(losses), files, len(workflow.blocks), len(workflow.edges))


def _engine_value(
    value: Value, resources: Mapping[str, bytes], losses: list[Loss]
) -> tuple[str, Object, dict[str, bytes]]:
    root = as_object(value, "the document")
    if is_package(root):
        workflow, files = unpacked(root, resources, losses)
        return PACKAGE, _as_engine(workflow, losses), files
    blocks = root.get("blocks")
    if isinstance(blocks, list | dict):
        return EDITOR if isinstance(blocks, list) else ENGINE, _as_engine(root, losses), {}
    raise ForeignError(
        "this is no PuppyFlow workflow: it has neither blocks nor a workflow",
        place="the document",
        way_out="export the workflow from the editor as JSON, or give a template's package.json",
    )


def _as_engine(root: Object, losses: list[Loss]) -> Object:
    return engine_shape(root, losses) if isinstance(root.get("blocks"), list) else root


def _source(shape: str, foreign: Foreign) -> Object:
    version: Object = {"version": foreign.version} if foreign.version else {}
    return {"format": FORMAT, "shape": shape, **version}


def slug(text: str) -> str:
    """A workflow name from any text."""
    words = re.findall(r"[a-z0-9]+", text.casefold())
    name = "-".join(words)[:MAX_NAME].strip("-")
    if not name:
        return "imported-workflow"
    return f"{name}-workflow" if is_device_name(name) else name


def _metadata(about: Object, name: str) -> Object:
    metadata: Object = {
        "name": slug(text_of(about, "id") or text_of(about, "name") or name),
        "version": _VERSION,
    }
    author = " ".join(text_of(about, "author").split())[:1024]
    description = text_of(about, "description")[:65536]
    metadata.update({"author": author} if author else {})
    metadata.update({"description": description} if description else {})
    found = about.get("tags")
    tags = (
        [
            tag
            for tag in dict.fromkeys(item for item in found if isinstance(item, str))
            if 0 < len(tag) <= MAX_NAME and not set(tag) & set("\n\r/\\")
        ]
        if isinstance(found, list)
        else []
    )
    metadata.update({"tags": list[Value](tags[:32])} if tags else {})
    if _MOMENT.fullmatch(created := text_of(about, "created_at")):
        metadata["created"] = created
    return metadata


class _Assembly:
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

    def manifest(self, metadata: Object, source: Object) -> Object:
        """The whole manifest."""
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
        return {"apiVersion": API_VERSION, "kind": KIND, "metadata": metadata, "spec": spec}

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
            with_ids(edge.data, self._ids),
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
