"""From an output of one commit to that of another: the patch, made by reading what differs and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from registry_tool.catalogue.model import Line
from registry_tool.catalogue.version_pages import VersionPages, with_pages
from registry_tool.commands.maintain.build_mark import Mark
from registry_tool.commands.maintain.output.aggregates import Aggregates
from registry_tool.commands.maintain.output.attestations import (
    attested_versions,
    new_attestations,
)
from registry_tool.commands.maintain.output.changed import (
    changed_lines,
    history_since,
    is_known,
)
from registry_tool.commands.maintain.output.content import (
    AggregateContent,
    dependents_of,
    pages_of,
    write_line,
)
from registry_tool.commands.maintain.output.difference import CommitDifference, difference
from registry_tool.commands.maintain.output.expected import (
    expect_counters,
    expect_dependents,
    expect_documents,
    expect_lists,
)
from registry_tool.commands.maintain.output.facts import facts_of
from registry_tool.commands.maintain.output.guard import PageGuard
from registry_tool.commands.maintain.output.signing import signed_patch
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.commands.maintain.output.state import (
    Expect,
    LineRecord,
    Read,
    States,
    encode,
    files_of,
    line_path,
)
from registry_tool.core.output_folder import MARK, count_files
from registry_tool.security.tuf.pin import DamagedMetadataError
from registry_tool.site.search.change import search_changes
from registry_tool.store.git.commit_tree import GitTree


@dataclass(frozen=True, slots=True)
class Previous:
    """The earlier output: `read` gives a file's bytes, None for none; `expect` takes the paths read next."""

    read: Read
    expect: Expect = lambda _: None


@dataclass(frozen=True, slots=True)
class Patch:
    """What an output lacks: files to write (the mark is the last) and to remove. `created` have no predecessor.

    `size` are the bytes of the whole output afterwards; `unmade` names pages that stand as plain notices.
    """

    writes: Mapping[str, bytes] = field(default_factory=dict)
    removes: frozenset[str] = frozenset()
    created: frozenset[str] = frozenset()
    size: int = 0
    unmade: tuple[str, ...] = ()


def patch_between(source: OutputSource, previous: Previous, old: Mark, new: Mark) -> Patch | None:
    """The patch from the output `previous` with the mark `old` to that of `source`.

    None where all has to be built anew: another tool, other templates or settings, more than an addition, or
    signatures that are damaged.
    """
    try:
        return _patch_between(source, previous, old, new)
    except DamagedMetadataError:
        return None


def _patch_between(source: OutputSource, previous: Previous, old: Mark, new: Mark) -> Patch | None:
    if not (old.origin and new.origin and old.made_alike(new)):
        return None
    if old == new.with_count(old.count, old.size):
        return _signed(Patch(size=old.size), source, previous, old, new)
    if not isinstance(source.tree, GitTree):
        return None
    found = difference(source.tree.repository, old.origin, new.origin)
    if found is None:
        return None
    found = replace(found, attested=attested_versions(new_attestations(source, old)))
    patch = _Increment(source, previous, old, found).patch()
    return None if patch is None else _signed(patch, source, previous, old, new)


def _signed(patch: Patch, source: OutputSource, previous: Previous, old: Mark, new: Mark) -> Patch:
    """The patch with new attestations and the signed metadata that it asks for, and the mark, which counts all."""
    shown = new_attestations(source, old)
    content = {**patch.writes, **{path: data for path, data in shown.items() if data is not None}}
    gone = patch.removes | {path for path, data in shown.items() if data is None}
    signed = {**shown, **signed_patch(source, content, gone, previous.read, previous.expect)}
    if not patch.writes and not signed:
        return patch
    before = {path: len(data) for path in signed if (data := previous.read(path)) is not None}
    writes = {**patch.writes, **{path: data for path, data in signed.items() if data is not None}}
    removes = patch.removes | (before.keys() - writes.keys())
    created = patch.created | (signed.keys() & writes.keys() - before.keys())
    size = patch.size + sum(len(data) for data in signed.values() if data) - sum(before.values())
    count = old.count.plus(count_files(created)).minus(count_files(removes))
    writes[MARK] = new.with_count(count, size).to_bytes()
    return Patch(writes, removes, created, size, patch.unmade)


class _Increment:
    def __init__(
        self,
        source: OutputSource,
        previous: Previous,
        old: Mark,
        difference_: CommitDifference,
    ) -> None:
        self._source, self._old = source, old
        self._difference = difference_
        self._previous = previous
        self._states = States(previous.read, previous.expect)
        self._guard = PageGuard()
        self._lines: dict[str, Line] = {}
        self._before: dict[str, tuple[tuple[str, ...], str]] = {}

    def patch(self) -> Patch | None:
        states = self._states
        added = [name for name, _ in self._difference.added]
        expect_counters(states, {*added, *self._difference.noticed})
        if any(is_known(states, name, number) for name, number in self._difference.added):
            return None
        history = history_since(self._source, self._old.origin)
        self._lines = changed_lines(
            self._source, self._old.origin, self._difference, states, history
        )
        for name in self._lines:
            state = states.find(LineRecord, line_path(name))
            if state is not None:
                self._before[name] = (tuple(state.versions), str(state.summary["version"]))
        facts = {
            name: facts_of(line, *self._source.numbers, self._source.site.known_address)
            for name, line in self._lines.items()
        }
        expect_lists(states, facts)
        aggregates = Aggregates(states)
        aggregates.add([v for v in self._difference.added if v[0] in facts], facts, history.known)
        for name, found in facts.items():
            aggregates.show(name, found)
        aggregates.settle()
        writes = dict(self._files(aggregates))
        gone, came = aggregates.removed.items(), aggregates.added.items()
        search = search_changes(states.read, gone, came, self._previous.expect)
        return self._finished(writes, dict(search))

    def _files(self, aggregates: Aggregates) -> Iterator[tuple[str, bytes]]:
        expect_dependents(self._states, [*self._lines, *aggregates.dependents])
        for name, line in self._lines.items():
            yield from self._line_files(name, line, self._numbers_of(name))
        for name in aggregates.dependents:
            state = self._states.find(LineRecord, line_path(name))
            if state is not None and name not in self._lines:
                published = {n: v.published for n, v in state.versions.items()}
                yield from self._line_files(name, self._source.demand_line(name, published), [])
        expect_documents(self._states, aggregates.lists)
        yield from AggregateContent(aggregates, self._source.site, self._source.commit).files()
        for path, touched in self._states.touched():
            if touched is not None:
                yield path, encode(touched)

    def _numbers_of(self, name: str) -> list[str] | None:
        """The versions of a line that are written anew; None for all of them."""
        if name in self._difference.noticed:
            return None
        changed = self._difference.added | self._difference.attested
        new = {number for other, number in changed if other == name}
        return sorted((new & self._lines[name].by_number.keys()) | self._pages_moved(name))

    def _pages_moved(self, name: str) -> frozenset[str]:
        """Versions that get pages of their own, or lose them."""
        line, wanted = self._lines[name], self._source.settings.version_pages
        if wanted is VersionPages.ALL or name not in self._before:
            return frozenset()
        before = with_pages(*self._before[name], wanted)
        return before ^ pages_of(line, self._source.site)

    def _line_files(
        self, name: str, line: Line, numbers: list[str] | None
    ) -> Iterator[tuple[str, bytes]]:
        state = self._states.get(LineRecord, line_path(name))
        dependents = dependents_of(self._states, name)
        return write_line(self._source, line, state, numbers, dependents, self._guard)

    def _finished(self, writes: dict[str, bytes], search: Mapping[str, bytes | None]) -> Patch:
        writes |= {path: data for path, data in search.items() if data is not None}
        found = {path: self._states.read(path) for path in search}
        before = self._states.before()
        before |= {path: len(data) for path, data in found.items() if data is not None}
        after = {
            path
            for at, state in self._states.touched()
            if state is not None
            for path in (at, *dict(files_of(state)))
        } | {path for path, data in search.items() if data is not None}
        created, removed = frozenset(after - before.keys()), frozenset(before.keys() - after)
        gone = sum(before[path] for path in removed | (writes.keys() - created))
        size = self._old.size + sum(map(len, writes.values())) - gone
        return Patch(writes, removed, created, size, tuple(self._guard.unmade))
