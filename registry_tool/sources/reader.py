"""Where the consumer's commands read: a registry's own tree, or the API that was built from one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from registry_tool.api.documents import ROOT, sparse_path
from registry_tool.core.errors import NotFoundError
from registry_tool.core.files import parse_json
from registry_tool.core.values import Object, Value
from registry_tool.manifest.model import Requirement
from registry_tool.package.open import MAX_PACKAGE, open_package
from registry_tool.resolver.candidates import Candidate
from registry_tool.sources.compiled import compiled_workflow
from registry_tool.sources.download import download
from registry_tool.sources.index_documents import read_candidate, read_page
from registry_tool.sources.tree_reader import TreeReader
from registry_tool.store import paths
from registry_tool.store.registry_tree import holds_registry, registry_tree
from registry_tool.store.tree import FolderTree

_LARGEST_DOCUMENT = 16 * 2**20  # a page of the index
_LARGEST_LINES = 4 * 2**20  # the versions of one workflow


class Reader(Protocol):
    """A registry as a consumer sees it; also a resolver's source."""

    place: str

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


@dataclass
class ApiReader:
    """Reads a built API below a folder or an HTTP(S) address."""

    place: str

    def names(self) -> Sequence[str]:
        """Every workflow's name, sorted."""
        return sorted(str(item["name"]) for item in self.summaries())

    def versions(self, name: str) -> Sequence[Candidate]:
        """All versions of a workflow, oldest first."""
        try:
            data = self._get(sparse_path(name), _LARGEST_LINES)
        except NotFoundError:
            return []
        return [
            read_candidate(name, line, self.place) for line in data.splitlines() if line.strip()
        ]

    def requires(self, candidate: Candidate) -> Sequence[Requirement]:
        """What a version requires."""
        return candidate.requires

    def with_digest(self, candidate: Candidate) -> Candidate:
        """The same version: an index has all digests."""
        return candidate

    def files(self, candidate: Candidate) -> Mapping[str, bytes]:
        """A version's files out of its package, digest verified."""
        file = paths.package_file(candidate.name, candidate.version)
        path = f"packages/{candidate.name}/{file}"
        place = f"{self.place}/{path}"
        files = open_package(self._get(path, MAX_PACKAGE), place=place, expected=candidate.digest)
        compiled_workflow(files, candidate, place)  # the index may give it an old version's digest
        return files

    def summaries(self) -> list[Object]:
        """WorkflowSummary objects, by name."""
        found: list[Object] = []
        seen: set[str] = set()
        path = "workflows.json"
        while path and path not in seen:
            seen.add(path)
            items, path = read_page(self._json(path), f"{self.place}/{path}")
            found += items
        return sorted(found, key=lambda item: str(item["name"]))

    def _json(self, path: str) -> Value:
        return parse_json(self._get(path, _LARGEST_DOCUMENT), place=f"{self.place}/{path}")

    def _get(self, path: str, largest: int) -> bytes:
        if self.place.startswith(("http://", "https://")):
            return download(f"{self.place.rstrip('/')}/{ROOT}/{quote(path)}", largest)
        try:
            return (Path(self.place) / ROOT / path).read_bytes()
        except OSError as error:
            raise NotFoundError(
                f"can't be read: {error.strerror}", place=f"{self.place}/{ROOT}/{path}"
            ) from None


def open_reader(place: str) -> Reader:
    """The reader of a folder (a registry's tree or a built API) or an HTTP(S) address."""
    if place.startswith(("http://", "https://")):
        return ApiReader(place)
    folder = Path(place)
    if (folder / paths.REGISTRY_FILE).is_file():
        return TreeReader(FolderTree(folder), place)
    if (folder / ROOT / "index.json").is_file():
        return ApiReader(place)
    if holds_registry(folder):
        return TreeReader(registry_tree(folder), place)
    raise NotFoundError(
        "there is no registry here",
        place=place,
        way_out="name one with --registry: a clone, a built site, or an https:// address",
    )


def near(name: str, names: Sequence[str]) -> str:
    """`did you mean …`, or nothing."""
    close = get_close_matches(name, names, n=1)
    return f"did you mean {close[0]}?" if close else ""
