"""What one commit of a registry shows; a workflow is read when it is first asked for, and then known."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from functools import cached_property
from threading import RLock
from typing import Final, cast

from registry_tool.api import documents as api
from registry_tool.catalogue.load import load_line, load_settings
from registry_tool.catalogue.model import Line, PublishedVersion, RegistrySettings
from registry_tool.catalogue.summaries import Summary
from registry_tool.commands.live.summaries import brought, changed_names, summaries_of
from registry_tool.commands.maintain.output.lists import ALL, LATEST, by_update
from registry_tool.core.errors import NotFoundError
from registry_tool.core.suggest import did_you_mean
from registry_tool.core.values import Object, Value
from registry_tool.manifest.names import bad_name, bad_version
from registry_tool.resolver.latest import latest
from registry_tool.resolver.ranges import admits, is_valid
from registry_tool.store import paths
from registry_tool.store.first_published import first_published
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository

MOST_LINES: Final = 512
"""So many workflows are kept in memory with all their versions; those that nobody asked for longest go first."""


class Snapshot:
    """One commit of a registry's branch. Several threads may ask it.

    `before` is an older one, of which is kept what has not changed since.
    """

    def __init__(self, repository: Repository, commit: str, before: Snapshot | None = None) -> None:
        self.commit = commit
        self.tree = GitTree(repository, commit)
        self._repository = repository
        self._lock = RLock()
        self._lines: OrderedDict[str, Line] = OrderedDict()
        self._counts: dict[str, int] = {}
        self._known: Mapping[str, Summary] | None = None
        if before is not None:
            self._keep(before)

    def _keep(self, before: Snapshot) -> None:
        changed = changed_names(self._repository, before.commit, self.commit)
        with before._lock:
            if changed is not None:
                self._lines.update((n, x) for n, x in before._lines.items() if n not in changed)
                self._counts.update((n, x) for n, x in before._counts.items() if n not in changed)
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
    def version_count(self) -> int:
        """How many versions there are; of each workflow that has changed, the names of its folders are read."""
        with self._lock:
            for name in self.tree.folders(paths.WORKFLOWS):
                if name not in self._counts:
                    found = self.tree.folders(paths.workflow_dir(name))
                    self._counts[name] = sum(not bad_version(number) for number in found)
            return sum(self._counts.values())

    def index(self) -> bytes:
        """`index.json`, which says that the registry is live."""
        groups: dict[str, set[str]] = {"categories": set(), "authors": set(), "tags": set()}
        for summary in self.summaries.values():
            groups["categories"].add(str(summary["category"]))
            groups["authors"] |= {str(summary["author"])} - {""}
            groups["tags"] |= set(map(str, cast(list[Value], summary["tags"])))
        ((_, document),) = api.index_document(
            *(self.settings, self.commit, len(self.summaries), self.version_count, groups),
            live=True,
        )
        return document

    def latest(self) -> Iterator[tuple[str, bytes]]:
        """`workflows.json`: the latest updates, as a build writes them."""
        found = sorted(self.summaries.values(), key=by_update)[: LATEST[ALL]]
        yield from api.latest_document(found, len(self.summaries), self._pages)

    def page(self, number: int) -> Iterator[tuple[str, bytes]]:
        """A page of all workflows; by name, since the order in which they came is known to a build alone."""
        if 1 <= number <= self._pages:
            start = (number - 1) * api.PAGE_SIZE
            found = list(self.summaries.values())[start : start + api.PAGE_SIZE]
            yield from api.page_document(number, self._pages, found)

    @property
    def _pages(self) -> int:
        return -(-len(self.summaries) // api.PAGE_SIZE)

    def line(self, name: str) -> Line:
        """A workflow with all its versions; `NotFoundError` with the nearest name where there is none."""
        line = None if bad_name(name) else self._line(name)
        if line is None:
            raise NotFoundError(
                f"there is no workflow {name[:64]!r}",
                hint=did_you_mean(name, self.summaries),
            )
        return line

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

    def resource(self, name: str, wanted: str = "") -> Object:
        """A WorkflowResource: of the latest version, of one, or of the newest one that a range admits."""
        line = self.line(name)
        version = chosen(line, wanted)
        resource = api.resource(line.owners, version)
        is_latest = version.number == line.latest.number
        status: Value = resource["status"]
        if is_latest and isinstance(status, dict):
            resource["status"] = {**status, "latest": True}
        return resource

    def versions(self, name: str) -> Value:
        """VersionInfo[], newest first."""
        return api.versions_document(self.line(name))


def chosen(line: Line, wanted: str) -> PublishedVersion:
    """The version that a number or a range means; `NotFoundError` where there is none."""
    if not wanted or wanted == "latest":
        return line.latest
    if wanted in line.by_number:
        return line.by_number[wanted]
    if not is_valid(wanted):
        raise NotFoundError(
            f"{wanted[:64]!r} is neither a version nor a range", hint="write 1.2.0, ^1.2 or >=1 <3"
        )
    admitted = [number for number in line.by_number if admits(wanted, number)]
    open_ = [number for number in admitted if not line.owners.blocked(number)]
    if not open_:
        raise NotFoundError(
            f"no version of {line.name} is {wanted[:64]}"
            + (" that may still be chosen" if admitted else ""),
            hint=f"there are {', '.join(list(line.by_number)[-5:])}",
        )
    return line.by_number[latest(open_)]


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
