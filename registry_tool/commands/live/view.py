"""What somebody sees of a commit: the documents over its summaries and its workflows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import cast

from registry_tool.api import documents as api
from registry_tool.catalogue.model import Line, PublishedVersion, RegistrySettings
from registry_tool.catalogue.summaries import Summary
from registry_tool.commands.live.rendered import RenderedDocuments
from registry_tool.commands.maintain.output.lists import ALL, LATEST, by_update
from registry_tool.core.errors import NotFoundError
from registry_tool.core.suggest import did_you_mean
from registry_tool.core.values import Object, Value
from registry_tool.resolver.latest import latest
from registry_tool.resolver.ranges import admits, is_valid
from registry_tool.store.git.commit_tree import GitTree


class RegistryView(ABC):
    """A commit as somebody may see it. Several threads may ask it."""

    commit: str
    tree: GitTree
    rendered: RenderedDocuments

    @property
    @abstractmethod
    def settings(self) -> RegistrySettings:
        """The registry's settings."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the commit is kept from who looks."""
        return False

    @property
    @abstractmethod
    def summaries(self) -> Mapping[str, Summary]:
        """WorkflowSummary of every workflow by name."""

    @property
    @abstractmethod
    def version_count(self) -> int:
        """How many versions there are."""

    @abstractmethod
    def find_line(self, name: str) -> Line | None:
        """A workflow with all its versions."""

    def line(self, name: str) -> Line:
        """A workflow with all its versions; `NotFoundError` with the nearest name where there is none."""
        line = self.find_line(name)
        if line is None:
            raise NotFoundError(
                f"there is no workflow {name[:64]!r}",
                hint=did_you_mean(name, self.summaries),
            )
        return line

    def index(self) -> bytes:
        """`index.json`, which says that the registry is live."""
        groups: dict[str, set[str]] = {"categories": set(), "authors": set(), "tags": set()}
        for summary in self.summaries.values():
            groups["categories"].add(str(summary["category"]))
            groups["authors"] |= {str(summary["author"])} - {""}
            groups["tags"] |= set(map(str, cast(list[Value], summary["tags"])))
        settings, count = self.settings, len(self.summaries)
        ((_, document),) = api.index_document(
            settings, self.commit, count, self.version_count, groups, live=True
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
