"""A registry's tree as a source: a workflow's own versions, and of those only the files that are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.values import Object
from registry_tool.manifest.digest import digest
from registry_tool.manifest.model import Requirement
from registry_tool.manifest.names import bad_name, bad_version
from registry_tool.manifest.owners import Owners, read_owners
from registry_tool.resolver.candidates import Candidate
from registry_tool.resolver.version import parse
from registry_tool.sources.compiled import compiled_workflow
from registry_tool.store import paths
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.repository import Repository
from registry_tool.store.provenance_branch import kept_bundle
from registry_tool.store.tree import RegistryTree

if TYPE_CHECKING:
    from registry_tool.site.search.query.index_files import IndexFiles


class TreeReader:
    """Reads a registry's tree (a folder with registry/registry.yaml, or a commit).

    A workflow costs its folder and `owners.yaml`, a version its files; what else the registry holds costs nothing.
    """

    def __init__(self, tree: RegistryTree, location: str) -> None:
        self.location = location
        self._tree = tree
        self._candidates: dict[str, Sequence[Candidate]] = {}
        self._files: dict[tuple[str, str], Mapping[str, bytes]] = {}

    def names(self) -> Sequence[str]:
        """Every workflow's name, sorted."""
        return self._tree.folders(paths.WORKFLOWS)

    def some_names(self) -> Sequence[str]:
        """All names: a tree's folders cost nothing."""
        return self.names()

    def versions(self, name: str) -> Sequence[Candidate]:
        """All versions of a workflow, oldest first, without their digests."""
        if name not in self._candidates:
            self._candidates[name] = () if bad_name(name) else self._listed(name)
        return self._candidates[name]

    def _listed(self, name: str) -> Sequence[Candidate]:
        found = self._tree.folders(paths.workflow_dir(name))
        numbers = sorted((number for number in found if not bad_version(number)), key=parse)
        owners = self._owners(name) if numbers else Owners()
        return [
            Candidate(name, number, yanked=owners.blocked(number), notice=owners.notice(number))
            for number in numbers
        ]

    def _owners(self, name: str) -> Owners:
        path = paths.owners_file(name)
        try:
            data = self._tree.read(path)
        except NotFoundError:
            return Owners()
        return read_owners(data, path)

    def requires(self, candidate: Candidate) -> Sequence[Requirement]:
        """What a version requires; `RegistryError` where it can't be read."""
        folder = paths.version_dir(candidate.name, candidate.version)
        return compiled_workflow(self._read(candidate), candidate, folder).requires

    def with_digest(self, candidate: Candidate) -> Candidate:
        """A version with the digest of its files."""
        return replace(candidate, digest=digest(self._read(candidate)))

    def files(self, candidate: Candidate) -> Mapping[str, bytes]:
        """A version's files; `RegistryError` where they have another digest than the candidate."""
        files = self._read(candidate)
        if candidate.digest and (found := digest(files)) != candidate.digest:
            raise RegistryError(
                f"the files of {candidate.name}:{candidate.version} have the digest {found}, "
                f"not {candidate.digest}",
                location=self.location,
            )
        return files

    def _read(self, candidate: Candidate) -> Mapping[str, bytes]:
        key = candidate.name, candidate.version
        if key not in self._files:
            folder = paths.version_dir(*key)
            self._files[key] = {
                file.path.removeprefix(f"{folder}/"): self._tree.read(file.path)
                for file in self._tree.files(folder)
            }
        return self._files[key]

    def attestation(self, candidate: Candidate) -> bytes | None:
        """The attestation of a version's package, as the clone has fetched it; None where it has none."""
        try:
            return kept_bundle(Repository(Path(self.location)), candidate.name, candidate.version)
        except GitError:  # a folder that is no clone
            return None

    def summaries(self) -> list[Object]:
        """WorkflowSummary objects, by name: the only question for which all versions are read."""
        from registry_tool.catalogue.documents import summary
        from registry_tool.catalogue.load import load_catalogue

        catalogue = load_catalogue(self._tree)
        return [summary(catalogue, line) for line in catalogue.lines]

    def search_index(self) -> IndexFiles:
        """What the site's search would read, made of all workflows."""
        from registry_tool.catalogue.load import load_catalogue
        from registry_tool.catalogue.summaries import summarise
        from registry_tool.sources.search import index_of

        catalogue = load_catalogue(self._tree)
        lines = sorted(catalogue.lines, key=lambda line: min(one.released for one in line.versions))
        return index_of(
            summarise(line, catalogue.downloads.get(line.name, 0), catalogue.ratings.get(line.name))
            for line in lines
        )
