"""Which registry a command uses: the one place where that is decided, for both programs and the SDK.

`--registry`, else `PUPPY_REGISTRY`, else the project's `puppy.toml`, else the clone around the working directory,
else the user's settings (SPEC.md §4).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from registry_tool.core.clock import Clock, SystemClock
from registry_tool.core.errors import UsageError
from registry_tool.core.records import Record, field
from registry_tool.core.urls import without_credentials
from registry_tool.sources.configuration.files import (
    SettingsFile,
    project_settings,
    user_settings,
)
from registry_tool.sources.configuration.keys import flag_of, setting_of, size_in_bytes
from registry_tool.sources.configuration.location import (
    HERE,
    WAYS,
    LocationKind,
    demand_location,
    kind_of,
)
from registry_tool.sources.configuration.named import PUBLIC, NamedRegistry, named_in, order_in
from registry_tool.sources.configuration.notes import RegistryNotes
from registry_tool.store import paths

_SYSTEM = SystemClock()


class Origin(StrEnum):
    """Who said which registry it is, the strongest first."""

    OPTION = "--registry"
    ENVIRONMENT = "PUPPY_REGISTRY"
    PROJECT = "puppy.toml"
    AROUND = "the clone around you"
    USER = "your settings"
    NOBODY = "nobody"


class RegistryChoice(Record, frozen=True):
    """The registries that a command uses.

    `order` is where names are looked up, the first first; empty where nobody named one and none is around. `named`
    are all that a dependency's `registry` may name. `offline` allows only what was fetched before; `cache_size` is
    how many bytes of it are kept. `notes` say what a user should hear of where it was read. `roots` are the pinned
    roots of registries by name, as settings say; those of `project` stand in its lock. `pins_new` takes the root
    of a registry that is met for the first time as its pinned one. `given_root` is a program's own for
    the first registry: neither settings nor lock count beside it. `clock` says whether signatures have expired.
    """

    order: tuple[NamedRegistry, ...] = ()
    named: Mapping[str, NamedRegistry] = field(default_factory=dict)
    origin: Origin = Origin.NOBODY
    offline: bool = False
    cache_size: int = 0
    notes: RegistryNotes = field(default_factory=RegistryNotes)
    roots: Mapping[str, str] = field(default_factory=dict)
    given_root: str = ""
    project: Path = Path()
    pins_new: bool = False
    clock: Clock = _SYSTEM

    @property
    def location(self) -> str:
        """The first registry's location, `.` where there is none. It may hold credentials."""
        return self.order[0].location if self.order else HERE

    @property
    def is_known(self) -> bool:
        """Whether there is a registry at all."""
        return bool(self.order)

    @property
    def folder(self) -> Path | None:
        """The first registry's folder, `.` where there is none, None for one that has to be fetched."""
        return Path(self.location) if kind_of(self.location) is LocationKind.FOLDER else None

    def __str__(self) -> str:
        return without_credentials(self.location)


AnyRegistry = str | RegistryChoice
"""A registry as commands take it: a folder or an address, or what was chosen."""


def as_choice(registry: AnyRegistry) -> RegistryChoice:
    """What was chosen; a location alone stands for itself, an empty one for none."""
    if isinstance(registry, RegistryChoice):
        return registry
    if not registry:
        return RegistryChoice()
    return RegistryChoice((NamedRegistry(PUBLIC, registry),), origin=Origin.OPTION)


def choose_registry(
    given: str = "",
    project: Path = Path(),
    *,
    offline: bool = False,
    notes: RegistryNotes | None = None,
    environ: Mapping[str, str] | None = None,
) -> RegistryChoice:
    """The registries for a command on a project (its folder or manifest; by default where you are).

    `UsageError` for settings that can't be read, with file and line, and for a name that no registry has.
    """
    environ = os.environ if environ is None else environ
    own, user = project_settings(project), user_settings()
    named = {**named_in(user), **named_in(own)}
    chosen = _chosen(given, own, user, named, environ)
    return replace(
        chosen,
        named=named,
        offline=offline or _offline(own, user, environ),
        cache_size=_cache_size(user, environ),
        notes=notes or RegistryNotes(),
        roots={**(own.roots if own else {}), **(user.roots if user else {})},
        project=project if project.is_dir() else project.parent,
    )


def _chosen(
    given: str,
    own: SettingsFile | None,
    user: SettingsFile | None,
    named: Mapping[str, NamedRegistry],
    environ: Mapping[str, str],
) -> RegistryChoice:
    for text, origin in (
        (given, Origin.OPTION),
        (environ.get("PUPPY_REGISTRY", ""), Origin.ENVIRONMENT),
    ):
        if text:
            return RegistryChoice((_one(text, str(origin), named),), origin=origin)
    if own and (order := order_in(own, named)):
        return RegistryChoice(order, origin=Origin.PROJECT)
    if around := clone_around():
        found = NamedRegistry(PUBLIC, str(around), str(Origin.AROUND))
        return RegistryChoice((found,), origin=Origin.AROUND)
    if user and (order := order_in(user, named)):
        return RegistryChoice(order, origin=Origin.USER)
    return RegistryChoice()


def clone_around(start: Path = Path()) -> Path | None:
    """The nearest folder at or above one that holds a registry's files, relative to where you are."""
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / paths.REGISTRY_FILE).is_file():
            return Path(os.path.relpath(folder))
    return None


def _one(text: str, source: str, named: Mapping[str, NamedRegistry]) -> NamedRegistry:
    """The registry that a word on the command line or in a variable means."""
    demand_location(text, source)
    if text not in named:
        return NamedRegistry(PUBLIC, text, source)
    if Path(text).exists():
        raise UsageError(
            f"{text!r} is both a folder and the registry of that name ({named[text].source})",
            location=source,
            hint=f"write ./{text} for the folder, or {named[text].shown} for the other",
        )
    return named[text]


def _offline(
    own: SettingsFile | None, user: SettingsFile | None, environ: Mapping[str, str]
) -> bool:
    if text := environ.get("PUPPY_OFFLINE", ""):
        return flag_of(text, "PUPPY_OFFLINE")
    values = (file.values.get("offline") for file in (own, user) if file is not None)
    return next((bool(value) for value in values if value is not None), False)


def _cache_size(user: SettingsFile | None, environ: Mapping[str, str]) -> int:
    setting = setting_of("cache.size")
    text = environ.get(setting.variable) or (user.values.get(setting.key) if user else None)
    return size_in_bytes(str(setting.read(text or setting.default, setting.variable)))


def demand_known(choice: RegistryChoice, what: str) -> None:
    """`UsageError` where something needs a registry, and there is none."""
    if not choice.is_known:
        raise UsageError(
            f"{what} needs a registry, and none is known",
            hint=f"{WAYS} with --registry, or once for all: puppy-cli config set registry ADDRESS",
        )
