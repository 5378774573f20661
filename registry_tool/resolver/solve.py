"""Which version of every dependency: npm ranges, one version a workflow, the highest that fits; by resolvelib."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from registry_tool.core.errors import RegistryError
from registry_tool.manifest.model import Requirement
from registry_tool.resolver.candidates import Candidate, Source
from registry_tool.resolver.ranges import admits
from registry_tool.resolver.version import parse


@dataclass(frozen=True, slots=True)
class Want:
    """A requirement and who has it: a reference such as `review-digest:1.0.0`, or `you`."""

    requirement: Requirement
    by: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """The chosen candidate of every dependency, by name, names sorted; `yanked` are those kept by a lock."""

    chosen: Mapping[str, Candidate] = field(default_factory=dict)
    yanked: tuple[str, ...] = ()


class ConflictError(RegistryError):
    """No choice satisfies everyone. `wants` are the requirements that meet, `published` what there is."""

    def __init__(self, name: str, wants: Sequence[Want], published: Sequence[Candidate]) -> None:
        self.name, self.wants, self.published = name, tuple(wants), tuple(published)
        have = ", ".join(c.version + (" (yanked)" if c.yanked else "") for c in published)
        chain = "; ".join(f"{want.by} requires {name} {want.requirement.range}" for want in wants)
        super().__init__(
            f"no version of {name} satisfies everyone: {chain}",
            way_out=f"published: {have or 'nothing of that name'}",
        )


class CycleError(RegistryError):
    """Workflows that require each other; `names` begins and ends with the same one."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(
            f"dependencies go in a circle: {' → '.join(names)}", way_out="remove one of them"
        )


def solve(
    requirements: Iterable[Requirement],
    source: Source,
    *,
    by: str = "you",
    locked: Mapping[str, str] | None = None,
) -> Resolution:
    """One candidate for every dependency; `locked` (name → version) is kept where it fits.

    `ConflictError` and `CycleError` say why there is none.
    """
    from resolvelib import BaseReporter, ResolutionImpossible
    from resolvelib.resolvers import Resolution as Search

    provider = _provider(source, dict(locked or {}))
    roots = [Want(requirement, by) for requirement in requirements]
    try:
        pinned = Search(provider, BaseReporter()).resolve(roots, max_rounds=20_000).mapping
    except ResolutionImpossible as impossible:
        wants = [cause.requirement for cause in impossible.causes]
        name = wants[0].requirement.name
        raise ConflictError(
            name, [w for w in wants if w.requirement.name == name], source.versions(name)
        ) from None
    chosen = _reached(roots, pinned)
    if cycle := _cycle(chosen, by):
        raise CycleError(cycle)
    return Resolution(chosen, tuple(name for name, c in chosen.items() if c.yanked))


def _reached(roots: Iterable[Want], pinned: Mapping[str, Candidate]) -> dict[str, Candidate]:
    """The pinned candidates that someone still requires, names sorted.

    What `Resolver` would do with a `Search`, but its walk never ends where abandoned pins require each other.
    """
    waiting = [want.requirement.name for want in roots]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += (need.name for need in pinned[name].requires)
    return {name: pinned[name] for name in sorted(found)}


def _provider(source: Source, locked: dict[str, str]) -> Any:  # resolvelib is imported lazily
    from resolvelib import AbstractProvider

    class Provider(AbstractProvider):  # type: ignore[misc, type-arg, unused-ignore]
        def identify(self, requirement_or_candidate: Any) -> str:
            thing = requirement_or_candidate
            return str(thing.requirement.name if isinstance(thing, Want) else thing.name)

        def get_preference(self, identifier: Any, *_: Any, **__: Any) -> Any:
            return identifier

        def find_matches(
            self, identifier: Any, requirements: Any, incompatibilities: Any
        ) -> list[Candidate]:
            wants = list(requirements[identifier])
            refused = {candidate.version for candidate in incompatibilities[identifier]}
            fitting = [
                candidate
                for candidate in source.versions(identifier)
                if candidate.version not in refused
                and all(_fits(want, candidate) for want in wants)
                and (not candidate.yanked or locked.get(identifier) == candidate.version)
            ]
            fitting.sort(key=lambda c: parse(c.version), reverse=True)
            fitting.sort(key=lambda c: c.version != locked.get(identifier))
            return fitting

        def is_satisfied_by(self, requirement: Any, candidate: Any) -> bool:
            return _fits(requirement, candidate)

        def get_dependencies(self, candidate: Any) -> list[Want]:
            reference = f"{candidate.name}:{candidate.version}"
            return [Want(need, reference) for need in candidate.requires]

    return Provider()


def _fits(want: Want, candidate: Candidate) -> bool:
    need = want.requirement
    return need.registry == candidate.registry and admits(need.range, candidate.version)


def _cycle(chosen: Mapping[str, Candidate], start: str) -> list[str]:
    """One circle among the chosen, first name repeated last; empty where there is none."""
    done: set[str] = set()
    for name in chosen:
        if circle := next(_circles(chosen, name, [], done), None):
            return circle
    return []


def _circles(
    chosen: Mapping[str, Candidate], name: str, path: list[str], done: set[str]
) -> Iterator[list[str]]:
    if name in path:
        yield [*path[path.index(name) :], name]
        return
    if name in done:
        return
    for need in chosen[name].requires if name in chosen else ():
        yield from _circles(chosen, need.name, [*path, name], done)
    done.add(name)
