"""The first line of a manifest, by which an editor's YAML language server completes and checks it.

It names the schema that the registry's site publishes, where the registry has a public address. Else it names a
copy in the project: an editor needs no network then, and the schema is that of the tool that wrote it. It lies
in a hidden folder, which is not part of a version.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from registry_tool.catalogue.load import load_settings
from registry_tool.catalogue.model import RegistrySettings
from registry_tool.core.errors import RegistryError
from registry_tool.manifest.schemas import MANIFEST_SCHEMA, schema_text
from registry_tool.sources.configuration.choice import AnyRegistry, RegistryChoice, as_choice
from registry_tool.sources.configuration.location import LocationKind, kind_of
from registry_tool.store.tree import FolderTree

COPY: Final = f".puppy/{MANIFEST_SCHEMA}"
"""The copy's path in a project."""
_PUBLISHED: Final = f"api/v1/schemas/{MANIFEST_SCHEMA}"
_LINE: Final = "# yaml-language-server: $schema={}\n"


NONE: Final = RegistryChoice()
"""No registry is known."""


@dataclass(frozen=True, slots=True)
class EditorSchema:
    """A manifest's first line, and the files by their path in the project that it needs."""

    line: str
    files: dict[str, bytes] = field(default_factory=dict)


def editor_schema(registry: AnyRegistry = NONE) -> EditorSchema:
    """What editors need in a project of a registry, if one is known."""
    if address := _address(registry):
        return EditorSchema(_LINE.format(f"{address.rstrip('/')}/{_PUBLISHED}"))
    return EditorSchema(_LINE.format(COPY), {COPY: schema_text(MANIFEST_SCHEMA).encode()})


def _address(registry: AnyRegistry) -> str:
    """Where a registry's site is served to anybody; empty where that isn't known."""
    choice = as_choice(registry)
    if kind_of(choice.location) is LocationKind.ADDRESS:
        return str(choice)
    settings = settings_in(registry)
    return settings.url if settings and not settings.access.private else ""


def settings_in(registry: AnyRegistry) -> RegistrySettings | None:
    """The settings of a registry whose files are in a folder; None where they can't be seen."""
    choice = as_choice(registry)
    if not choice.is_known or choice.folder is None:
        return None
    try:
        return load_settings(FolderTree(choice.folder))
    except RegistryError:  # what is wrong with the registry is reported by who checks it
        return None
