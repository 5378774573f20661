"""`puppy-cli add`: a workflow that this one requires, written into the manifest in place."""

from __future__ import annotations

from pathlib import Path

from registry_tool.commands.author.fmt import demand_unpublished, manifest_file
from registry_tool.core.files import write_atomic
from registry_tool.core.records import Record
from registry_tool.core.values import Object
from registry_tool.manifest.layout.dependencies import with_requirement
from registry_tool.manifest.load import load, read_manifest
from registry_tool.manifest.model import Requirement
from registry_tool.resolver.candidates import Candidate
from registry_tool.sources.configuration.choice import AnyRegistry, as_choice, demand_known
from registry_tool.sources.configuration.named import PUBLIC
from registry_tool.sources.lock_file import LOCK_FILE, read_locked
from registry_tool.sources.reader import open_reader
from registry_tool.sources.reference import choose, parse_reference, resolved, warnings_about


class AddedRequirement(Record, frozen=True):
    """What the manifest requires now, the range before (empty: none), and the version that a run takes."""

    path: Path
    requirement: Requirement
    before: str
    version: str
    warnings: tuple[str, ...] = ()

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "path": str(self.path),
            "name": self.requirement.name,
            "range": self.requirement.range,
            "registry": self.requirement.registry,
            "before": self.before,
            "version": self.version,
        }


def add(reference: str, project: Path, registry: AnyRegistry) -> AddedRequirement:
    """Require `name` (`^` its latest), `name@range` or `name:version`; what can't be met is not written.

    `NotFoundError` with the nearest name for an unknown one, `RegistryError` with the conflict for a range that
    doesn't go with what is required already.
    """
    file = manifest_file(project)
    demand_unpublished(file)
    data = read_manifest(file)
    workflow = load(data, str(file)).workflow
    demand_known(as_choice(registry), "add")
    reader = open_reader(registry)
    requested = parse_reference(reference)
    chosen = choose(requested, reader)
    wanted = Requirement(
        requested.name,
        requested.range or requested.version or f"^{chosen.version}",
        _registry(chosen),
    )
    others = [one for one in workflow.requires if _key(one) != _key(wanted)]
    before = next((one.range for one in workflow.requires if _key(one) == _key(wanted)), "")
    locked = read_locked(file.parent / LOCK_FILE).versions
    locked.pop(wanted.name, None)
    found = resolved([*others, wanted], reader, by=workflow.reference, locked=locked)
    if before != wanted.range:
        write_atomic(file, with_requirement(data, str(file), wanted).encode())
    picked = found.chosen[wanted.name]
    return AddedRequirement(file, wanted, before, picked.version, warnings_about([picked]))


def _registry(chosen: Candidate) -> str:
    return PUBLIC if chosen.is_from(PUBLIC) else chosen.registry


def _key(requirement: Requirement) -> tuple[str, str]:
    return requirement.name, requirement.registry
