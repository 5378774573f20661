"""The workflows that look different after a difference, read with all their versions; nothing else is read."""

from __future__ import annotations

from typing import cast

from registry_tool.catalogue.load import load_numbers
from registry_tool.catalogue.model import Line
from registry_tool.catalogue.publication import PublicationHistory, history_of
from registry_tool.commands.maintain.output.difference import CommitDifference
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.commands.maintain.output.state import LineRecord, States, line_path
from registry_tool.store.first_published import additions
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.tree import Tree


def history_since(source: OutputSource, origin: str) -> PublicationHistory:
    """What was published since a commit."""
    history = history_of(additions(source.tree, origin) or ())
    history.demand_whole()
    return history


def is_known(states: States, name: str, number: str) -> bool:
    """Whether the output shows a version already."""
    state = states.find(LineRecord, line_path(name))
    return state is not None and number in state.versions


def changed_lines(
    source: OutputSource,
    origin: str,
    found: CommitDifference,
    states: States,
    history: PublicationHistory,
) -> dict[str, Line]:
    """The workflows by name, sorted; those without versions are shown nowhere, and left out."""
    names = {name for name, _ in found.added} | found.noticed | found.counted
    names |= {name for name, _ in found.attested}
    if found.numbers:
        names |= _renumbered(source, origin)
    states.expect(map(line_path, sorted(names)))
    lines = {name: _line(source, name, found, states, history) for name in sorted(names)}
    return {name: line for name, line in lines.items() if line is not None}


def _line(
    source: OutputSource,
    name: str,
    found: CommitDifference,
    states: States,
    history: PublicationHistory,
) -> Line | None:
    state = states.find(LineRecord, line_path(name))
    published = {n: v.published for n, v in state.versions.items()} if state else {}
    new = {number for other, number in found.added if other == name}
    published |= {n: history.known[name, n].moment for n in new if (name, n) in history.known}
    return source.line(name, published)


def _renumbered(source: OutputSource, origin: str) -> set[str]:
    """Workflows whose downloads or ratings changed since a commit."""
    old = _numbers(GitTree(cast(GitTree, source.tree).repository, origin))
    new = _numbers(source.tree)
    return {name for name in {*old, *new} if old.get(name) != new.get(name)}


def _numbers(tree: Tree) -> dict[str, tuple[object, object]]:
    downloads, ratings = load_numbers(tree)
    return {name: (downloads.get(name), ratings.get(name)) for name in {*downloads, *ratings}}
