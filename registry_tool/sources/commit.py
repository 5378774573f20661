"""A commit as a resolver's source: only what a resolver tries is read."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.files import parse_json
from registry_tool.manifest.load import workflow_from
from registry_tool.manifest.model import Requirement, Workflow
from registry_tool.manifest.names import bad_version
from registry_tool.manifest.owners import Owners, read_owners
from registry_tool.resolver.candidates import Candidate
from registry_tool.resolver.version import parse
from registry_tool.store import paths
from registry_tool.store.tree import RegistryTree

UNREADABLE = Requirement("a-version-that-can-be-read", "*", "none")
"""What a broken version is said to require: nobody has it, so a resolver passes that version over."""


class TreeSource:
    """Versions by the folders of a tree, their requirements from `workflow.json`."""

    def __init__(self, tree: RegistryTree) -> None:
        self.tree = tree
        self._known: dict[str, list[Candidate]] = {}
        self._workflows: dict[tuple[str, str], Workflow | None] = {}

    def versions(self, name: str) -> Sequence[Candidate]:
        """All versions of a workflow, oldest first."""
        if name not in self._known:
            owners = self.owners(name)
            numbers = [v for v in self.tree.folders(paths.workflow_dir(name)) if not bad_version(v)]
            self._known[name] = [
                Candidate(name, number, yanked=owners.blocked(number), notice=owners.notice(number))
                for number in sorted(numbers, key=parse)
            ]
        return self._known[name]

    def requires(self, candidate: Candidate) -> Sequence[Requirement]:
        """What a version requires; something that nobody has where it can't be read."""
        workflow = self.workflow(candidate.name, candidate.version)
        return (UNREADABLE,) if workflow is None else workflow.requires

    def workflow(self, name: str, version: str) -> Workflow | None:
        """A version's workflow, None where it can't be read: what is broken elsewhere concerns nobody here."""
        key = (name, version)
        if key not in self._workflows:
            path = f"{paths.version_dir(name, version)}/{paths.COMPILED}"
            try:
                value = parse_json(self.tree.read(path), location=path)
                self._workflows[key] = workflow_from(value, path)
            except RegistryError:
                self._workflows[key] = None
        return self._workflows[key]

    def owners(self, name: str) -> Owners:
        """A workflow's owners and yanks; nobody where the file is missing or broken."""
        path = paths.owners_file(name)
        try:
            return read_owners(self.tree.read(path), path)
        except (NotFoundError, RegistryError):
            return Owners()

    def published(self, name: str) -> Collection[str]:
        """A line's version numbers."""
        return tuple(candidate.version for candidate in self.versions(name))
