"""`puppy-cli outdated`: which required workflows have newer versions than a project uses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from registry_tool.commands.author.fmt import manifest_file
from registry_tool.core.errors import NotFoundError
from registry_tool.core.records import Record
from registry_tool.core.values import Object
from registry_tool.manifest.load import load_file
from registry_tool.manifest.model import Requirement
from registry_tool.resolver.candidates import Candidate, candidates_for
from registry_tool.resolver.latest import latest
from registry_tool.resolver.lock import Lock
from registry_tool.resolver.ranges import admits
from registry_tool.resolver.version import Bump, bump_between, parse
from registry_tool.sources.configuration.choice import AnyRegistry, as_choice, demand_known
from registry_tool.sources.lock_file import LOCK_FILE, read_locked
from registry_tool.sources.reader import Reader, near, open_reader


class DependencyState(Record, frozen=True):
    """A requirement beside a registry.

    `current` is the version that the lock holds, `wanted` the highest one that the range admits, `latest` the
    registry's latest; empty where there is none.
    """

    name: str
    range: str
    registry: str
    current: str
    wanted: str
    latest: str

    @property
    def used(self) -> str:
        """What a run takes now."""
        return self.current or self.wanted

    @property
    def kind(self) -> Bump:
        """`major`, `minor`, `patch` or `prerelease` where the latest is higher, else `none`."""
        if self.used and parse(self.latest) <= parse(self.used):
            return "none"
        return bump_between(self.used, self.latest) if self.used else "major"

    @property
    def is_outdated(self) -> bool:
        """Whether a newer version is wanted, or there is one beyond the range."""
        return self.kind != "none" or self.used != self.wanted

    def to_value(self) -> Object:
        """As JSON."""
        members = ("name", "range", "registry", "current", "wanted", "latest", "kind")
        return {name: getattr(self, name) for name in members}


def outdated(project: Path, registry: AnyRegistry) -> tuple[DependencyState, ...]:
    """Every requirement of a project, by name; `NotFoundError` for one that the registry doesn't have."""
    file = manifest_file(project)
    requires = load_file(file).workflow.requires
    if not requires:
        return ()
    demand_known(as_choice(registry), "outdated")
    lock = read_locked(file.parent / LOCK_FILE)
    reader = open_reader(registry)
    return tuple(state_of(one, reader, lock) for one in sorted(requires, key=lambda r: r.name))


def state_of(requirement: Requirement, reader: Reader, lock: Lock) -> DependencyState:
    """One requirement beside a registry and a lock."""
    candidates = candidates_for(reader, requirement.name, [requirement.registry])
    if not candidates:
        raise NotFoundError(
            f"there is no workflow {requirement.name}",
            location=reader.location,
            hint=near(requirement.name, reader.names()),
        )
    locked = lock.workflows.get(requirement.name)
    inside = [c for c in candidates if admits(requirement.range, c.version) and not c.yanked]
    return DependencyState(
        requirement.name,
        requirement.range,
        requirement.registry,
        locked.version if locked else "",
        _latest(inside),
        _latest(candidates),
    )


def _latest(candidates: Sequence[Candidate]) -> str:
    """The highest of them as the registry counts; empty for none."""
    if not candidates:
        return ""
    return latest([c.version for c in candidates], {c.version for c in candidates if c.yanked})
