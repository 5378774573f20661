"""An output from nothing: facts of every workflow first, then lists, then pages; by all cores, as a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Generic, Protocol, TypeVar

from registry_tool.api.documents import fixed_documents
from registry_tool.api.openapi.document import openapi
from registry_tool.catalogue.publication import PublicationHistory, history_of
from registry_tool.catalogue.summaries import Summary
from registry_tool.commands.maintain.output.aggregates import Aggregates
from registry_tool.commands.maintain.output.attestations import all_attestations
from registry_tool.commands.maintain.output.content import (
    AggregateContent,
    dependents_of,
    noted,
    state_of,
    write_line,
)
from registry_tool.commands.maintain.output.facts import LineFacts, facts_of, for_lists
from registry_tool.commands.maintain.output.guard import PageGuard
from registry_tool.commands.maintain.output.lists import ALL, GROUPS
from registry_tool.commands.maintain.output.loaded import LoadedLines, release_cached
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.commands.maintain.output.state import (
    FIXED,
    LineRecord,
    State,
    States,
    encode,
    line_path,
)
from registry_tool.core.forking import map_forked
from registry_tool.site import render
from registry_tool.site.search.index import search_files
from registry_tool.store import paths
from registry_tool.store.first_published import additions

Files = Iterator[tuple[str, bytes]]
T_co = TypeVar("T_co", covariant=True)


class Sink(Protocol[T_co]):
    """Takes files of an output; `written` says what became of those that it took since it was made."""

    def take(self, path: str, content: bytes) -> None:
        """One file."""

    def note(self, unmade: Sequence[str]) -> None:
        """Pages among them that stand as plain notices."""

    def written(self) -> T_co:
        """What became of them, to be pickled."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Task:
    """A workflow that is to be written."""

    state: LineRecord
    dependents: Sequence[Summary]


@dataclass(frozen=True)
class FullBuild(Generic[T]):
    """A build from nothing. `sink` makes one for each process; the results of `write` are what they tell."""

    source: OutputSource
    sink: Callable[[], Sink[T]]
    workers: int = 1

    def write(self) -> Iterator[T]:
        """Write every file but the mark; gives what each process's sink tells."""
        with TemporaryDirectory(prefix="registry-lines-") as folder:
            yield from self._written(LoadedLines(Path(folder)))

    def _written(self, loaded: LoadedLines) -> Iterator[T]:
        history = self._history()
        facts = dict(self._facts(_moments(history), loaded))
        aggregates = _aggregated(facts, history)
        tasks = [
            _Task(state_of(aggregates.states, name), dependents_of(aggregates.states, name))
            for name in sorted(facts)
        ]
        yield from map_forked(partial(self._write_lines, loaded), tasks, self.workers)
        sink = self.sink()
        for path, content in _rest(aggregates, self.source):
            sink.take(path, content)
        yield sink.written()

    def _history(self) -> PublicationHistory:
        found = additions(self.source.tree)
        history = history_of(found) if found is not None else PublicationHistory()
        if self.source.origin:
            history.demand_whole()
        return PublicationHistory() if history.cut_off else history

    def _facts(
        self, published: Mapping[str, Mapping[str, str]], loaded: LoadedLines
    ) -> Iterator[tuple[str, LineFacts]]:
        names = self.source.tree.folders(paths.WORKFLOWS)
        return map_forked(partial(self._read_lines, published, loaded), names, self.workers)

    def _read_lines(
        self,
        published: Mapping[str, Mapping[str, str]],
        loaded: LoadedLines,
        names: Sequence[str],
    ) -> Iterator[tuple[str, LineFacts]]:
        source = self.source.reopened()
        for name in names:
            line = source.line(name, published.get(name, {}))
            if line is not None:
                facts = facts_of(line, *source.numbers, source.site.known_address)
                loaded.keep(line)
                yield name, for_lists(facts)

    def _write_lines(self, loaded: LoadedLines, tasks: Sequence[_Task]) -> Iterator[T]:
        source = self.source.reopened()
        for task in tasks:
            sink = self.sink()
            line = loaded.take(str(task.state.summary["name"]))
            guard = PageGuard()
            made = write_line(source, line, task.state, None, task.dependents, guard)
            for path, content in made:
                sink.take(path, content)
            sink.note(guard.unmade)
            sink.take(line_path(line.name), encode(task.state))
            release_cached(line)
            yield sink.written()  # each, so that it is noticed soon where nobody listens any more


def _moments(history: PublicationHistory) -> dict[str, dict[str, str]]:
    """git's moments by name and version."""
    found: dict[str, dict[str, str]] = {}
    for (name, number), publication in history.known.items():
        found.setdefault(name, {})[number] = publication.moment
    return found


def _aggregated(facts: Mapping[str, LineFacts], history: PublicationHistory) -> Aggregates:
    aggregates = Aggregates(States(lambda _: None, lambda _: None))
    lists = aggregates.lists
    lists.touch_all(ALL, "")
    for kind in GROUPS:
        lists.touch_groups(kind, 1)
    versions = [(name, number) for name, line in facts.items() for number in line.versions]
    aggregates.add(versions, facts, history.known)
    for name in sorted(facts):
        aggregates.show(name, facts[name])
    aggregates.settle()
    return aggregates


def _rest(aggregates: Aggregates, source: OutputSource) -> Files:
    """All files that belong to no workflow."""
    yield from AggregateContent(aggregates, source.site, source.commit).files()
    yield from all_attestations(source).items()
    yield from search_files(sorted(aggregates.added.items()))
    fixed = aggregates.states.get(State, FIXED)
    yield from noted(fixed, fixed_files(source))
    for path, state in aggregates.states.touched():
        if state is not None and not isinstance(state, LineRecord):
            yield path, encode(state)


def fixed_files(source: OutputSource) -> Files:
    """What knows no workflow."""
    yield from fixed_documents(source.settings)
    yield from render.fixed_part(openapi(source.settings.url), source.site)
    yield ".nojekyll", b""  # GitHub Pages would leave out what begins with a dot
