"""What of a workflow the editor's shape has no place for: reported, as an import does the other way."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from registry_tool.importers.imported import Loss
from registry_tool.importers.puppyflow.engine import EXTRAS
from registry_tool.manifest.model import Block, Edge, Metadata, Requirements, Security, Workflow

_NO_PLACE = "the editor has no place for it"
_RESOURCES = "resources/"


def left_behind(workflow: Workflow, files: Collection[str] = ()) -> tuple[Loss, ...]:
    """Every part of a workflow that its export lacks, in the manifest's order; `files` are its version's paths."""
    return (
        *_of_metadata(workflow.metadata),
        *(loss for block in workflow.blocks for loss in _of_block(block)),
        *(loss for edge in workflow.edges for loss in _of_edge(edge)),
        *_whole_parts(workflow),
        *(
            Loss(path, "a file", "upload it in the editor")
            for path in sorted(files)
            if path.startswith(_RESOURCES)
        ),
    )


def _of_metadata(metadata: Metadata) -> Iterator[Loss]:
    usual = Metadata(metadata.name, metadata.version)
    names = ("author", "description", "category", "tags", "license", "homepage")
    given = [name for name in names if getattr(metadata, name) != getattr(usual, name)]
    yield Loss("metadata", ", ".join(("name", "version", *given)), _NO_PLACE)


def _of_block(block: Block) -> Iterator[Loss]:
    where = f"spec.blocks.{block.id}"
    known = set(EXTRAS.values())
    parts: Mapping[str, object] = {
        "metadata.description": block.description,
        "schema": block.schema,
        **{f"config.{key}": True for key in block.config if key not in known},
    }
    yield from _lost(where, parts)


def _of_edge(edge: Edge) -> Iterator[Loss]:
    yield from _lost(f"spec.edges.{edge.id}", {"metadata": edge.metadata})


def _whole_parts(workflow: Workflow) -> Iterator[Loss]:
    ports = (*workflow.interface.inputs, *workflow.interface.outputs)
    runtime = workflow.requirements != Requirements() or workflow.external_apis or workflow.requires
    parts = {
        "spec.interface": ports,
        "spec.runtime": runtime,
        "spec.runtime.environments": workflow.environments,
        "spec.tests": workflow.tests,
        "security": workflow.security != Security(),
    }
    for where, value in parts.items():
        if value:
            yield Loss(where, "all of it", _NO_PLACE)


def _lost(where: str, parts: Mapping[str, object]) -> Iterator[Loss]:
    for what, value in parts.items():
        if value:
            yield Loss(where, what, _NO_PLACE)
