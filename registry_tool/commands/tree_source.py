"""A commit as a resolver's source: only the workflows that somebody asks for are read."""

from __future__ import annotations

from collections.abc import Sequence

from registry_tool.catalogue.settings import read_owners
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.files import parse_json
from registry_tool.manifest.load import workflow_from
from registry_tool.resolver.candidates import Candidate
from registry_tool.resolver.version import parse
from registry_tool.store import paths
from registry_tool.store.git_tree import GitTree


class TreeSource:
    """Versions from `workflow.json` files of a tree; one that can't be read is no candidate."""

    def __init__(self, tree: GitTree) -> None:
        self._tree = tree
        self._known: dict[str, list[Candidate]] = {}

    def versions(self, name: str) -> Sequence[Candidate]:
        """All versions of a workflow, oldest first."""
        if name not in self._known:
            self._known[name] = sorted(self._read(name), key=lambda c: parse(c.version))
        return self._known[name]

    def _read(self, name: str) -> list[Candidate]:
        found: list[Candidate] = []
        yanked = self._yanked(name)
        for file in self._tree.files(paths.workflow_dir(name)):
            place = paths.version_of(file.path)
            if place is None or place[2] != paths.COMPILED:
                continue
            try:
                value = parse_json(self._tree.read(file.path), place=file.path)
                workflow = workflow_from(value, file.path)
                parse(place[1])
            except (RegistryError, ValueError):
                continue  # a broken version elsewhere concerns nobody here
            found.append(
                Candidate(name, place[1], yanked=place[1] in yanked, requires=workflow.requires)
            )
        return found

    def _yanked(self, name: str) -> set[str]:
        path = paths.owners_file(name)
        try:
            return set(read_owners(self._tree.read(path), path).yanked)
        except (NotFoundError, RegistryError):
            return set()
