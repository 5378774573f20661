"""Loads a manifest: its bytes → a typed workflow with its document, or `FindingsError`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from registry_tool.core.errors import NotFoundError
from registry_tool.core.finding import FindingsError
from registry_tool.core.records import Record
from registry_tool.core.values import Value
from registry_tool.manifest.json_schema.locations import schema_findings
from registry_tool.manifest.model import Workflow
from registry_tool.manifest.parse import to_workflow
from registry_tool.manifest.positions import Document, locate
from registry_tool.manifest.schemas import schema_problems
from registry_tool.manifest.source import load_document


class Manifest(Record, frozen=True):
    """A loaded manifest: the workflow, and its document for line numbers."""

    workflow: Workflow
    document: Document


def load(data: bytes | str, path: str) -> Manifest:
    """The manifest in `data`; `path` is only for messages. `FindingsError` says why it is invalid."""
    document = load_document(data, path)
    return Manifest(_workflow_of(document), document)


def load_file(path: Path, shown: str = "") -> Manifest:
    """The manifest in a file."""
    return load(read_manifest(path), shown or str(path))


_MOST: Final = 10 * 2**20  # a version holds no more, whatever a file does


def read_manifest(path: Path) -> bytes:
    """A manifest's bytes; of one that is too large, enough for `load` to say how large it is."""
    try:
        with path.open("rb") as file:
            return file.read(_MOST)
    except OSError as error:
        raise NotFoundError(
            f"the manifest can't be read: {error.strerror}", location=str(path)
        ) from None


def workflow_from(value: Value, path: str) -> Workflow:
    """A workflow from a value that did not come through YAML (`workflow.json`, a builder)."""
    document = Document(path, "", value, {}, {})
    return _workflow_of(document)


def _workflow_of(document: Document) -> Workflow:
    """Obeys the manifest's schema, and brings no schema of its own that looks outside or costs too much."""
    for problems in (schema_problems, schema_findings):
        if findings := locate(problems(document.value), "schema", document):
            raise FindingsError(findings)
    return to_workflow(document.value)
