"""Lists of workflows in pages of slots, so that an addition touches the last page, and a change one.

An entry gets a slot when it first joins a list and keeps it; a slot is never used again. Entries that are not
shown (the latest version is no longer of the category) leave a hole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final, cast

from registry_tool.catalogue.summaries import Summary
from registry_tool.commands.maintain.output.state import (
    PAGE,
    GroupsState,
    ListState,
    PageState,
    States,
    groups_path,
    list_path,
    page_of,
    page_path,
)
from registry_tool.manifest.dating import at

ALL: Final = "workflows"
GROUPS: Final = ("categories", "authors", "tags")
LATEST: Final = {ALL: 100, "categories": 50, "authors": 50, "tags": 50}
"""How many of its latest updates a list shows on its front and in its feed, by kind."""

Order = Callable[[Summary], tuple[object, ...]]


def keys_of(summary: Summary) -> dict[str, tuple[str, ...]]:
    """The keys of the groups that a summary belongs to, by kind."""
    return group_keys(
        cast(str, summary["category"]),
        cast(str, summary["author"]),
        cast(list[str], summary["tags"]),
    )


def group_keys(category: str, author: str, tags: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Keys by kind; without an author, a workflow is in no list of authors'."""
    return {
        "categories": (category,),
        "authors": (author,) if author else (),
        "tags": tuple(dict.fromkeys(tags)),
    }


def by_update(summary: Summary) -> tuple[object, ...]:
    """Sorts the latest update first; of equal ones, by name."""
    return (-_seconds(cast(str, summary["updated"])), summary["name"])


def by_downloads(summary: Summary) -> tuple[object, ...]:
    """Sorts the most downloaded first; of equal ones, by name."""
    return (-cast(int, summary["downloads"]), summary["name"])


def _seconds(written: str) -> float:
    return (at(written) - at("")).total_seconds()


def best_of(
    known: list[Summary],
    changed: Iterable[tuple[str, Summary | None]],
    most: int,
    order: Order,
    everything: Callable[[], Iterable[Summary]],
) -> list[Summary]:
    """The best `most` of a list after changes (name, new summary or None), out of what they were before.

    `everything` is asked, by reading all pages, only where one that was among the best left or fell behind and
    nobody else knows who comes next.
    """
    fresh = dict(changed)
    kept = [entry for entry in known if entry["name"] not in fresh]
    new = sorted((*kept, *(entry for entry in fresh.values() if entry)), key=order)
    if len(known) < most:
        return new[:most]  # there were no others
    last = order(known[-1])
    certain = [entry for entry in new if order(entry) <= last]
    return certain[:most] if len(certain) >= most else sorted(everything(), key=order)[:most]


@dataclass
class Lists:
    """The lists of an output over its states, and what of them is to be written anew."""

    states: States
    pages: dict[tuple[str, str, int], None] = field(default_factory=dict)
    groups: dict[tuple[str, int], None] = field(default_factory=dict)
    _changed: dict[tuple[str, str], dict[str, Summary | None]] = field(default_factory=dict)

    def join(self, kind: str, key: str, take: Callable[[str], int]) -> int:
        """The next slot of a list; `take` gives a list that is new the next slot among its kind's."""
        path = list_path(kind, key)
        is_new = self.states.find(ListState, path) is None
        state = self.states.get(ListState, path)
        if is_new and kind != ALL:
            state.slot = take(kind)
            self._begin_group(kind, state.slot)
        slot, state.following = state.following, state.following + 1
        page = page_of(slot)
        self._touch(kind, key, page)
        if page > 1 and slot % PAGE == 0:  # the page before now has a next one
            self._touch(kind, key, page - 1)
        return slot

    def _begin_group(self, kind: str, slot: int) -> None:
        page = page_of(slot)
        self.touch_groups(kind, page)
        if page > 1 and slot % PAGE == 0:
            self.touch_groups(kind, page - 1)

    def touch_groups(self, kind: str, page: int) -> GroupsState:
        """A page of groups that is to be written anew."""
        self.groups[kind, page] = None
        return self.states.get(GroupsState, groups_path(kind, page))

    def touch_all(self, kind: str, key: str) -> None:
        """Write a list anew, with each of its pages."""
        self._changed.setdefault((kind, key), {})
        for page in range(1, self.page_count(kind, key) + 1):
            self._touch(kind, key, page)

    def _touch(self, kind: str, key: str, page: int) -> PageState:
        self.pages[kind, key, page] = None
        self._changed.setdefault((kind, key), {})
        return self.states.get(PageState, page_path(kind, key, page))

    def show(self, kind: str, key: str, slot: int, name: str, summary: Summary | None) -> None:
        """Show a summary at a slot, or (None) leave it empty."""
        state = self.states.get(ListState, list_path(kind, key))
        entries = self._touch(kind, key, page_of(slot)).entries
        before = entries.pop(str(slot), None)
        if summary is not None:
            entries[str(slot)] = summary
        shown = state.shown + (summary is not None) - (before is not None)
        if not state.shown or not shown:  # it comes, or goes, with all of its pages
            self.touch_all(kind, key)
        state.shown = shown
        self._changed[kind, key][name] = summary

    def entries(self, kind: str, key: str, page: int) -> list[Summary]:
        """What a page shows, by slot."""
        found = self.states.find(PageState, page_path(kind, key, page))
        items = found.entries.items() if found else ()
        return [entry for _, entry in sorted(items, key=lambda item: int(item[0]))]

    def everything(self, kind: str, key: str) -> Iterator[Summary]:
        """All that a list shows, by slot: reads every page."""
        pages = range(1, self.page_count(kind, key) + 1)
        self.states.expect(page_path(kind, key, page) for page in pages)
        for page in pages:
            yield from self.entries(kind, key, page)

    def page_count(self, kind: str, key: str) -> int:
        """How many pages a list has; one where nothing has joined it."""
        state = self.states.find(ListState, list_path(kind, key))
        return max(1, -(-state.following // PAGE)) if state else 1

    def changed(self) -> Iterator[tuple[str, str, dict[str, Summary | None]]]:
        """(kind, key, new summary or None by name) of every list that has changed."""
        for (kind, key), names in self._changed.items():
            yield kind, key, names

    def changes(self, kind: str, key: str) -> Mapping[str, Summary | None]:
        """What has changed in a list: the new summary, or None, by name."""
        return self._changed.get((kind, key), {})

    def settle(self) -> dict[str, int]:
        """Bring the latest updates and the lists of groups in step with what has changed.

        Gives by how many the groups that are shown became more, by kind.
        """
        more = dict.fromkeys(GROUPS, 0)
        for kind, key, names in self.changed():
            state = self.states.get(ListState, list_path(kind, key))
            most = LATEST[kind]
            every = partial(self.everything, kind, key)
            state.latest = best_of(state.latest, names.items(), most, by_update, every)
            if kind != ALL:
                more[kind] += self._settle_group(kind, key, state)
        return more

    def _settle_group(self, kind: str, key: str, state: ListState) -> int:
        entries = self.touch_groups(kind, page_of(state.slot)).entries
        before = entries.pop(str(state.slot), None)
        if state.shown:
            entries[str(state.slot)] = (key, state.shown)
        return bool(state.shown) - (before is not None)

    def group_entries(self, kind: str, page: int) -> list[tuple[str, int]]:
        """(key, how many) of a page of groups, by slot."""
        found = self.states.find(GroupsState, groups_path(kind, page))
        items = found.entries.items() if found else ()
        return [entry for _, entry in sorted(items, key=lambda item: int(item[0]))]
