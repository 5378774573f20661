"""What a pull request changes, and what a rule on changes is: it judges paths, not contents."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from registry_tool.core.finding import Finding, Severity
from registry_tool.store.changes import Change
from registry_tool.store.paths import version_of


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Every changed path between the base and the merge result; `published` are (name, version) on the base."""

    changes: tuple[Change, ...]
    published: Collection[tuple[str, str]] = ()

    def versions(self) -> list[tuple[str, str]]:
        """(name, version) of every touched version, in order of path."""
        places = (version_of(change.path) for change in self.changes)
        return list(dict.fromkeys((place[0], place[1]) for place in places if place))


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """One check on a change set. `id` is also its heading in docs/rules.md."""

    id: str
    summary: str
    check: Callable[[ChangeSet], Iterator[Finding]]


def on_path(rule: str, path: str, message: str, help_: str) -> Finding:
    """An error about a path as a whole."""
    return Finding(path, 0, 0, rule, Severity.ERROR, message, help_)
