"""What the rules are given of a version that a merge result brings: the versions below it, and the settings."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from registry_tool.catalogue.model import RegistrySettings
from registry_tool.manifest.names import bad_version
from registry_tool.resolver.bump import predecessor
from registry_tool.resolver.candidates import Source
from registry_tool.resolver.version import parse
from registry_tool.rules.base import RuleContext
from registry_tool.rules.file_set import MAX_BYTES
from registry_tool.runtime.confined import Confined, ConfinedKind
from registry_tool.sources.commit import TreeSource
from registry_tool.store import paths
from registry_tool.store.tree import RegistryTree


@dataclass(frozen=True, slots=True)
class Scope:
    """How far is judged. `versions` are judged even where the base has them; without `replay` no test is run.

    `source` knows the versions that can be required better than the trees do, `indexes` holds generated documents
    where the base doesn't. Findings of the rules in `blind` would be guesses, and are dropped.
    With `planting`, tests that pass are replayed with planted instructions, too, for a review that shows it.
    With `confined`, versions are judged in a process of its own, which `start` gives and which reads `sides` (a
    repository's folder, a commit and a tree) itself.
    """

    versions: tuple[tuple[str, str], ...] = ()
    replay: bool = True
    source: Source | None = None
    indexes: RegistryTree | None = None
    confined: bool = False
    planting: bool = False
    sides: tuple[str, str, str] | None = None
    blind: frozenset[str] = frozenset()
    start: Callable[[ConfinedKind], Confined] = Confined


class RuleContexts:
    """Of the versions of one merge result; `after` holds it, `before` what it is merged into."""

    def __init__(
        self, before: RegistryTree, after: RegistryTree, settings: RegistrySettings, scope: Scope
    ) -> None:
        self._before, self._after = before, after
        self._source, self._published = TreeSource(after), TreeSource(before)
        self._settings, self._scope = settings, scope

    def of(self, name: str, version: str) -> RuleContext:
        """What the rules are given of a version: what was published below it, and how the registry is set."""
        numbers = self._before.folders(paths.workflow_dir(name))
        was = (*(n for n in numbers if not bad_version(n)), *self._beside(name, version, numbers))
        below = "" if bad_version(version) else predecessor(version, was)
        old = self._before if below in numbers else self._after
        return RuleContext(
            self._scope.source or self._source,
            tuple(self._settings.categories),
            tuple(self._settings.registries),
            was,
            (self._published if old is self._before else self._source).workflow(name, below)
            if below
            else None,
            bool(below) and self._other_resources(old, name, below, version),
            _answers(old, name, below) if below else b"",
            thorough=True,
            public=not self._settings.access.private,
            addition=version not in numbers or (name, version) not in self._scope.versions,
            policy=self._settings.publish_policy,
            workflow_of=lambda c: self._source.workflow(c.name, c.version),
        )

    def _beside(self, name: str, version: str, published: Collection[str]) -> list[str]:
        """What the same change brings of a workflow that is no higher: a version is judged against that, too."""
        if bad_version(version):
            return []
        fresh = {*self._after.folders(paths.workflow_dir(name))} - {*published, version}
        return sorted(n for n in fresh if not bad_version(n) and not parse(version) < parse(n))

    def _other_resources(self, below_in: RegistryTree, name: str, below: str, version: str) -> bool:
        """Whether a version's resources are others than those of the one below it."""
        old, new = (f"{paths.version_dir(name, n)}/{paths.RESOURCES}" for n in (below, version))
        if below_in.object_id(old) == self._after.object_id(new):
            return False
        return _contents(below_in, old) != _contents(self._after, new)


def _answers(tree: RegistryTree, name: str, version: str) -> bytes:
    path = f"{paths.version_dir(name, version)}/{paths.CASSETTES}"
    return tree.read(path) if tree.object_id(path) else b""


def _contents(tree: RegistryTree, folder: str) -> dict[str, tuple[str, bytes]]:
    """Every file below a folder by its path inside: mode and bytes."""
    return {
        file.path[len(folder) :]: (
            file.mode,
            tree.read(file.path) if tree.size(file.path) <= MAX_BYTES else b"",
        )
        for file in tree.files(folder)
    }
