"""`puppy-cli install`: packages and `workflow.lock` into a project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.files import read_limited, write_atomic
from registry_tool.core.output_folder import demand_inside, demand_outside_git
from registry_tool.core.values import Object, Value
from registry_tool.manifest.model import Requirement
from registry_tool.package.build import package_bytes
from registry_tool.package.bundle import SUFFIX
from registry_tool.package.limits import MAX_PACKAGE
from registry_tool.package.open import open_package
from registry_tool.resolver.lock import Lock, lock_of
from registry_tool.sources.bundle import BundleReader
from registry_tool.sources.configuration.choice import AnyRegistry, as_choice
from registry_tool.sources.installed import FOLDER, InstalledReader
from registry_tool.sources.lock_file import LOCK_FILE, check_lock, read_locked, same_digests
from registry_tool.sources.reader import Reader, open_reader
from registry_tool.sources.reference import choose, parse_reference, resolved, warnings_about
from registry_tool.sources.several import CombinedReader
from registry_tool.store import paths


@dataclass(frozen=True, slots=True)
class InstallResult:
    """What stands in the lock now, and how many packages were written or were there already.

    `warnings` are sentences about versions that should not be used; `pinned` are the roots of registries that were
    met for the first time, by what the lock calls those.
    """

    lock: Lock
    written: int
    kept: int
    lock_file: Path
    warnings: tuple[str, ...] = ()
    pinned: Mapping[str, str] = field(default_factory=dict)

    def to_value(self) -> Object:
        """As JSON."""
        locked = self.lock.workflows.items()
        return {
            "workflows": {
                name: {"version": one.version, "digest": one.digest} for name, one in locked
            },
            "written": self.written,
            "kept": self.kept,
            "lock_file": str(self.lock_file),
            "warnings": list(self.warnings),
            "pinned": dict[str, Value](self.pinned),
        }


def install(references: Sequence[str], registry: AnyRegistry, into: Path) -> InstallResult:
    """Resolve the references and what is locked already; the lock is written last, so it never lies."""
    demand_outside_git(into)
    demand_inside(into, into / FOLDER)
    old = read_locked(into / LOCK_FILE)
    if any(text.endswith(SUFFIX) for text in references):
        bundled = _bundled(references, into, old)
        return _install([f"{bundled.root.name}:{bundled.root.version}"], bundled, into, old)
    reader = open_reader(replace(as_choice(registry), project=into, pins_new=True))
    return _install(references, reader, into, old)


def _bundled(references: Sequence[str], into: Path, old: Lock) -> BundleReader:
    """A bundle, beside which stands what the project has already; no registry is asked."""
    if len(references) > 1:
        raise UsageError(
            "a bundle is installed alone",
            hint="name one bundle, and the others in commands of their own",
        )
    return BundleReader(Path(references[0]), InstalledReader(into, old))


def _install(references: Sequence[str], reader: Reader, into: Path, old: Lock) -> InstallResult:
    file = into / LOCK_FILE
    kept = dict(old.versions)
    wants: list[Requirement] = []
    for text in references:
        reference = parse_reference(text)
        chosen = choose(reference, reader, old)
        if reference.version:
            kept[reference.name] = (
                reference.version
            )  # who names a yanked version gets it, with a warning
        wants.append(Requirement(reference.name, reference.range or chosen.version))
    named = {want.name for want in wants}
    wants += [
        Requirement(name, locked.version, locked.registry)
        for name, locked in old.workflows.items()
        if name not in named
    ]
    check_lock(old, reader)
    resolution = resolved(wants, reader, locked=kept)
    same_digests(old, resolution.chosen)
    written = there = 0
    for name, candidate in resolution.chosen.items():
        path = into / FOLDER / name / paths.package_file(name, candidate.version)
        if _is_there(path, candidate.digest):
            there += 1
        else:
            write_atomic(path, package_bytes(reader.files(candidate)))
            written += 1
    seen = reader.roots() if isinstance(reader, CombinedReader) else {}
    lock = lock_of(resolution, {**seen, **old.roots})
    if not file.is_file() or file.read_bytes() != lock.to_bytes():
        write_atomic(file, lock.to_bytes())
    warnings = warnings_about(resolution.chosen.values())
    pinned = {name: root for name, root in lock.roots.items() if name not in old.roots}
    return InstallResult(lock, written, there, file, warnings, pinned)


def _is_there(path: Path, digest: str) -> bool:
    if not path.is_file():
        return False
    try:
        open_package(read_limited(path, MAX_PACKAGE), location=str(path), expected=digest)
    except RegistryError:
        return False
    return True
