"""A registry as the client sees it: an address, a built site's folder, or a clone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from puppyai.workflows import errors
from puppyai.workflows.models import Dependency, Notice, VersionInfo, WorkflowSummary
from puppyai.workflows.translate import translated
from puppyai.workflows.transport import Transport
from puppyai.workflows.values import JsonObject, JsonValue

if TYPE_CHECKING:
    from registry_tool.resolver.candidates import Candidate
    from registry_tool.sources.api_reader import ApiReader
    from registry_tool.sources.base import Reader, Searchable
    from registry_tool.sources.configuration.choice import RegistryChoice
    from registry_tool.sources.configuration.named import NamedRegistry
    from registry_tool.sources.several import CombinedReader

Summaries = Iterator[Sequence[WorkflowSummary]]


class Registry:
    """Where workflows come from; nothing is read before it is asked for.

    `location` is how messages show it. `transport` asks the first registry where it is at an address.
    """

    def __init__(self, choice: RegistryChoice, transport: Transport | None, token: str) -> None:
        self.choice, self.transport, self.token = choice, transport, token
        self.location = str(choice)

    @cached_property
    def reader(self) -> CombinedReader:
        """All registries of the choice; `NotFoundError` where there is none in the first place."""
        from registry_tool.sources.reader import declared_registries
        from registry_tool.sources.several import CombinedReader

        choice = self.choice
        reader = CombinedReader(choice, self._open, lambda: declared_registries(choice))
        with translated():
            reader.demand_first()
        return reader

    @cached_property
    def first(self) -> Reader:
        """The first registry alone."""
        with translated():
            return self._open(self.choice.order[0])

    def _open(self, one: NamedRegistry) -> Searchable:
        from registry_tool.sources.reader import open_one

        if self.transport is not None and one == self.choice.order[0] and not self.choice.offline:
            from registry_tool.sources.api_reader import ApiReader
            from registry_tool.sources.documents import Uncached
            from registry_tool.sources.roots import pinned

            reader = ApiReader(self.transport.address, Uncached(self.transport.fetch))
            return pinned(reader, one, self.choice)
        return open_one(one, self.choice)

    def versions(self, name: str) -> list[VersionInfo]:
        """All versions of a workflow, newest first; `NotFoundError` where there is none."""
        with translated(integrity=True):
            candidates = self.reader.versions(name)
            if not candidates:
                raise errors.NotFoundError(
                    f"there is no workflow {name}", location=self.location, hint=self._near(name)
                )
            return [version_info(self.reader.with_digest(one)) for one in reversed(candidates)]

    def _near(self, name: str) -> str:
        from registry_tool.sources.reader import near

        return near(name, self.reader.some_names())

    def pages(self, category: str, author: str, tag: str) -> Summaries:
        """Summaries, page by page: of one group the group's own document, of all the registry's pages."""
        api = self._api()
        if api is None or len(self.choice.order) > 1:
            with translated():
                everything = [summary(item) for item in self.reader.summaries()]
            yield _fitting(everything, category, author, tag)
            return
        given = {"categories": category, "authors": author, "tags": tag}
        groups = [(kind, key) for kind, key in given.items() if key]
        coming = iter([api.group(*groups[0])]) if groups else api.pages()
        seen: set[str] = set()
        while True:
            with translated(integrity=True):
                page = next(coming, None)
            if page is None:
                return
            fresh = [one for one in map(summary, page) if one.name not in seen]
            seen.update(one.name for one in fresh)
            yield _fitting(fresh, category, author, tag)

    def found(self, query: str, sort: str) -> Summaries:
        """Summaries that a search finds, in the catalogue's order, page by page."""
        from registry_tool.sources.search import PAGE

        with translated(integrity=True):
            coming = self.reader.search(query, sort).workflows
        while True:
            with translated(integrity=True):
                page = list(islice(coming, PAGE))
            if not page:
                return
            yield list(map(summary, page))

    def _api(self) -> ApiReader | None:
        from registry_tool.sources.api_reader import ApiReader

        return self.first if isinstance(self.first, ApiReader) else None

    def live(self) -> Transport:
        """What asks a live registry; `NotSupportedError` for every other kind."""
        if self.transport is None:
            raise errors.NotSupportedError(
                "a folder runs nothing", location=self.location, hint=_ELSEWHERE
            )
        about = self.transport.document("index.json")
        if not isinstance(about, dict) or about.get("live") is not True:
            raise errors.NotSupportedError(
                "this registry is static: it serves files and runs nothing",
                location=self.location,
                hint=_ELSEWHERE,
            )
        return self.transport

    def clone(self) -> Path | None:
        """The folder, where it is a clone of a registry."""
        from registry_tool.store.registry_tree import holds_registry

        root = self.choice.folder
        return root if root is not None and holds_registry(root) else None


_ELSEWHERE = 'run it here (via="local"), or as a job of the clone\'s repository (via="github")'


def _fitting(
    found: Sequence[WorkflowSummary], category: str, author: str, tag: str
) -> list[WorkflowSummary]:
    return [
        one
        for one in found
        if category in ("", one.category)
        and author in ("", one.author)
        and (not tag or tag in one.tags)
    ]


def summary(item: JsonObject) -> WorkflowSummary:
    """A summary of the registry's documents; what is not of its type is left empty."""
    tags, rating, downloads = item.get("tags"), item.get("rating"), item.get("downloads")
    is_rated = isinstance(rating, int | float) and not isinstance(rating, bool)
    return WorkflowSummary(
        name=_text(item.get("name")),
        version=_text(item.get("version")),
        author=_text(item.get("author")),
        description=_text(item.get("description")),
        category=_text(item.get("category")),
        tags=tuple(map(_text, tags)) if isinstance(tags, list) else (),
        downloads=downloads if isinstance(downloads, int) else 0,
        rating=float(rating) if is_rated and isinstance(rating, int | float) else None,
        updated=_text(item.get("updated")),
    )


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""


def version_info(candidate: Candidate) -> VersionInfo:
    """A version as the SDK shows it."""
    said = candidate.notice
    return VersionInfo(
        candidate.name,
        candidate.version,
        candidate.digest,
        candidate.yanked,
        Notice(said.level.value, said.reason, said.replacement) if said else None,
        tuple(Dependency(need.name, need.range, need.registry) for need in candidate.requires),
    )
