"""Where the consumer's commands read: a registry's own tree, or the API that was built from one."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from registry_tool.core.errors import NotFoundError
from registry_tool.core.folders import cache_folder
from registry_tool.core.suggest import nearest
from registry_tool.sources.base import NotFetchedError, Reader, Searchable
from registry_tool.sources.configuration.choice import AnyRegistry, RegistryChoice, as_choice
from registry_tool.sources.configuration.location import HERE, WAYS, LocationKind
from registry_tool.sources.configuration.named import PUBLIC, NamedRegistry
from registry_tool.sources.roots import pinned
from registry_tool.sources.several import CombinedReader
from registry_tool.sources.tree_reader import TreeReader
from registry_tool.store import paths
from registry_tool.store.registry_tree import holds_registry, registry_tree
from registry_tool.store.tree import FolderTree

if TYPE_CHECKING:
    from registry_tool.core.http_cache import HttpCache

__all__ = ["Reader", "declared_registries", "near", "near_in", "open_one", "open_reader"]


def open_reader(registry: AnyRegistry) -> CombinedReader:
    """The registries that a command uses, as one; `NotFoundError` where there is none in the first place."""
    choice = as_choice(registry)
    if not choice.is_known:
        choice = replace(choice, order=(NamedRegistry(PUBLIC, HERE),))
    reader = CombinedReader(
        choice, lambda one: open_one(one, choice), lambda: declared_registries(choice)
    )
    reader.demand_first()
    return reader


def declared_registries(choice: RegistryChoice) -> Mapping[str, str]:
    """The other registries that a clone's own settings name: its versions may require workflows of them."""
    from registry_tool.catalogue.load import load_settings

    folder = choice.folder
    if folder is None or not holds_registry(folder):
        return {}
    return load_settings(registry_tree(folder)).registries


def open_one(one: NamedRegistry, choice: RegistryChoice) -> Searchable:
    """The reader of one registry: a folder (its tree or a built API), an address, a repository's site."""
    if one.kind is not LocationKind.FOLDER:
        return _fetched(one, choice)
    location, folder = one.location, Path(one.location)
    if (folder / paths.REGISTRY_FILE).is_file():
        return TreeReader(FolderTree(folder), location)
    from registry_tool.sources.api_reader import ApiReader, is_built_api  # what talks HTTP

    if is_built_api(folder):
        return pinned(ApiReader(location), one, choice)
    if holds_registry(folder):
        return TreeReader(registry_tree(folder), location)
    raise _nothing_in(location)


def _fetched(one: NamedRegistry, choice: RegistryChoice) -> Searchable:
    from registry_tool.sources.api_reader import ApiReader
    from registry_tool.sources.documents import Documents

    documents = Documents(one.shown, _cache_of(choice), choice.offline, choice.notes)
    if not one.repository:
        return pinned(ApiReader(one.location, documents), one, choice)
    from registry_tool.sources.repository_site import site_of

    site = site_of(one.repository, os.environ, documents)
    return pinned(ApiReader(site, documents), one, choice)


def _cache_of(choice: RegistryChoice) -> HttpCache | None:
    if not choice.cache_size:
        return None
    from registry_tool.core.http_cache import HttpCache

    return HttpCache(cache_folder() / "http", choice.cache_size)


def _nothing_in(location: str) -> NotFoundError:
    return NotFoundError(
        "there is no registry here",
        location=location,
        hint=f"{WAYS} with --registry, or once for all: puppy-cli config set registry ADDRESS",
    )


def near_in(reader: Reader, name: str) -> str:
    """`did you mean …` of a registry's names, or nothing."""
    try:
        return near(name, reader.some_names())
    except NotFetchedError:
        return "offline, and the registry's list of names was never fetched"


def near(name: str, names: Sequence[str]) -> str:
    """`did you mean …`, or nothing."""
    meant = nearest(name, names)
    return f"did you mean {meant}?" if meant else ""
