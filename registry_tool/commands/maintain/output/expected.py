"""What an increment is about to read of the previous output: a distant one sends each step's files in one go.

Nothing depends on these: what was not announced is fetched when it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from registry_tool.api.documents import group_path
from registry_tool.commands.maintain.output.facts import LineFacts, shown_to
from registry_tool.commands.maintain.output.lists import ALL, GROUPS, Lists, keys_of
from registry_tool.commands.maintain.output.state import (
    REGISTRY,
    LineRecord,
    ListState,
    RegistryState,
    States,
    dependents_path,
    groups_path,
    line_path,
    list_path,
    page_of,
    page_path,
)

Key = tuple[str, str]
"""A list: its kind and its key."""


def expect_counters(states: States, names: Iterable[str]) -> None:
    """What every increment reads, and the states of some workflows."""
    states.expect((*map(line_path, sorted(names)), REGISTRY, list_path(ALL, "")))


def expect_lists(states: States, facts: Mapping[str, LineFacts]) -> None:
    """The lists in which workflows stood, stand, or stood with an earlier version; then their pages."""
    keys = {key for name, line in facts.items() for key in _keys(states, name, line)}
    needs = {need for name, line in facts.items() for need in _needs(states, name, line)}
    lists = (list_path(*key) for key in sorted(keys))
    states.expect((*lists, *_group_pages(states), *map(dependents_path, sorted(needs))))
    pages = (_pages(states, key, facts) for key in sorted(keys))
    states.expect(page for found in pages for page in sorted(found))


def expect_documents(states: States, lists: Lists) -> None:
    """The documents of the groups that have changed, and are still shown."""
    changed = ((kind, key) for kind, key, _ in lists.changed() if kind != ALL)
    found = ((key, states.find(ListState, list_path(*key))) for key in changed)
    states.expect(group_path(*key) for key, state in found if state and state.shown)


def expect_dependents(states: States, names: Iterable[str]) -> None:
    """The states of workflows, and of those that require them."""
    wanted = list(names)
    states.expect((*map(line_path, wanted), *map(dependents_path, wanted)))


def _state(states: States, name: str) -> LineRecord:
    return states.find(LineRecord, line_path(name)) or LineRecord()


def _keys(states: States, name: str, line: LineFacts) -> Iterator[Key]:
    before = _state(states, name)
    if line.summary != before.summary:
        yield ALL, ""
        for summary in filter(None, (before.summary, line.summary)):
            yield from ((kind, key) for kind, keys in keys_of(summary).items() for key in keys)
    for version in line.versions.values():
        for kind, keys in version.groups.items():
            yield from ((kind, key) for key in keys if key not in before.slots.get(kind, {}))


def _needs(states: States, name: str, line: LineFacts) -> set[str]:
    before = _state(states, name)
    if before.summary and shown_to(before.summary) == shown_to(line.summary):
        return before.requires.keys() ^ line.requires.keys()
    return before.requires.keys() | line.requires.keys()


def _group_pages(states: States) -> Iterator[str]:
    registry = states.find(RegistryState, REGISTRY) or RegistryState()
    for kind in GROUPS:
        for page in range(1, page_of(max(0, registry.following.get(kind, 0) - 1)) + 1):
            yield groups_path(kind, page)


def _pages(states: States, key: Key, facts: Mapping[str, LineFacts]) -> set[str]:
    """The pages on which the workflows stand in a list; where one is new, the last ones."""
    found = states.find(ListState, list_path(*key)) or ListState()
    slots = [_state(states, name).slots.get(key[0], {}).get(key[1]) for name in facts]
    known = {page_of(slot) for slot in slots if slot is not None}
    new = {page_of(found.following - 1), page_of(found.following)} if None in slots else set[int]()
    return {page_path(*key, page) for page in known | new if page > 0}
