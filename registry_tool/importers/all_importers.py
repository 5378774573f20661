"""Every format that is read, registered by hand (docs/importers.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from registry_tool.core.errors import RegistryError
from registry_tool.core.suggest import did_you_mean
from registry_tool.core.values import Value
from registry_tool.importers.imported import Imported


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """A file of another editor: parsed value, text, a name for the workflow, and files beside it by path."""

    value: Value
    text: str
    name: str
    resources: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Importer:
    """One format: `title` as people call it, whether a parsed file is of it, and how it becomes a manifest."""

    format: str
    title: str
    recognises: Callable[[Value], bool]
    read: Callable[[ForeignFile], Imported]


def _is_dify(value: Value) -> bool:
    from registry_tool.importers.dify.document import recognises

    return recognises(value)


def _read_dify(file: ForeignFile) -> Imported:
    from registry_tool.importers.dify.read import read

    return read(file.value, name=file.name, text=file.text)


def _is_puppyflow(value: Value) -> bool:
    return isinstance(value, dict) and isinstance(
        value.get("blocks", value.get("workflow")), list | dict
    )


def _read_puppyflow(file: ForeignFile) -> Imported:
    from registry_tool.importers.puppyflow.read import read

    return read(file.value, name=file.name, resources=file.resources)


def _is_n8n(value: Value) -> bool:
    from registry_tool.importers.n8n.document import recognises

    return recognises(value)


def _read_n8n(file: ForeignFile) -> Imported:
    from registry_tool.importers.n8n.read import read

    return read(file.value, name=file.name)


ALL_IMPORTERS: Final = (
    Importer("dify", "Dify", _is_dify, _read_dify),
    Importer("n8n", "n8n", _is_n8n, _read_n8n),
    Importer("puppyflow", "PuppyFlow", _is_puppyflow, _read_puppyflow),
)
"""The first that recognises a file reads it."""

FORMATS: Final = tuple(importer.format for importer in ALL_IMPORTERS)


def importer_of(format_: str, value: Value) -> Importer:
    """The importer of a format, or else the one that recognises the file; `RegistryError` for none."""
    for importer in ALL_IMPORTERS:
        if format_ == importer.format or (not format_ and importer.recognises(value)):
            return importer
    known = ", ".join(importer.title for importer in ALL_IMPORTERS)
    if format_:
        raise RegistryError(
            f"there is no format {format_!r}",
            hint=did_you_mean(format_, FORMATS, f"known: {known}"),
        )
    raise RegistryError(
        f"is not in a format that can be imported ({known})",
        hint="name the format: puppy-cli import FORMAT FILE",
    )
