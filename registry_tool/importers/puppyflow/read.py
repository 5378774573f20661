"""PuppyFlow workflows → manifests: the engine shape, the editor shape and template packages.

What a run needs is carried over and means the same; what an earlier run left behind is kept as a record
(`x-recorded`); everything else is reported, except how things look in the editor.
"""

from __future__ import annotations

from collections.abc import Mapping

from registry_tool.core.values import Object, Value
from registry_tool.importers.cleaning import cleaned
from registry_tool.importers.foreign_values import as_object, refuse_depth, sub_object
from registry_tool.importers.imported import ForeignError, Imported, Loss, NodeReport, NodeStatus
from registry_tool.importers.metadata import metadata
from registry_tool.importers.puppyflow.assembly import Assembly
from registry_tool.importers.puppyflow.edges import our_type
from registry_tool.importers.puppyflow.editor import engine_shape
from registry_tool.importers.puppyflow.engine import read_engine
from registry_tool.importers.puppyflow.model import EDITOR, ENGINE, PACKAGE, Foreign, ForeignEdge
from registry_tool.importers.puppyflow.package import is_package, unpacked
from registry_tool.manifest.compile import API_VERSION, KIND
from registry_tool.manifest.graph import Graph
from registry_tool.manifest.load import workflow_from
from registry_tool.store.paths import PROJECT_MANIFEST

FORMAT = "puppyflow"


def read(value: Value, *, name: str, resources: Mapping[str, bytes] | None = None) -> Imported:
    """The import of a parsed file.

    `name` (say, the file's) names the workflow where the file doesn't; `resources` holds the files that a
    package mounts, by the paths it gives. `ForeignError` names what is broken, `FindingsError` what the manifest
    can't hold.
    """
    losses: list[Loss] = []
    refuse_depth(value, "the document")
    value = cleaned(value, losses)
    shape, engine, files = _engine_value(value, resources or {}, losses)
    foreign = read_engine(engine, losses)
    about = sub_object(value, "metadata") if isinstance(value, dict) and shape == PACKAGE else {}
    manifest: Object = {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": metadata(about, name),
        "spec": Assembly(foreign, losses).spec(_source(shape, foreign)),
    }
    refuse_depth(manifest, "the manifest")
    workflow = workflow_from(manifest, PROJECT_MANIFEST)
    if cycle := Graph(workflow).cycle:
        why = "edges that wait for each other can't run; use an edge of type loop"
        losses.append(Loss("edges", f"the circle {' → '.join(cycle)}", why))
    counts = (len(workflow.blocks), len(workflow.edges))
    return Imported(
        manifest, tuple(losses), files, *counts, tuple(map(_report_of, foreign.edges)), FORMAT
    )


def _report_of(edge: ForeignEdge) -> NodeReport:
    if our_type(edge) is None:
        return NodeReport(
            edge.id, edge.type, NodeStatus.CARRIED, "there is no such edge; it is left out"
        )
    return NodeReport(edge.id, edge.type, NodeStatus.RUNS)


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
        "this is not a PuppyFlow workflow: it has neither blocks nor a workflow",
        location="the document",
        hint="export the workflow from the editor as JSON, or give a template's package.json",
    )


def _as_engine(root: Object, losses: list[Loss]) -> Object:
    return engine_shape(root, losses) if isinstance(root.get("blocks"), list) else root


def _source(shape: str, foreign: Foreign) -> Object:
    version: Object = {"version": foreign.version} if foreign.version else {}
    return {"format": FORMAT, "shape": shape, **version}
