"""References: `name`, `name@range`, `name:version` or a path; and the program that one leads to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.core.records import Record
from registry_tool.manifest.model import Requirement, Workflow
from registry_tool.manifest.names import bad_name, bad_version
from registry_tool.manifest.notice import Level
from registry_tool.resolver.candidates import Candidate
from registry_tool.resolver.latest import latest
from registry_tool.resolver.lock import Lock, lock_of
from registry_tool.resolver.ranges import admits, is_valid
from registry_tool.resolver.solve import Resolution, solve
from registry_tool.sources.bundle import BundleReader
from registry_tool.sources.configuration.choice import AnyRegistry, as_choice
from registry_tool.sources.configuration.location import WAYS
from registry_tool.sources.installed import open_source
from registry_tool.sources.lock_file import LOCK_FILE, check_lock, read_locked, same_digests
from registry_tool.sources.program import Program, published_program
from registry_tool.sources.project import is_path, program_at, project_of
from registry_tool.sources.reader import Reader, near_in
from registry_tool.sources.several import required_in
from registry_tool.store import paths


class Reference(Record, frozen=True):
    """A name with a version or a range (at most one of them)."""

    name: str
    version: str = ""
    range: str = ""

    def __str__(self) -> str:
        if self.version:
            return f"{self.name}:{self.version}"
        return f"{self.name}@{self.range}" if self.range else self.name


def parse_reference(text: str) -> Reference:
    """The reference that `text` spells; `UsageError` says what is wrong with it."""
    for sign in (":", "@"):
        name, found, rest = text.partition(sign)
        if found:
            break
    else:
        name, sign, rest = text, "", ""
    reason = bad_name(name)
    if reason is None and sign == ":" and (wrong := bad_version(rest)):
        reason = f"{rest!r} {wrong}"
    if reason is None and sign == "@" and not is_valid(rest):
        reason = f"{rest!r} is not a version range"
    if reason:
        raise UsageError(
            f"{text!r} is not a reference: {reason}",
            hint="write name, name:1.2.0, name@^1.2 or a path",
        )
    return Reference(name, rest if sign == ":" else "", rest if sign == "@" else "")


def choose(reference: Reference, reader: Reader, lock: Lock | None = None) -> Candidate:
    """The version that a reference means; `NotFoundError` with what there is.

    A yanked one only by its number, where there is nothing else, or where a range admits what is locked.
    """
    candidates = {c.version: c for c in reader.versions(reference.name)}
    if not candidates:
        raise NotFoundError(
            f"there is no workflow {reference.name}",
            location=reader.location,
            hint=near_in(reader, reference.name),
        )
    if reference.version:
        fitting = {v: c for v, c in candidates.items() if v == reference.version}
    elif reference.range:
        kept = lock.versions.get(reference.name) if lock else None
        inside = {v: c for v, c in candidates.items() if admits(reference.range, v)}
        fitting = {v: c for v, c in inside.items() if not c.yanked or v == kept}
    else:
        fitting = candidates
    if not fitting:
        have = ", ".join(v + (" (yanked)" if c.yanked else "") for v, c in candidates.items())
        raise NotFoundError(
            f"no version of {reference.name} is {reference.version or reference.range}",
            location=reader.location,
            hint=f"there are {have}",
        )
    best = latest(fitting, {v for v, c in fitting.items() if c.yanked})
    return reader.with_digest(fitting[best])


class OpenedProgram(Record, frozen=True):
    """A program with the lock of its dependencies and, from a registry, its version there.

    `warnings` are sentences about versions that should not be used.
    """

    program: Program
    lock: Lock
    candidate: Candidate | None = None
    warnings: tuple[str, ...] = ()


def open_reference(text: str, registry: AnyRegistry, lock: Lock | None = None) -> OpenedProgram:
    """The program that a reference or path leads to, dependencies resolved from `registry` (as in `lock`).

    `RegistryError` where the registry gives a locked version with another digest, the referred one included.
    """
    path = Path(text)
    if is_path(text):
        return _from_path(path, registry)
    reader = open_source(registry, Path())
    reference = parse_reference(text)
    candidate = choose(reference, reader)
    same_digests(lock or Lock(), {candidate.name: candidate})
    if lock is not None and not reference.version:
        _not_older(lock, candidate, reader)
    program = published_program(reader.files(candidate), candidate)
    return complete(program, reader, lock or Lock(), candidate)


def open_to_test(text: str, registry: AnyRegistry, lock: Lock | None = None) -> OpenedProgram:
    """Open a reference for its tests; a project needs no registry: without one, a warning says what was left out.

    An edge that calls a dependency then fails, unless the test has its answer.
    """
    try:
        return open_reference(text, registry, lock)
    except NotFoundError:
        project = project_of(text)
        if not is_path(text) or as_choice(registry).is_known or (project / LOCK_FILE).exists():
            raise
    program = program_at(Path(text))
    return OpenedProgram(program, Lock(), warnings=(left_out(program.workflow),))


def left_out(workflow: Workflow) -> str:
    """The sentence about dependencies that no registry was asked for."""
    names = ", ".join(f"{need.name} {need.range}" for need in workflow.requires)
    return f"not checked: the dependencies ({names}), since no registry is known ({WAYS} with --registry)"


def _not_older(lock: Lock, candidate: Candidate, reader: Reader) -> None:
    """A registry whose newest version is older than the locked one is an old copy, or was cut."""
    locked = lock.workflows.get(candidate.name)
    if locked and latest([locked.version, candidate.version], set()) != candidate.version:
        check_lock(Lock({candidate.name: locked}), reader)


def open_workflow(text: str, registry: AnyRegistry) -> Workflow:
    """Only the workflow that a reference or path leads to; its dependencies are not looked at."""
    return open_alone(text, registry).workflow


def open_alone(text: str, registry: AnyRegistry) -> Program:
    """The program that a reference or path leads to, without its dependencies: they are not looked at."""
    if is_path(text):
        return program_at(Path(text))
    reader = open_source(registry, Path())
    candidate = choose(parse_reference(text), reader)
    return published_program(reader.files(candidate), candidate)


def _from_path(path: Path, registry: AnyRegistry) -> OpenedProgram:
    return with_dependencies(program_at(path), path, registry)


def with_dependencies(program: Program, path: Path, registry: AnyRegistry) -> OpenedProgram:
    """The program of a path with what it requires, resolved from a registry as the lock beside it says.

    What a bundle requires lies in it.
    """
    if path.suffix == ".wfbundle":
        reader = BundleReader(path)
        return complete(program, reader, reader.lock, reader.root)
    if not program.workflow.requires:
        return OpenedProgram(program, Lock())
    lock = read_locked(path / LOCK_FILE)
    project = path if path.is_dir() else path.parent
    return complete(program, open_source(_home(path, registry), project), lock, None)


def own_files(text: str) -> tuple[Path, ...]:
    """The files that a path leads to and that nothing may overwrite; none where the text is not a path."""
    path = Path(text)
    if not is_path(text):
        return ()
    folder = project_of(text)
    names = (
        *(paths.PROJECT_MANIFEST, paths.MANIFEST, paths.COMPILED),
        *(paths.CASSETTES, paths.README, paths.OWNERS, LOCK_FILE),
    )
    return (path, *(folder / name for name in names))


def _home(path: Path, registry: AnyRegistry) -> AnyRegistry:
    """The registry that a version's folder lies in, else the given one."""
    for folder in path.resolve().parents:
        if (folder / paths.REGISTRY_FILE).is_file():
            return str(folder)
    return registry


def complete(
    program: Program, reader: Reader, lock: Lock, candidate: Candidate | None
) -> OpenedProgram:
    """The program with all that it may call, as resolved from a registry (as in `lock`), digests verified."""
    workflow = program.workflow
    if candidate is not None:
        workflow = replace(workflow, requires=required_in(candidate.registry, workflow.requires))
    resolution = resolve_dependencies(workflow, reader, lock)
    callees = {
        name: published_program(reader.files(chosen), chosen)
        for name, chosen in resolution.chosen.items()
    }
    whole = Program(program.workflow, program.files, program.location, callees)
    used = [*resolution.chosen.values(), *([candidate] if candidate else [])]
    return OpenedProgram(whole, lock_of(resolution), candidate, warnings_about(used))


def warnings_about(used: Iterable[Candidate]) -> tuple[str, ...]:
    """What must be said about the versions in use; mere notices are only shown, not said."""
    return tuple(
        candidate.notice.words(f"{candidate.name}:{candidate.version}")
        for candidate in used
        if candidate.notice is not None and candidate.notice.level is not Level.NOTICE
    )


def resolve_dependencies(workflow: Workflow, reader: Reader, lock: Lock) -> Resolution:
    """The dependencies of a workflow; what a lock says of them must be what the registry has."""
    resolution = resolved(workflow.requires, reader, by=workflow.reference, locked=lock.versions)
    check_lock(Lock({n: k for n, k in lock.workflows.items() if n in resolution.chosen}), reader)
    same_digests(lock, resolution.chosen)
    return resolution


def resolved(
    requirements: Iterable[Requirement],
    reader: Reader,
    *,
    by: str = "you",
    locked: Mapping[str, str] | None = None,
) -> Resolution:
    """What `solve` chooses from a registry, each with its digest."""
    found = solve(requirements, reader, by=by, locked=locked)
    chosen = {name: reader.with_digest(candidate) for name, candidate in found.chosen.items()}
    return replace(found, chosen=chosen)
