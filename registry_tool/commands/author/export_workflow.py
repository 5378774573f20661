"""`puppy-cli export`: a workflow → a file that another tool reads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import pretty_json, write_atomic
from registry_tool.core.put_aside import back_up
from registry_tool.core.same_file import demand_distinct
from registry_tool.core.values import Object, Value
from registry_tool.importers.imported import Loss
from registry_tool.importers.puppyflow.export import export
from registry_tool.importers.puppyflow.left_behind import left_behind
from registry_tool.sources.configuration.choice import AnyRegistry
from registry_tool.sources.reference import open_alone, own_files


@dataclass(frozen=True, slots=True)
class ExportResult:
    """The file, how much is in it, and what was left behind; `kept` is where another file is that stood there."""

    file: Path
    blocks: int
    edges: int
    not_carried: tuple[Loss, ...]
    kept: Path | None = None

    def to_value(self) -> Object:
        """The JSON shape of docs/authors.md."""
        return {
            "file": str(self.file),
            "blocks": self.blocks,
            "edges": self.edges,
            "not_carried": [loss.to_value() for loss in self.not_carried],
        }


def export_puppyflow(
    reference: str, registry: AnyRegistry, out: Path | None = None
) -> ExportResult:
    """Write the engine shape of what a reference or path leads to, by default as NAME.json here.

    `ForeignError` names the edge or template that the editor has no word for; nothing is written then.
    """
    program = open_alone(reference, registry)
    workflow = program.workflow
    file = out if out is not None else Path(f"{workflow.name}.json")
    demand_distinct(file, "--out", own_files(reference))
    if file.is_dir():
        raise RegistryError("is a folder", location=str(file), hint="name a file with --out")
    try:
        value = export(workflow)
    except RegistryError as error:
        error.location = f"{reference}: {error.location}" if error.location else reference
        raise
    data = pretty_json(value).encode()
    try:
        kept = back_up(file, data)
        write_atomic(file, data)
    except OSError as error:
        raise RegistryError(f"can't be written: {error.strerror}", location=str(file)) from None
    losses = left_behind(workflow, program.files)
    return ExportResult(file, _size(value, "blocks"), _size(value, "edges"), losses, kept)


def _size(value: Value, part: str) -> int:
    found = value.get(part) if isinstance(value, dict) else None
    return len(found) if isinstance(found, dict) else 0
