"""Why there is no choice: who requires what, as chains from the one who asked down to the conflict."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record
from registry_tool.manifest.model import Requirement
from registry_tool.resolver.candidates import Candidate, Source, candidates_for
from registry_tool.resolver.ranges import admits

PUBLIC = "public"


class RequirementInfo(Record, frozen=True):
    """A requirement and who has it: a reference such as `review-digest:1.0.0`, or `you`."""

    requirement: Requirement
    by: str

    def admits(self, candidate: Candidate) -> bool:
        """True where a candidate satisfies it: the right registry and a version in the range."""
        need = self.requirement
        return candidate.is_from(need.registry) and admits(need.range, candidate.version)

    def __str__(self) -> str:
        need = self.requirement
        where = "" if need.registry == PUBLIC else f" of the registry {need.registry}"
        return f"{need.name} {need.range}{where}"


Chain = tuple[RequirementInfo, ...]
"""From a root's own requirement down to the one that can't be met."""


class ConflictError(RegistryError):
    """No choice satisfies everyone. `chains` lead to the requirements that meet, `published` is what there is."""

    def __init__(self, name: str, chains: Sequence[Chain], published: Sequence[Candidate]) -> None:
        self.name, self.chains, self.published = name, tuple(chains), tuple(published)
        have = ", ".join(c.version + (" (yanked)" if c.yanked else "") for c in published)
        requirements = "; ".join(chain_text(chain) for chain in chains)
        everyone = "satisfies everyone" if len(chains) > 1 else "fits"
        super().__init__(
            f"no version of {name} {everyone}: {requirements}",
            hint=f"published: {have or 'nothing of that name'}",
        )


class CycleError(RegistryError):
    """Workflows that require each other; `names` begins and ends with the same one."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(
            f"dependencies go in a circle: {' → '.join(names)}", hint="remove one of them"
        )


def chain_text(chain: Chain) -> str:
    """`a:1.0.0 requires b ^1, b:1.2.0 requires c ^2`."""
    return ", ".join(f"{want.by} requires {want}" for want in chain)


def conflict(
    causes: Sequence[RequirementInfo],
    heard: Mapping[str, Collection[RequirementInfo]],
    source: Source,
) -> ConflictError:
    """The error for requirements that can't be met together; `heard` are all that were met on the way, by name."""
    names = list(dict.fromkeys(want.requirement.name for want in causes))
    name = next((n for n in names if not _together(causes, n, source)), names[0])
    wants = dict.fromkeys(want for want in causes if want.requirement.name == name)
    published = candidates_for(source, name, (want.requirement.registry for want in wants))
    return ConflictError(name, [_chain(want, heard) for want in wants], published)


def _together(causes: Sequence[RequirementInfo], name: str, source: Source) -> bool:
    """True where one version would do for every cause about `name`: then the conflict is elsewhere."""
    wants = [want for want in causes if want.requirement.name == name]
    registries = [want.requirement.registry for want in wants]
    return any(
        not candidate.yanked and all(want.admits(candidate) for want in wants)
        for candidate in candidates_for(source, name, registries)
    )


def _chain(want: RequirementInfo, heard: Mapping[str, Collection[RequirementInfo]]) -> Chain:
    """Upwards from `want`: who required the one that requires it, and so on; no name twice."""
    chain, names = [want], {want.requirement.name}
    while True:
        name, _, version = chain[0].by.partition(":")
        above = next(
            (
                other
                for other in heard.get(name, ())
                if version and admits(other.requirement.range, version)
            ),
            None,
        )
        if above is None or name in names:
            return tuple(chain)
        names.add(name)
        chain.insert(0, above)
