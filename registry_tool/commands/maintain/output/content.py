"""The files of each part of an output: API documents, packages and pages together, each from what it shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import msgspec

from registry_tool.api import discovery
from registry_tool.api import documents as api
from registry_tool.api.layout import ROOT
from registry_tool.catalogue.model import Line, PublishedVersion
from registry_tool.catalogue.summaries import Summary
from registry_tool.catalogue.version_pages import with_pages
from registry_tool.commands.maintain.output.aggregates import Aggregates
from registry_tool.commands.maintain.output.guard import PageGuard
from registry_tool.commands.maintain.output.lists import ALL, GROUPS, LATEST
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.commands.maintain.output.state import (
    DEPLOYED,
    PAGE,
    REGISTRY,
    DependentsState,
    GroupsState,
    LineRecord,
    ListState,
    PageState,
    RegistryState,
    State,
    States,
    dependents_path,
    groups_path,
    line_path,
    list_path,
    page_path,
)
from registry_tool.package.build import package_bytes
from registry_tool.site import render
from registry_tool.site.site import Counts, GroupEntry, Highlights, Site, WorkflowList
from registry_tool.store.tree import Tree, contents_below

Files = Iterator[tuple[str, bytes]]


def version_files(
    tree: Tree, line: Line, version: PublishedVersion, site: Site, guard: PageGuard
) -> Files:
    """One version: its document, its package and, where the registry's settings want them, its pages."""
    yield from api.version_document(line.owners, version)
    yield from discovery.version_discovery(line.owners, version, site.known_address)
    files = contents_below(tree, version.directory)
    yield f"{ROOT}/{api.package_path(version)}", package_bytes(files)
    if version.number in pages_of(line, site):
        yield from guard.files(
            version.reference,
            lambda: render.version_part(version, site),
            lambda: render.plain_version_part(version, site),
        )


def pages_of(line: Line, site: Site) -> frozenset[str]:
    """The versions of a line that have pages of their own."""
    return with_pages(line.by_number, line.latest.number, site.settings.version_pages)


def line_files(
    line: Line, summary: Summary, dependents: Sequence[Summary], site: Site, guard: PageGuard
) -> Files:
    """A workflow: its documents and its pages."""
    yield from api.line_documents(line, dependents)
    yield from discovery.line_discovery(line, site.known_address)
    yield from guard.files(
        line.name,
        lambda: render.line_part(line, summary, dependents, site),
        lambda: render.plain_line_part(line, site),
    )


def dependents_of(states: States, name: str) -> list[Summary]:
    """What is shown of the workflows that require one, by name."""
    found = states.find(DependentsState, dependents_path(name))
    return [found.by_name[other] for other in sorted(found.by_name)] if found else []


def write_line(  # noqa: PLR0913, PLR0917 - what is shown, how, and who hears
    source: OutputSource,
    line: Line,
    state: LineRecord,
    numbers: Sequence[str] | None,
    dependents: Sequence[Summary],
    guard: PageGuard,
) -> Files:
    """The files of a line and of the named versions (None: of all); the state learns their paths.

    What can't be made is plain, and the guard tells it.
    """
    for number in line.by_number if numbers is None else numbers:
        version = version_files(source.tree, line, line.by_number[number], source.site, guard)
        yield from noted(state.versions[number], version)
    yield from _diffs(line, state, source.site, guard, every=numbers is None)
    yield from noted(state, line_files(line, state.summary, dependents, source.site, guard))


def _diffs(line: Line, state: LineRecord, site: Site, guard: PageGuard, *, every: bool) -> Files:
    """The differences between neighbours that have pages: those that are new, or every one."""
    shown = pages_of(line, site)
    pairs = pairwise(version for version in line.versions if version.number in shown)
    wanted = {f"{before.number}...{after.number}": (before, after) for before, after in pairs}
    state.diffs = {pair: known for pair, known in state.diffs.items() if pair in wanted}
    for pair, versions in wanted.items():
        if every or pair not in state.diffs:
            made = guard.files(
                f"{line.name} {pair}",
                partial(render.diff_part, *versions, site),
                partial(render.plain_diff_part, *versions, site),
            )
            yield from noted(state.diffs.setdefault(pair, State()), made)


def noted(state: State, files: Files) -> Files:
    """The files, whose paths and sizes the state keeps."""
    state.files = {}
    for path, content in files:
        state.files[path] = len(content)
        yield path, content


@dataclass(frozen=True, slots=True)
class AggregateContent:
    """What is written of aggregates: lists, groups, counts, for a commit and a site."""

    aggregates: Aggregates
    site: Site
    commit: str

    def files(self) -> Files:
        """Everything that has changed; each state learns its paths."""
        known, states = self.aggregates.lists, self.aggregates.states
        for kind, key, page in list(known.pages):
            yield from noted(
                states.get(PageState, page_path(kind, key, page)), self._page(kind, key, page)
            )
        for kind, key, _ in list(known.changed()):
            yield from noted(states.get(ListState, list_path(kind, key)), self._front(kind, key))
        for kind, page in list(known.groups):
            yield from noted(
                states.get(GroupsState, groups_path(kind, page)), self._groups(kind, page)
            )
        yield from noted(states.get(RegistryState, REGISTRY), self._registry())
        if self.site.deployed is not None:
            yield from noted(states.get(State, DEPLOYED), render.deployed_part(self.site))

    def _list(self, kind: str, key: str) -> WorkflowList:
        return WorkflowList(kind, key, self._title(kind, key))

    def _title(self, kind: str, key: str) -> str:
        return self.site.settings.categories.get(key, "") if kind == "categories" else ""

    def _state(self, kind: str, key: str) -> ListState:
        return self.aggregates.states.get(ListState, list_path(kind, key))

    def _page(self, kind: str, key: str, page: int) -> Files:
        known = self.aggregates.lists
        pages, entries = known.page_count(kind, key), known.entries(kind, key, page)
        if kind == ALL:
            yield from api.page_document(page, pages, entries)
        elif not self._state(kind, key).shown:
            return
        yield from render.page_part(self._list(kind, key), page, pages, entries, self.site)

    def _front(self, kind: str, key: str) -> Files:
        state = self._state(kind, key)
        pages = self.aggregates.lists.page_count(kind, key)
        if kind == ALL:
            yield from api.latest_document(state.latest, state.shown, pages)
            yield from discovery.list_discovery(
                self.site.settings, state.latest, self.site.known_address
            )
        elif not state.shown:
            return
        else:
            yield from api.group_document(kind, key, self._members(kind, key))
        yield from render.front_part(
            self._list(kind, key), pages, state.shown, state.latest[: LATEST[kind]], self.site
        )

    def _members(self, kind: str, key: str) -> Iterable[Summary]:
        """All of a group: by the previous output's document where there is one, else by its pages."""
        known = self.aggregates.lists
        before = self.aggregates.states.read(api.group_path(kind, key))
        if before is None:
            return known.everything(kind, key)
        return _patched(before, known.changes(kind, key))

    def _group_pages(self, kind: str) -> int:
        registry = self.aggregates.registry
        return max(1, -(-registry.following.get(kind, 0) // PAGE))

    def _groups(self, kind: str, page: int) -> Files:
        yield from render.groups_part(
            kind, page, self._group_pages(kind), self._entries(kind, page), self.site
        )

    def _entries(self, kind: str, page: int) -> list[GroupEntry]:
        found = self.aggregates.lists.group_entries(kind, page)
        return [GroupEntry(key, self._title(kind, key), count) for key, count in found]

    def _every(self, kind: str) -> list[GroupEntry]:
        pages = range(1, self._group_pages(kind) + 1)
        return [entry for page in pages for entry in self._entries(kind, page)]

    def _registry(self) -> Files:
        registry, all_ = self.aggregates.registry, self._state(ALL, "")
        counts = Counts(
            workflows=all_.shown,
            versions=registry.versions,
            facets=registry.facets,
            months=dict(sorted(registry.months.items())),
            required=registry.required,
            requires=dict(sorted(registry.requires.items())),
            **{kind: registry.groups.get(kind, 0) for kind in GROUPS},
        )
        every = {kind: self._every(kind) for kind in GROUPS}
        keys = {kind: [entry.key for entry in entries] for kind, entries in every.items()}
        yield from api.index_document(
            self.site.settings, self.commit, all_.shown, registry.versions, keys
        )
        yield from render.whole_part(
            counts,
            Highlights(all_.latest, registry.used, registry.certified),
            every["categories"],
            [(kind, key) for kind in GROUPS for key in keys[kind]],
            self.aggregates.lists.page_count(ALL, ""),
            self.site,
        )


def state_of(states: States, name: str) -> LineRecord:
    """A workflow's state, to be changed."""
    return states.get(LineRecord, line_path(name))


def _patched(document: bytes, changed: Mapping[str, Summary | None]) -> Iterator[Summary]:
    for entry in msgspec.json.decode(document, type=list[Summary]):
        if entry["name"] not in changed:
            yield entry
    yield from (entry for entry in changed.values() if entry)
