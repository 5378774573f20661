"""Several registries as one source: an order for names that say no registry, and the ones that a name may say.

A name is taken from the first registry of the order that has it, and never from another because a version is
missing there or the registry can't be reached. A published version's own requirements mean its own registry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.values import Object
from registry_tool.manifest.model import Requirement
from registry_tool.resolver.candidates import Candidate
from registry_tool.sources.base import Searchable
from registry_tool.sources.configuration.choice import RegistryChoice
from registry_tool.sources.configuration.named import PUBLIC, NamedRegistry
from registry_tool.store.paths import REGISTRY_FILE

if TYPE_CHECKING:
    from registry_tool.sources.search import SearchResults


@dataclass
class CombinedReader:
    """The registries of a choice; each is opened when it is asked.

    `declared` gives those that the first one's settings name, by name. The choice's notes say what a user should
    hear of where workflows were taken from.
    """

    choice: RegistryChoice
    open_: Callable[[NamedRegistry], Searchable]
    declared: Callable[[], Mapping[str, str]] = dict
    _opened: dict[str, Searchable] = field(default_factory=dict)

    @property
    def location(self) -> str:
        """Where they are, the first first."""
        return ", ".join(one.shown for one in self.choice.order)

    def demand_first(self) -> None:
        """`RegistryError` where the first registry can't be opened."""
        self._reader(self.choice.order[0])

    def roots(self) -> Mapping[str, str]:
        """The pinned roots of the registries that were asked, as a lock calls those."""
        known = {one.location: one for one in (*self.choice.named.values(), *self.choice.order)}
        pins = {place: getattr(reader, "pin", None) for place, reader in self._opened.items()}
        return {self._called(one): str(pins[at]) for at, one in known.items() if pins.get(at)}

    def names(self) -> Sequence[str]:
        """Every workflow's name in the order's registries, sorted."""
        return sorted({name for one in self.choice.order for name in self._reader(one).names()})

    def some_names(self) -> Sequence[str]:
        """Names to compare a mistyped one with, of the order's registries."""
        found = (self._reader(one).some_names() for one in self.choice.order)
        return sorted({name for names in found for name in names})

    def summaries(self) -> list[Object]:
        """WorkflowSummary objects by name; of a name that several have, that of the first."""
        found: dict[str, Object] = {}
        for one in self.choice.order:
            for summary in self._reader(one).summaries():
                found.setdefault(str(summary["name"]), summary)
        return [found[name] for name in sorted(found)]

    def search(self, text: str, order: str = "") -> SearchResults:
        """What a search finds in the order's registries; of a name that several have, the first one's."""
        from registry_tool.sources.search import search

        readers = [self._reader(one) for one in self.choice.order]
        return search(
            *(readers, text, order),
            lambda position, name: any(one.versions(name) for one in readers[:position]),
        )

    def versions(self, name: str) -> Sequence[Candidate]:
        """All versions of a workflow in the first registry of the order that has it, oldest first."""
        for position, one in enumerate(self.choice.order):
            if found := self._reader(one).versions(name):
                self._note_others(name, position)
                return self._tagged(found, one, (PUBLIC, one.name))
        return ()

    def versions_in(self, registry: str, name: str) -> Sequence[Candidate]:
        """All versions of a workflow in the registry that a requirement or a lock calls so."""
        if registry == PUBLIC:
            return self.versions(name)
        one = self._named(registry, name)
        if len(self.choice.order) == 1 and one == self.choice.order[0]:
            return self.versions(name)
        return self._tagged(self._reader(one).versions(name), one, (one.name,))

    def requires(self, candidate: Candidate) -> Sequence[Requirement]:
        """What a version requires, in its own registry where it says no other."""
        return required_in(candidate.registry, self._of(candidate).requires(candidate))

    def with_digest(self, candidate: Candidate) -> Candidate:
        """A version with its digest."""
        return replace(candidate, digest=self._of(candidate).with_digest(candidate).digest)

    def files(self, candidate: Candidate) -> Mapping[str, bytes]:
        """A version's files, digest verified."""
        return self._of(candidate).files(candidate)

    def attestation(self, candidate: Candidate) -> bytes | None:
        """The attestation of a version's package; None where there is none."""
        return self._of(candidate).attestation(candidate)

    def _tagged(
        self, found: Sequence[Candidate], one: NamedRegistry, names: tuple[str, ...]
    ) -> Sequence[Candidate]:
        """Candidates with what locks and requirements call their registry; a single one needs no name."""
        called = self._called(one)
        return [replace(c, registry=called, names=tuple(dict.fromkeys(names))) for c in found]

    def _called(self, one: NamedRegistry) -> str:
        single = len(self.choice.order) == 1 and one == self.choice.order[0]
        return PUBLIC if single else one.name

    def _of(self, candidate: Candidate) -> Searchable:
        if candidate.registry == PUBLIC and len(self.choice.order) == 1:
            return self._reader(self.choice.order[0])
        return self._reader(self._named(candidate.registry, candidate.name))

    def _named(self, registry: str, name: str) -> NamedRegistry:
        known = {one.name: one for one in self.choice.order} | dict(self.choice.named)
        if registry in known:
            return known[registry]
        if address := self.declared().get(registry):
            return NamedRegistry(registry, address, REGISTRY_FILE)
        raise UsageError(
            f"{name} is required of the registry {registry[:64]!r}, and none of that name is known",
            location=self.location,
            hint=f"puppy-cli config set registries.{registry[:64]} ADDRESS, or name it in puppy.toml",
        )

    def _reader(self, one: NamedRegistry) -> Searchable:
        if one.location not in self._opened:
            self._opened[one.location] = self.open_(one)
        return self._opened[one.location]

    def _note_others(self, name: str, position: int) -> None:
        """Somebody may have published the name of another registry's workflow: it is said which one is used."""
        used, *others = self.choice.order[position:]
        if not others:
            return
        having = [one.name for one in others if self._has(one, name)]
        if having:
            self.choice.notes.say(
                f"{name} is taken from {used.name}; {', '.join(having)} has one of that name, too"
            )

    def _has(self, one: NamedRegistry, name: str) -> bool:
        try:
            return bool(self._reader(one).versions(name))
        except RegistryError:
            self.choice.notes.say(
                f"whether {one.name} has a workflow {name}, too, could not be asked"
            )
            return False


def required_in(registry: str, needs: Sequence[Requirement]) -> tuple[Requirement, ...]:
    """Requirements of a version that is in a registry: where one names none, that registry is meant."""
    if registry == PUBLIC:
        return tuple(needs)
    return tuple(replace(n, registry=registry) if n.registry == PUBLIC else n for n in needs)
