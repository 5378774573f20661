"""From an output of one commit to that of another: the patch, made by reading what differs and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from registry_tool.catalogue.load import load_numbers
from registry_tool.catalogue.model import Line
from registry_tool.catalogue.publication import History, history_of
from registry_tool.commands.maintain.build_mark import Mark
from registry_tool.commands.maintain.output.aggregates import Aggregates
from registry_tool.commands.maintain.output.content import Whole, dependents_of, write_line
from registry_tool.commands.maintain.output.difference import Difference, difference
from registry_tool.commands.maintain.output.facts import LineFacts, facts_of
from registry_tool.commands.maintain.output.source import Source
from registry_tool.commands.maintain.output.state import (
    LineState,
    Read,
    States,
    encode,
    files_of,
    line_path,
)
from registry_tool.core.output_folder import MARK, count_files
from registry_tool.store.first_published import additions
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository
from registry_tool.store.tree import Tree


@dataclass(frozen=True, slots=True)
class Patch:
    """What an output lacks: files to write (the mark is the last) and to remove. `created` have no predecessor."""

    writes: Mapping[str, bytes] = field(default_factory=dict)
    removes: frozenset[str] = frozenset()
    created: frozenset[str] = frozenset()


def patch_between(source: Source, read: Read, old: Mark, new: Mark) -> Patch | None:
    """The patch from the output with the mark `old`, whose files `read` gives, to that of `source`.

    None where all has to be built anew: another tool, other templates or settings, or more than an addition.
    """
    if not (old.origin and new.origin and old.made_alike(new)):
        return None
    if old.origin == new.origin and old.commit == new.commit:
        return Patch()
    if not isinstance(source.tree, GitTree):
        return None
    found = difference(source.tree.repository, old.origin, new.origin)
    return None if found is None else _Increment(source, read, old, new, found).patch()


class _Increment:
    def __init__(
        self, source: Source, read: Read, old: Mark, new: Mark, difference_: Difference
    ) -> None:
        self._source, self._old, self._new = source, old, new
        self._difference = difference_
        self._states = States(read)
        self._lines: dict[str, Line] = {}
        self._facts: dict[str, LineFacts] = {}

    def patch(self) -> Patch | None:
        history = self._history()
        if any(self._is_known(name, number) for name, number in self._difference.added):
            return None
        for name in sorted(self._names()):
            self._load(name, history)
        aggregates = Aggregates(self._states)
        added = [version for version in self._difference.added if version[0] in self._facts]
        aggregates.add(added, self._facts, history.known)
        for name, facts in self._facts.items():
            aggregates.show(name, facts)
        aggregates.settle()
        writes = dict(self._files(aggregates))
        return self._finished(writes)

    def _history(self) -> History:
        found = additions(self._source.tree, self._old.origin)
        history = history_of(found or ())
        history.demand_whole()
        return history

    def _is_known(self, name: str, number: str) -> bool:
        state = self._states.find(LineState, line_path(name))
        return state is not None and number in state.versions

    def _names(self) -> set[str]:
        """Workflows that may look different now."""
        names = {name for name, _ in self._difference.added} | self._difference.noticed
        return names | (self._renumbered() if self._difference.numbers else set())

    def _renumbered(self) -> set[str]:
        """Workflows whose downloads or ratings changed."""
        old = _numbers(GitTree(self._repository, self._old.origin))
        new = _numbers(self._source.tree)
        return {name for name in {*old, *new} if old.get(name) != new.get(name)}

    @property
    def _repository(self) -> Repository:
        return cast(GitTree, self._source.tree).repository

    def _load(self, name: str, history: History) -> None:
        """Read a workflow; where it has no version, it is shown nowhere."""
        state = self._states.find(LineState, line_path(name))
        published = {n: v.published for n, v in state.versions.items()} if state else {}
        new = {number for other, number in self._difference.added if other == name}
        published |= {n: history.known[name, n].moment for n in new if (name, n) in history.known}
        line = self._source.line(name, published)
        if line is not None:
            self._lines[name] = line
            self._facts[name] = facts_of(line, *self._source.numbers)

    def _files(self, aggregates: Aggregates) -> Iterator[tuple[str, bytes]]:
        for name, line in self._lines.items():
            yield from self._line_files(name, line, self._numbers_of(name))
        for name in aggregates.dependents:
            state = self._states.find(LineState, line_path(name))
            if state is not None and name not in self._lines:
                published = {n: v.published for n, v in state.versions.items()}
                yield from self._line_files(name, self._source.demand_line(name, published), [])
        yield from Whole(aggregates, self._source.site, self._source.commit).files()
        for path, touched in self._states.touched():
            if touched is not None:
                yield path, encode(touched)

    def _numbers_of(self, name: str) -> list[str] | None:
        """The versions of a line that are written anew; None for all of them."""
        if name in self._difference.noticed:
            return None
        return sorted(number for other, number in self._difference.added if other == name)

    def _line_files(
        self, name: str, line: Line, numbers: list[str] | None
    ) -> Iterator[tuple[str, bytes]]:
        state = self._states.get(LineState, line_path(name))
        dependents = dependents_of(self._states, name)
        return write_line(self._source, line, state, numbers, dependents)

    def _finished(self, writes: dict[str, bytes]) -> Patch:
        before = frozenset(self._states.before())
        after = {
            path
            for at, state in self._states.touched()
            if state is not None
            for path in (at, *files_of(state))
        }
        created, removed = frozenset(after - before), before - after
        count = self._old.count.plus(count_files(created)).minus(count_files(removed))
        writes[MARK] = self._new.with_count(count).to_bytes()
        return Patch(writes, removed, created)


def _numbers(tree: Tree) -> dict[str, tuple[object, object]]:
    downloads, ratings = load_numbers(tree)
    return {name: (downloads.get(name), ratings.get(name)) for name in {*downloads, *ratings}}
