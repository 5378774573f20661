"""From facts of workflows to the states of lists, dependents and counters; the same for one and for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Final, cast

from registry_tool.catalogue.publication import Publication, VersionKey
from registry_tool.catalogue.summaries import Summary
from registry_tool.commands.maintain.output.facts import LineFacts, shown_to
from registry_tool.commands.maintain.output.lists import (
    ALL,
    Lists,
    best_of,
    by_downloads,
    by_update,
    keys_of,
)
from registry_tool.commands.maintain.output.state import (
    REGISTRY,
    DependentsState,
    LineRecord,
    RegistryState,
    States,
    VersionState,
    dependents_path,
    line_path,
)

HIGHLIGHTS: Final = 12
"""How many of the most used and of the certified workflows the home page may show."""
MOST_DRAWN: Final = 300
"""Requirements that the picture of the registry shows; of more, the most required are listed."""
_LAST: Final = 2**62


@dataclass
class Aggregates:
    """The aggregates of an output over its states. `dependents` names whose dependents have changed.

    `removed` and `added` are the summaries that changed, before and after, by slot: what search is given.
    """

    states: States
    lists: Lists = field(init=False)
    dependents: dict[str, None] = field(default_factory=dict)
    _shown: dict[str, Summary] = field(default_factory=dict)
    removed: dict[int, Summary] = field(default_factory=dict)
    added: dict[int, Summary] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lists = Lists(self.states)

    @property
    def registry(self) -> RegistryState:
        """The counters, to be changed."""
        return self.states.get(RegistryState, REGISTRY)

    def add(
        self,
        added: Iterable[VersionKey],
        facts: Mapping[str, LineFacts],
        known: Mapping[VersionKey, Publication],
    ) -> None:
        """Take in versions that are new, in order of first publication: lists get slots in that order."""

        def place(version: VersionKey) -> tuple[int, float, str, str]:
            found, stated = known.get(version), facts[version[0]].versions[version[1]].stated
            return (found.commit, 0, *version) if found else (_LAST, stated, *version)

        for name, number in sorted(added, key=place):
            self._join(name, number, facts[name])

    def _join(self, name: str, number: str, line: LineFacts) -> None:
        state, version = self.states.get(LineRecord, line_path(name)), line.versions[number]
        for kind, keys in ((ALL, ("",)), *version.groups.items()):
            slots = state.slots.setdefault(kind, {})
            for key in keys:
                if key not in slots:
                    slots[key] = self.lists.join(kind, key, self._take)
        state.versions[number] = VersionState(published=version.published)
        registry = self.registry
        registry.versions += 1
        if version.month:
            registry.months[version.month] = registry.months.get(version.month, 0) + 1

    def _take(self, kind: str) -> int:
        following = self.registry.following
        following[kind] = following.get(kind, 0) + 1
        return following[kind] - 1

    def show(self, name: str, line: LineFacts) -> None:
        """Show a workflow as it is now."""
        state = self.states.get(LineRecord, line_path(name))
        if line.summary != state.summary:
            self._list(state, name, line.summary)
            self._count(state.summary, -1)
            self._count(line.summary, 1)
            self._shown[name] = line.summary
            slot = state.slots[ALL][""]
            if state.summary:
                self.removed[slot] = state.summary
            self.added[slot] = line.summary
        self._require(name, state, line)
        state.summary, state.requires = line.summary, dict(line.requires)

    def _list(self, state: LineRecord, name: str, summary: Summary) -> None:
        old = keys_of(state.summary) if state.summary else {}
        for kind, keys in keys_of(summary).items():
            for key in set(old.get(kind, ())) - set(keys):
                self.lists.show(kind, key, state.slots[kind][key], name, None)
            for key in keys:
                self.lists.show(kind, key, state.slots[kind][key], name, summary)
        self.lists.show(ALL, "", state.slots[ALL][""], name, summary)

    def _count(self, summary: Summary, by: int) -> None:
        facets = self.registry.facets
        for facet, value in _facets(summary):
            counted = facets.setdefault(facet, {})
            counted[value] = counted.get(value, 0) + by
            if not counted[value]:
                del counted[value]
            if not counted:
                del facets[facet]

    def _require(self, name: str, state: LineRecord, line: LineFacts) -> None:
        """Tell those that it requires, or required, where what they show of it differs."""
        new = shown_to(line.summary)
        old = shown_to(state.summary) if state.summary else None
        self._count_requirements(name, state.requires.keys(), line.requires.keys())
        for need in sorted({*state.requires, *line.requires}):
            stays = need in state.requires and need in line.requires
            if stays and new == old:
                continue
            by_name = self.states.get(DependentsState, dependents_path(need)).by_name
            if need in line.requires:
                by_name[name] = new
            else:
                by_name.pop(name, None)
            if not by_name:
                self.states.drop(dependents_path(need))
            self.dependents[need] = None

    def _count_requirements(self, name: str, old: Set[str], new: Set[str]) -> None:
        registry = self.registry
        if old == new:
            return
        for need in old ^ new:
            left = registry.required.get(need, 0) + (1 if need in new else -1)
            registry.required[need] = left
            if not left:
                del registry.required[need]
        registry.requires[name] = sorted(new)
        if not new:
            del registry.requires[name]

    def _settle_requirements(self) -> None:
        """Keep what each workflow requires while it can be drawn; where it can again, it is read anew."""
        registry = self.registry
        total = sum(registry.required.values())
        if total > MOST_DRAWN:
            registry.requires = {}
        elif total != sum(map(len, registry.requires.values())):
            names = (str(summary["name"]) for summary in self.lists.everything(ALL, ""))
            found = {name: self.states.find(LineRecord, line_path(name)) for name in names}
            registry.requires = {
                n: sorted(s.requires) for n, s in found.items() if s and s.requires
            }

    def settle(self) -> None:
        """Bring everything that is made of several workflows in step."""
        registry, every = self.registry, self.lists.everything
        self._settle_requirements()
        for kind, by in self.lists.settle().items():
            registry.groups[kind] = registry.groups.get(kind, 0) + by
        used = {name: s if s["downloads"] else None for name, s in self._shown.items()}
        registry.used = best_of(
            registry.used,
            used.items(),
            HIGHLIGHTS,
            by_downloads,
            lambda: (s for s in every(ALL, "") if s["downloads"]),
        )
        certified = {name: s if s["certified"] else None for name, s in self._shown.items()}
        registry.certified = best_of(
            registry.certified,
            certified.items(),
            HIGHLIGHTS,
            by_update,
            lambda: (s for s in every(ALL, "") if s["certified"]),
        )


def _facets(summary: Summary) -> Iterable[tuple[str, str]]:
    """(facet, value) pairs that are counted."""
    if not summary:
        return
    if summary["licence"]:
        yield "licence", cast(str, summary["licence"])
    for facet in ("edges", "models"):
        for value in cast(list[str], summary[facet]):
            yield facet, value
    for facet in ("offline", "certified"):
        if summary[facet]:
            yield facet, "yes"
