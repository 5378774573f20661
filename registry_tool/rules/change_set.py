"""What a pull request changes, and what a rule on changes is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from registry_tool.core.finding import Finding, Problem, Severity
from registry_tool.manifest.owners import OwnerAccount, Owners, OwnersFile
from registry_tool.manifest.positions import locate
from registry_tool.security.access import COLLABORATOR, OWNER
from registry_tool.store.changes import Change
from registry_tool.store.paths import owners_file, version_of, workflow_of
from registry_tool.store.tree_flaws import TreeFlaw

_NOBODY = Owners()


@dataclass(frozen=True, slots=True)
class Pusher:
    """Who pushed a branch's head last, and did not open the pull request."""

    id: int
    login: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who opened the pull request: the forge's numeric id and login. `approvals` are ids of who approved it.

    `pushers` are others who pushed the head last, so that what is judged is also theirs; `pusher_unknown` tells
    that nobody knows who did.
    """

    id: int
    login: str = ""
    approvals: frozenset[int] = frozenset()
    pushers: tuple[Pusher, ...] = ()
    pusher_unknown: bool = False


@dataclass(frozen=True, slots=True)
class LineState:
    """One touched workflow on both sides: its owners' file (None: none, or broken) and its version numbers.

    `broken` says that the merge result's file is there and can't be read: other findings say why. `modify` is who
    may publish versions of it, as its newest version on the base says; where that can't be read, nobody may, and
    `unreadable` names it. Of versions whose tombstone is taken away, `once` gives the commit that removed them
    (absent: they were never published), and `restored` are those that stand again with the same files.
    """

    name: str
    before: OwnersFile | None = None
    after: OwnersFile | None = None
    was: tuple[str, ...] = ()
    now: tuple[str, ...] = ()
    broken: bool = False
    modify: tuple[str, ...] = (OWNER, COLLABORATOR)
    unreadable: str = ""
    once: Mapping[str, str] = field(default_factory=dict)
    restored: frozenset[str] = frozenset()

    @property
    def is_new(self) -> bool:
        """True where the base knows nothing of it."""
        return self.before is None and not self.was

    @property
    def owners_before(self) -> Owners:
        """The owners on the base; nobody where there is no file."""
        return self.before.owners if self.before else _NOBODY

    @property
    def owners_after(self) -> Owners:
        """The owners in the merge result; nobody where there is no file."""
        return self.after.owners if self.after else _NOBODY


def _no_names() -> Collection[str]:
    return ()


def _no_people() -> frozenset[OwnerAccount]:
    return frozenset()


@dataclass(frozen=True)
class ChangeSet:
    """Every changed path between the base and the merge result, and what the rules must know of both.

    `actor` is None where it is not known who asks: ownership is not judged then. `names` gives every workflow's
    name on the base (asked for only where a name is new). `teams` are the registry's, as numeric ids by name.
    `people` gives whom the base names anywhere (asked for only where a first publish names others than who asks).
    `flaws` are what is wrong with the tree objects themselves; nothing else is known then.
    """

    changes: tuple[Change, ...]
    lines: Mapping[str, LineState] = field(default_factory=dict)
    actor: Actor | None = None
    maintainers: frozenset[int] = frozenset()
    reserved: tuple[str, ...] = ()
    names: Callable[[], Collection[str]] = _no_names
    teams: Mapping[str, frozenset[int]] = field(default_factory=dict)
    flaws: tuple[TreeFlaw, ...] = ()
    people: Callable[[], frozenset[OwnerAccount]] = _no_people

    def versions(self) -> list[tuple[str, str]]:
        """(name, version) of every touched version, in order of path."""
        locations = (version_of(change.path) for change in self.changes)
        return list(dict.fromkeys((location[0], location[1]) for location in locations if location))

    def is_published(self, name: str, version: str) -> bool:
        """True for a version that the base has."""
        return name in self.lines and version in self.lines[name].was

    def touched_names(self) -> list[str]:
        """Names of every workflow that something is changed of, in order of path."""
        names = (workflow_of(change.path) for change in self.changes)
        return list(dict.fromkeys(name for name in names if name))

    def owners_changed(self) -> list[LineState]:
        """The lines whose owners' file differs."""
        changed = {change.path for change in self.changes}
        return [line for name, line in self.lines.items() if owners_file(name) in changed]

    @property
    def by_maintainer(self) -> bool:
        """True where a maintainer of the registry approves, or asks and pushed what is asked for."""
        if self.actor is None:
            return False
        if self.actor.approvals & self.maintainers:
            return True
        people = {self.actor.id, *(pusher.id for pusher in self.actor.pushers)}
        return not self.actor.pusher_unknown and people <= self.maintainers


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """One check on a change set. `id` is also its heading in docs/rules.md."""

    id: str
    summary: str
    check: Callable[[ChangeSet], Iterator[Finding]]


def on_path(
    rule: str, path: str, message: str, help_: str, severity: Severity = Severity.ERROR
) -> Finding:
    """A finding about a path as a whole."""
    return Finding(path, 0, 0, rule, severity, message, help_)


def in_owners(rule: str, line: LineState, problems: Iterable[Problem]) -> Iterator[Finding]:
    """Findings in the merge result's owners' file, with line and column."""
    if line.after is not None:
        yield from locate(problems, rule, line.after.document)
