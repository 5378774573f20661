"""Where the consumer's commands read: a registry's own tree, or the API that was built from one."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.suggest import nearest
from registry_tool.core.urls import is_web_address
from registry_tool.core.values import Object
from registry_tool.manifest.model import Requirement
from registry_tool.resolver.candidates import Candidate
from registry_tool.sources.configuration.choice import AnyRegistry, as_choice
from registry_tool.sources.configuration.location import (
    WAYS,
    LocationKind,
    kind_of,
    repository_name,
)
from registry_tool.sources.tree_reader import TreeReader
from registry_tool.store import paths
from registry_tool.store.registry_tree import holds_registry, registry_tree
from registry_tool.store.tree import FolderTree


class Reader(Protocol):
    """A registry as a consumer sees it; also a resolver's source."""

    @property
    def location(self) -> str:
        """Where it is, as messages show it."""

    def names(self) -> Sequence[str]:
        """Every workflow's name, sorted."""

    def versions(self, name: str) -> Sequence[Candidate]:
        """All versions of a workflow, oldest first; empty where there is none."""

    def requires(self, candidate: Candidate) -> Sequence[Requirement]:
        """What a version requires."""

    def with_digest(self, candidate: Candidate) -> Candidate:
        """A version with its digest, which `versions` leaves out where all its files would have to be read."""

    def files(self, candidate: Candidate) -> Mapping[str, bytes]:
        """A version's files, digest verified."""

    def summaries(self) -> list[Object]:
        """WorkflowSummary objects, by name."""


def open_reader(registry: AnyRegistry) -> Reader:
    """The reader of a registry: a folder (its tree or a built API), an HTTP(S) address, a repository's site."""
    choice = as_choice(registry)
    location = choice.location
    if choice.offline and choice.folder is None:
        raise RegistryError(
            "this has to be fetched, and that is not allowed offline",
            location=str(choice),
            hint="leave --offline out (and PUPPY_OFFLINE unset), or name a clone",
        )
    if kind_of(location) is LocationKind.REPOSITORY:
        from registry_tool.sources.repository_site import site_of

        location = site_of(repository_name(location), os.environ)
    folder, is_address = Path(location), is_web_address(location)
    if not is_address and (folder / paths.REGISTRY_FILE).is_file():
        return TreeReader(FolderTree(folder), location)
    from registry_tool.sources.api_reader import ApiReader, is_built_api  # what talks HTTP

    if is_address or is_built_api(folder):
        return ApiReader(location)
    if holds_registry(folder):
        return TreeReader(registry_tree(folder), location)
    raise NotFoundError(
        "there is no registry here",
        location=location,
        hint=f"{WAYS} with --registry, or once for all: puppy-cli config set registry ADDRESS",
    )


def near(name: str, names: Sequence[str]) -> str:
    """`did you mean …`, or nothing."""
    meant = nearest(name, names)
    return f"did you mean {meant}?" if meant else ""
