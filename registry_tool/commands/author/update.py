"""`puppy-cli update`: the newest versions that a project's ranges admit, or its ranges raised to the latest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from registry_tool.commands.author.fmt import demand_unpublished, manifest_file
from registry_tool.commands.author.outdated import state_of
from registry_tool.core.errors import NotFoundError
from registry_tool.core.files import write_atomic
from registry_tool.core.records import Record
from registry_tool.core.suggest import did_you_mean
from registry_tool.core.values import Object
from registry_tool.manifest.layout.dependencies import with_requirement
from registry_tool.manifest.load import load, read_manifest
from registry_tool.manifest.model import Requirement, Workflow
from registry_tool.resolver.lock import Lock, lock_of
from registry_tool.resolver.ranges import admits
from registry_tool.sources.configuration.choice import AnyRegistry, as_choice, demand_known
from registry_tool.sources.lock_file import LOCK_FILE, read_locked
from registry_tool.sources.reader import Reader, open_reader
from registry_tool.sources.reference import resolved, warnings_about


class UpdateStep(Record, frozen=True):
    """A change for one name: its `range` in the manifest, or its `version` in the lock; empty for none."""

    name: str
    what: str
    before: str
    after: str

    def to_value(self) -> Object:
        """As JSON."""
        return {"name": self.name, "what": self.what, "before": self.before, "after": self.after}


class UpdateResult(Record, frozen=True):
    """What changed, and what must be said about the versions in use. `written` is false for a dry run."""

    steps: tuple[UpdateStep, ...]
    written: bool
    warnings: tuple[str, ...] = ()

    def to_value(self) -> Object:
        """As JSON."""
        return {"changes": [step.to_value() for step in self.steps], "written": self.written}


def update(
    project: Path,
    registry: AnyRegistry,
    names: Sequence[str] = (),
    *,
    to_latest: bool = False,
    dry_run: bool = False,
) -> UpdateResult:
    """Take the newest versions of the named requirements (all of them without names) and lock them.

    With `to_latest`, ranges that don't admit the latest version are raised to it in the manifest. All of it is
    resolved before anything is written.
    """
    file = manifest_file(project)
    demand_unpublished(file)
    data = read_manifest(file)
    workflow = load(data, str(file)).workflow
    _demand_required(names, workflow)
    if not workflow.requires:
        return UpdateResult((), False)
    demand_known(as_choice(registry), "update")
    reader = open_reader(registry)
    lock_file = file.parent / LOCK_FILE
    old = read_locked(lock_file)
    chosen = frozenset(names or (one.name for one in workflow.requires))
    requires = [
        _raised(one, reader, chosen, old) if to_latest else one for one in workflow.requires
    ]
    kept = {name: v for name, v in old.versions.items() if names and name not in chosen}
    found = resolved(requires, reader, by=workflow.reference, locked=kept)
    new = lock_of(found, old.roots)
    raised = [pair for pair in zip(workflow.requires, requires, strict=True) if pair[0] != pair[1]]
    steps = (*(UpdateStep(a.name, "range", a.range, b.range) for a, b in raised), *_steps(old, new))
    if steps and not dry_run:
        text = data.decode()
        for _, after in raised:
            text = with_requirement(text, str(file), after)
        if raised:
            write_atomic(file, text.encode())
        write_atomic(lock_file, new.to_bytes())
    return UpdateResult(steps, bool(steps) and not dry_run, warnings_about(found.chosen.values()))


def _demand_required(names: Collection[str], workflow: Workflow) -> None:
    known = [one.name for one in workflow.requires]
    for name in names:
        if name not in known:
            have = f"it requires {', '.join(known)}" if known else "it requires no workflows"
            raise NotFoundError(
                f"{workflow.reference} does not require {name[:64]!r}",
                hint=f"{did_you_mean(name, known)} {have}".strip(),
            )


def _raised(
    requirement: Requirement, reader: Reader, names: Collection[str], lock: Lock
) -> Requirement:
    """With a range of the same kind around the latest version, where the old one doesn't admit that."""
    if requirement.name not in names:
        return requirement
    latest = state_of(requirement, reader, lock).latest
    if admits(requirement.range, latest):
        return requirement
    return Requirement(requirement.name, _around(requirement.range, latest), requirement.registry)


def _around(range_: str, version: str) -> str:
    """`~` stays `~`, an exact version exact; everything else becomes `^`."""
    if range_.startswith("~"):
        return f"~{version}"
    return (
        version
        if range_[:1].isdigit() and range_.count(".") == 2 and "x" not in range_
        else f"^{version}"
    )


def _steps(old: Lock, new: Lock) -> list[UpdateStep]:
    before, after = old.versions, new.versions
    names = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    return [UpdateStep(n, "version", before.get(n, ""), after.get(n, "")) for n in names]
