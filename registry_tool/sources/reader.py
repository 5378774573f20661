"""Where the consumer's commands read: a registry's own tree, or the API that was built from one."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.suggest import nearest
from registry_tool.core.urls import is_web_address
from registry_tool.sources.base import Reader
from registry_tool.sources.configuration.choice import AnyRegistry, RegistryChoice, as_choice
from registry_tool.sources.configuration.location import HERE, WAYS, LocationKind
from registry_tool.sources.configuration.named import PUBLIC, NamedRegistry
from registry_tool.sources.several import CombinedReader
from registry_tool.sources.tree_reader import TreeReader
from registry_tool.store import paths
from registry_tool.store.registry_tree import holds_registry, registry_tree
from registry_tool.store.tree import FolderTree

__all__ = ["Reader", "declared_registries", "near", "open_one", "open_reader"]


def open_reader(registry: AnyRegistry) -> Reader:
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


def open_one(one: NamedRegistry, choice: RegistryChoice) -> Reader:
    """The reader of one registry: a folder (its tree or a built API), an address, a repository's site."""
    if choice.offline and one.kind is not LocationKind.FOLDER:
        raise RegistryError(
            "this has to be fetched, and that is not allowed offline",
            location=one.shown,
            hint="leave --offline out (and PUPPY_OFFLINE unset), or name a clone",
        )
    location = one.location
    if one.repository:
        from registry_tool.sources.repository_site import site_of

        location = site_of(one.repository, os.environ)
    return _opened(location)


def _opened(location: str) -> Reader:
    folder, is_address = Path(location), is_web_address(location)
    if not is_address and (folder / paths.REGISTRY_FILE).is_file():
        return TreeReader(FolderTree(folder), location)
    from registry_tool.sources.api_reader import ApiReader, is_built_api  # what talks HTTP

    if is_address or is_built_api(folder):
        return ApiReader(location)
    if holds_registry(folder):
        return TreeReader(registry_tree(folder), location)
    raise _nothing_in(location)


def _nothing_in(location: str) -> NotFoundError:
    return NotFoundError(
        "there is no registry here",
        location=location,
        hint=f"{WAYS} with --registry, or once for all: puppy-cli config set registry ADDRESS",
    )


def near(name: str, names: Sequence[str]) -> str:
    """`did you mean …`, or nothing."""
    meant = nearest(name, names)
    return f"did you mean {meant}?" if meant else ""
