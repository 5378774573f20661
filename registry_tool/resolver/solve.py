"""Which version of every dependency: npm ranges, one version a workflow, the highest that fits; by resolvelib."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record, field
from registry_tool.manifest.model import Requirement
from registry_tool.resolver.candidates import Candidate, Source, candidates_for
from registry_tool.resolver.explain import (
    Chain,
    ConflictError,
    CycleError,
    RequirementInfo,
    conflict,
)
from registry_tool.resolver.version import parse

__all__ = ["Chain", "ConflictError", "CycleError", "RequirementInfo", "Resolution", "solve"]

_MAX_ROUNDS = 500


class Resolution(Record, frozen=True):
    """The chosen candidate of every dependency, by name, names sorted; `yanked` are those kept by a lock."""

    chosen: Mapping[str, Candidate] = field(default_factory=dict)
    yanked: tuple[str, ...] = ()


def solve(
    requirements: Iterable[Requirement],
    source: Source,
    *,
    by: str = "you",
    locked: Mapping[str, str] | None = None,
) -> Resolution:
    """One candidate for every dependency; `locked` (name → version) is kept where it fits.

    `ConflictError` and `CycleError` say why there is none. `by` is who requires, a reference where it is known:
    then a dependency that leads back to it is a cycle, too.
    """
    roots = [RequirementInfo(requirement, by) for requirement in requirements]
    if not roots:
        return Resolution()
    from resolvelib import ResolutionImpossible, ResolutionTooDeep

    provider = _provider(source, dict(locked or {}))
    search = _search(provider)
    try:
        pinned = search.resolve(roots, max_rounds=_MAX_ROUNDS).mapping
    except ResolutionImpossible as impossible:
        raise conflict(
            [cause.requirement for cause in impossible.causes], provider.heard, source
        ) from None
    except ResolutionTooDeep:
        causes = [cause.requirement for cause in search.state.backtrack_causes]
        last = (
            f"; the last conflict: {conflict(causes, provider.heard, source).reason}"
            if causes
            else ""
        )
        raise RegistryError(
            f"no choice of dependencies was found in {_MAX_ROUNDS} steps{last}",
            hint="narrow some ranges, or agree on newer versions",
        ) from None
    chosen = _reached(roots, pinned, source)
    if cycle := _cycle(roots, chosen, source):
        raise CycleError(cycle)
    return Resolution(chosen, tuple(name for name, c in chosen.items() if c.yanked))


def _reached(
    roots: Iterable[RequirementInfo], pinned: Mapping[str, Candidate], source: Source
) -> dict[str, Candidate]:
    """The pinned candidates that someone still requires, names sorted.

    What `Resolver` would do with a `Search`, but its walk never ends where abandoned pins require each other.
    """
    waiting = [want.requirement.name for want in roots]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += (need.name for need in source.requires(pinned[name]))
    return {name: pinned[name] for name in sorted(found)}


def _search(provider: Any) -> Any:
    """resolvelib's search, but what was found not to work is remembered once.

    Its own lists of it double with each step back: thirty conflicts on one way are gigabytes.
    """
    from resolvelib import BaseReporter
    from resolvelib.resolvers import Criterion
    from resolvelib.resolvers import Resolution as Search

    class Frugal(Search):  # type: ignore[misc, type-arg, unused-ignore]
        def _patch_criteria(self, incompatibilities_from_broken: Any) -> bool:
            done = super()._patch_criteria(incompatibilities_from_broken)
            criteria = self.state.criteria
            for name, old in criteria.items():
                if len(old.incompatibilities) > 1:
                    once = list({_key(c): c for c in old.incompatibilities}.values())
                    criteria[name] = Criterion(old.candidates, old.information, once)
            return bool(done)

    return Frugal(provider, BaseReporter())


_Key = tuple[str, str]


def _key(candidate: Candidate) -> _Key:
    """What tells a candidate from the others of its name: the same version may be in two registries."""
    return candidate.registry, candidate.version


def _provider(source: Source, locked: dict[str, str]) -> Any:  # resolvelib is imported lazily
    from resolvelib import AbstractProvider

    class Provider(AbstractProvider):  # type: ignore[misc, type-arg, unused-ignore]
        def __init__(self) -> None:
            self.heard: dict[str, dict[RequirementInfo, None]] = {}
            self._newest_first: dict[tuple[str, frozenset[str]], list[Candidate]] = {}
            self._admitted: dict[Requirement, frozenset[_Key]] = {}

        def candidates(self, name: str, registries: frozenset[str]) -> list[Candidate]:
            """All candidates of some registries, the locked one first, then the newest."""
            key = (name, registries)
            if key not in self._newest_first:
                there = candidates_for(source, name, registries)
                found = sorted(there, key=lambda c: parse(c.version), reverse=True)
                found.sort(key=lambda c: c.version != locked.get(name))
                self._newest_first[key] = found
            return self._newest_first[key]

        def admitted(self, want: RequirementInfo) -> frozenset[_Key]:
            """The candidates that a requirement admits; a search asks thousands of times."""
            need = want.requirement
            if need not in self._admitted:
                known = self.candidates(need.name, frozenset({need.registry}))
                self._admitted[need] = frozenset(_key(c) for c in known if want.admits(c))
            return self._admitted[need]

        def identify(self, requirement_or_candidate: Any) -> str:
            thing = requirement_or_candidate
            return str(thing.requirement.name if isinstance(thing, RequirementInfo) else thing.name)

        def get_preference(
            self,
            identifier: Any,
            resolutions: Any,
            candidates: Any,
            information: Any,
            backtrack_causes: Any,
        ) -> Any:
            """What conflicted before comes first, then what has the fewest choices: dead ends show early."""
            conflicted = any(
                identifier == cause.requirement.requirement.name
                or (cause.parent is not None and identifier == cause.parent.name)
                for cause in backtrack_causes
            )
            choices = sum(1 for _ in candidates[identifier])
            return (not conflicted, choices, identifier)

        def find_matches(
            self, identifier: Any, requirements: Any, incompatibilities: Any
        ) -> list[Candidate]:
            wants = list(requirements[identifier])
            self.heard.setdefault(identifier, {}).update(dict.fromkeys(wants))
            refused = {_key(candidate) for candidate in incompatibilities[identifier]}
            registries = frozenset(want.requirement.registry for want in wants)
            sets = {self.admitted(want) for want in wants}
            return [
                candidate
                for candidate in self.candidates(identifier, registries)
                if _key(candidate) not in refused
                and all(_key(candidate) in admitted for admitted in sets)
                and (not candidate.yanked or locked.get(identifier) == candidate.version)
            ]

        def is_satisfied_by(self, requirement: Any, candidate: Any) -> bool:
            return _key(candidate) in self.admitted(requirement)

        def get_dependencies(self, candidate: Any) -> list[RequirementInfo]:
            reference = f"{candidate.name}:{candidate.version}"
            return [RequirementInfo(need, reference) for need in source.requires(candidate)]

    return Provider()


def _cycle(
    roots: Iterable[RequirementInfo], chosen: Mapping[str, Candidate], source: Source
) -> list[str]:
    """One circle among the roots' owner and the chosen, first name repeated last; empty where there is none."""
    needs = {
        name: [need.name for need in source.requires(candidate)]
        for name, candidate in chosen.items()
    }
    for want in roots:
        needs.setdefault(want.by.split(":")[0], []).append(want.requirement.name)
    done: set[str] = set()
    for name in needs:
        if circle := next(_circles(needs, name, [], done), None):
            return circle
    return []


def _circles(
    needs: Mapping[str, Sequence[str]], name: str, path: list[str], done: set[str]
) -> Iterator[list[str]]:
    if name in path:
        yield [*path[path.index(name) :], name]
        return
    if name in done:
        return
    for need in needs.get(name, ()):
        yield from _circles(needs, need, [*path, name], done)
    done.add(name)
