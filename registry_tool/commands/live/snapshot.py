"""What one commit of a registry shows; a workflow is read when it is first asked for, and then known."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from functools import cached_property
from threading import RLock
from typing import Final

from registry_tool.catalogue.load import load_line, load_settings
from registry_tool.catalogue.model import Line, RegistrySettings
from registry_tool.catalogue.summaries import Summary
from registry_tool.commands.live.readers import ReadGate, read_list
from registry_tool.commands.live.rendered import RenderedDocuments
from registry_tool.commands.live.summaries import brought, changed_names, summaries_of
from registry_tool.commands.live.view import RegistryView
from registry_tool.commands.live.visible import VisibleSnapshot
from registry_tool.manifest.names import bad_name, bad_version
from registry_tool.security.tokens.principal import Principal
from registry_tool.store import paths
from registry_tool.store.first_published import first_published
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository

MOST_VIEWS: Final = 256
"""So many people's views of a private registry are kept."""
MOST_LINES: Final = 512
"""So many workflows are kept in memory with all their versions; those that nobody asked for longest go first."""


class Snapshot(RegistryView):
    """One commit of a registry's branch. Several threads may ask it.

    `before` is an older one, of which is kept what has not changed since.
    """

    def __init__(self, repository: Repository, commit: str, before: Snapshot | None = None) -> None:
        self.commit = commit
        self.tree = GitTree(repository, commit)
        self.rendered = RenderedDocuments()
        self._repository = repository
        self._lock = RLock()
        self._lines: OrderedDict[str, Line] = OrderedDict()
        self._counts: dict[str, int] = {}
        self._read_lists: dict[str, tuple[str, ...]] = {}
        self._views: OrderedDict[tuple[int, frozenset[str]], RegistryView] = OrderedDict()
        self._known: Mapping[str, Summary] | None = None
        if before is not None:
            self._keep(before)

    def _keep(self, before: Snapshot) -> None:
        changed = changed_names(self._repository, before.commit, self.commit)
        with before._lock:
            if changed is not None:
                self._lines.update((n, x) for n, x in before._lines.items() if n not in changed)
                self._counts.update((n, x) for n, x in before._counts.items() if n not in changed)
                lists = before._read_lists.items()
                self._read_lists.update((n, x) for n, x in lists if n not in changed)
            self._known = (
                None if before._known is None else brought(self.tree, before._known, changed)
            )

    @cached_property
    def settings(self) -> RegistrySettings:
        """The registry's settings."""
        return load_settings(self.tree)

    @property
    def summaries(self) -> Mapping[str, Summary]:
        """WorkflowSummary of every workflow by name."""
        with self._lock:
            if self._known is None:
                self._known = summaries_of(self._repository, self.commit)
            return self._known

    @property
    def counts(self) -> Mapping[str, int]:
        """How many versions each workflow has; of each that has changed, the names of its folders are read."""
        with self._lock:
            for name in self.tree.folders(paths.WORKFLOWS):
                if name not in self._counts:
                    found = self.tree.folders(paths.workflow_dir(name))
                    self._counts[name] = sum(not bad_version(number) for number in found)
            return dict(self._counts)

    @property
    def version_count(self) -> int:
        """How many versions there are."""
        return sum(self.counts.values())

    @property
    def read_lists(self) -> Mapping[str, tuple[str, ...]]:
        """Who may read each workflow, as its latest version says."""
        with self._lock:
            for name, summary in self.summaries.items():
                if name not in self._read_lists:
                    self._read_lists[name] = read_list(self.tree, name, str(summary["version"]))
            return dict(self._read_lists)

    def seen_by(self, who: Principal) -> RegistryView:
        """What somebody may see of it: in a private registry, what isn't theirs to read isn't there."""
        if not self.settings.access.private:
            return self
        with self._lock:
            key = who.id, who.workflows
            if key not in self._views:
                self._views[key] = self._view_of(who)
                if len(self._views) > MOST_VIEWS:
                    self._views.popitem(last=False)
            return self._views[key]

    def _view_of(self, who: Principal) -> RegistryView:
        gate = ReadGate(self.tree, self.settings.access, who)
        lists = self.read_lists
        names = frozenset(name for name, words in lists.items() if gate.admits(name, words))
        whole = len(names) == len(lists) and not who.workflows
        return self if whole else VisibleSnapshot(self, names, self.counts)

    @property
    def is_whole(self) -> bool:
        """Everything is there."""
        return True

    def find_line(self, name: str) -> Line | None:
        """A workflow with all its versions, read when it is first asked for."""
        return None if bad_name(name) else self._line(name)

    def _line(self, name: str) -> Line | None:
        with self._lock:
            if name in self._lines:
                self._lines.move_to_end(name)
                return self._lines[name]
            line = _dated(self.tree, name)
            if line is not None:
                self._lines[name] = line
                if len(self._lines) > MOST_LINES:
                    self._lines.popitem(last=False)
            return line


def _dated(tree: GitTree, name: str) -> Line | None:
    """A workflow, with git's moment for every version whose manifest names none."""
    line = load_line(tree, name, {})
    if line is None:
        return None
    silent = {
        version.manifest_path: version.number for version in line.versions if not version.stated
    }
    if not silent:
        return line
    dates = first_published(tree, silent.keys())
    return load_line(tree, name, {silent[path]: moment for path, moment in dates.items()})
