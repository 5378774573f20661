"""Registries by their names, and the order in which a settings file wants them asked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from registry_tool.core.errors import UsageError
from registry_tool.core.records import Record
from registry_tool.core.urls import is_web_address, without_credentials
from registry_tool.sources.configuration.files import SettingsFile
from registry_tool.sources.configuration.location import (
    WAYS,
    LocationKind,
    is_repository,
    kind_of,
    repository_name,
)

PUBLIC: Final = "public"
"""What a dependency calls the registry that is used, and a lock calls one that was not named."""


class NamedRegistry(Record, frozen=True):
    """One registry: what it is called, where it is, and the place that says so (`puppy.toml:3`).

    `location` may hold credentials: show `shown`. `by_project` marks what a project's file says, which its user
    may never have seen: it gets no credentials that were meant for another host.
    """

    name: str
    location: str
    source: str = ""
    by_project: bool = False

    def __repr__(self) -> str:
        return f"NamedRegistry({self.name!r}, {self.shown!r}, {self.source!r})"

    @property
    def kind(self) -> LocationKind:
        """A folder, an address, or a repository on the forge."""
        return kind_of(self.location)

    @property
    def shown(self) -> str:
        """The location without credentials."""
        return without_credentials(self.location)

    @property
    def repository(self) -> str:
        """`OWNER/REPO`, empty where it is not a repository on the forge."""
        return repository_name(self.location) if self.kind is LocationKind.REPOSITORY else ""


def named_in(settings: SettingsFile | None) -> dict[str, NamedRegistry]:
    """The registries that a file gives names, in its order."""
    if settings is None:
        return {}
    found = {}
    for name, location in settings.registries.items():
        place = settings.place(f"registries.{name}")
        where = _from_here(location, settings, place)
        found[name] = NamedRegistry(name, where, place, settings.of_project)
    return found


def order_in(
    settings: SettingsFile, named: Mapping[str, NamedRegistry]
) -> tuple[NamedRegistry, ...]:
    """The registries that a file wants asked, the first first: its `registry`, else all that it gives a name."""
    order = settings.values.get("registry")
    if order is None:
        return tuple(named[name] for name in settings.registries)
    place = settings.place("registry")
    if isinstance(order, tuple):
        return tuple(_by_name(name, place, named) for name in dict.fromkeys(order))
    text = str(order)
    if text in named:
        return (named[text],)
    where = _from_here(text, settings, place)
    return (NamedRegistry(PUBLIC, where, place, settings.of_project),)


def _by_name(name: str, place: str, named: Mapping[str, NamedRegistry]) -> NamedRegistry:
    if name in named:
        return named[name]
    raise UsageError(
        f"{without_credentials(name)[:200]!r} is not the name of a registry",
        location=place,
        hint='where several are listed, each has a name: write NAME = "ADDRESS" below [registries]'
        + (f"; there are {', '.join(named)}" if named else ""),
    )


def _from_here(location: str, settings: SettingsFile, place: str) -> str:
    """A folder in a project's file begins where the file is; everything else stays as it is."""
    if is_web_address(location) or Path(location).is_absolute():
        return location
    if is_repository(location) and not (settings.folder / location).exists():
        return location
    if settings.of_project:
        return os.path.relpath(settings.folder / location)
    raise UsageError(
        f"{location[:200]!r} is neither the name of a registry nor a folder from the root",
        location=place,
        hint=f"{WAYS}, or a name that stands below [registries]",
    )
