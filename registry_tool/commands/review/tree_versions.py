"""The versions of a registry's tree as the rules ask for them: out of a list of files, or folder by folder."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json
from registry_tool.manifest.load import workflow_from
from registry_tool.manifest.model import Requirement, Workflow
from registry_tool.manifest.names import bad_name, bad_version
from registry_tool.manifest.owners import Owners, read_owners
from registry_tool.resolver.candidates import Candidate
from registry_tool.resolver.version import parse
from registry_tool.store import paths
from registry_tool.store.tree import RegistryTree, Tree, TreeFile


class TreeVersions(ABC):
    """All versions by their folders, yanks by the owners' files; what they require is nobody's question here."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._known: dict[str, list[Candidate]] = {}

    @abstractmethod
    def _numbers(self, name: str) -> Iterable[str]:
        """The folders of a workflow's versions."""

    def versions(self, name: str) -> Sequence[Candidate]:
        """All versions of a workflow, oldest first."""
        if name not in self._known:
            numbers = [v for v in self._numbers(name) if not bad_version(v)]
            owners = _owners(self._tree, name) if numbers else Owners()
            self._known[name] = [
                Candidate(name, number, yanked=owners.blocked(number))
                for number in sorted(numbers, key=parse)
            ]
        return self._known[name]

    def requires(self, candidate: Candidate) -> Sequence[Requirement]:
        """Nothing: dependencies are looked at one by one, not resolved."""
        return candidate.requires

    def workflow(self, candidate: Candidate) -> Workflow | None:
        """A version's compiled workflow, None where it can't be read: its own check tells why."""
        path = f"{paths.version_dir(candidate.name, candidate.version)}/{paths.COMPILED}"
        try:
            return workflow_from(parse_json(self._tree.read(path), location=path), path)
        except RegistryError:
            return None


class ListedVersions(TreeVersions):
    """Versions out of a list of all files."""

    def __init__(self, tree: Tree, listed: Sequence[TreeFile]) -> None:
        super().__init__(tree)
        self._listed: dict[str, dict[str, None]] = {}
        for file in listed:
            if location := paths.version_of(file.path):
                self._listed.setdefault(location[0], {})[location[1]] = None

    def _numbers(self, name: str) -> Iterable[str]:
        return self._listed.get(name, ())


class FolderVersions(TreeVersions):
    """Versions out of their workflow's folder, when somebody asks for them."""

    def __init__(self, tree: RegistryTree) -> None:
        super().__init__(tree)
        self._folders = tree.folders

    def _numbers(self, name: str) -> Iterable[str]:
        return () if bad_name(name) else self._folders(paths.workflow_dir(name))


def _owners(tree: Tree, name: str) -> Owners:
    path = paths.owners_file(name)
    try:
        return read_owners(tree.read(path), path)
    except RegistryError:  # none, or broken: the check of what lies beside versions tells
        return Owners()
