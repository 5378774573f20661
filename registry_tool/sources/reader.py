"""Where the consumer's commands read: a registry's own tree, or the API that was built from one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from registry_tool.core.errors import NotFoundError
from registry_tool.core.suggest import nearest
from registry_tool.core.values import Object
from registry_tool.manifest.model import Requirement
from registry_tool.resolver.candidates import Candidate
from registry_tool.sources.tree_reader import TreeReader
from registry_tool.store import paths
from registry_tool.store.registry_tree import holds_registry, registry_tree
from registry_tool.store.tree import FolderTree


class Reader(Protocol):
    """A registry as a consumer sees it; also a resolver's source."""

    location: str

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


def open_reader(location: str) -> Reader:
    """The reader of a folder (a registry's tree or a built API) or an HTTP(S) address."""
    folder, is_address = Path(location), location.startswith(("http://", "https://"))
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
        hint="name one with --registry: a clone, a built site, or an https:// address",
    )


def near(name: str, names: Sequence[str]) -> str:
    """`did you mean …`, or nothing."""
    meant = nearest(name, names)
    return f"did you mean {meant}?" if meant else ""
