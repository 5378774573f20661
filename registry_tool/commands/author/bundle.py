"""`puppy-cli bundle`: a workflow with all that it may call and its recorded answers in one file."""

from __future__ import annotations

from pathlib import Path

from registry_tool.commands.author.build import published_files
from registry_tool.core.files import write_atomic
from registry_tool.core.output_folder import demand_outside_git
from registry_tool.core.records import Record
from registry_tool.core.same_file import demand_distinct
from registry_tool.core.values import Object, Value
from registry_tool.manifest.digest import digest
from registry_tool.package.bundle import SUFFIX, Bundle, BundleRoot, bundle_bytes, open_bundle
from registry_tool.resolver.lock import Lock
from registry_tool.sources.configuration.choice import AnyRegistry
from registry_tool.sources.configuration.named import PUBLIC
from registry_tool.sources.lock_file import locked_here
from registry_tool.sources.reference import OpenedProgram, open_reference, own_files


class Bundled(Record, frozen=True):
    """A bundle on disk, its size in bytes, what it is for, and what it holds beside that."""

    path: Path
    size: int
    root: BundleRoot
    lock: Lock
    warnings: tuple[str, ...] = ()

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "path": str(self.path),
            "size": self.size,
            "workflow": f"{self.root.name}:{self.root.version}",
            "digest": self.root.digest,
            "requires": list[Value](f"{n}:{v}" for n, v in sorted(self.lock.versions.items())),
        }


def bundle(reference: str, registry: AnyRegistry, out: Path | None = None) -> Bundled:
    """Write `NAME-VERSION.wfbundle` (or `out`): the same bytes for the same versions, everywhere."""
    opened = open_reference(reference, registry, locked_here())
    files = dict(_own_files(reference, opened))
    name, version = opened.program.workflow.name, opened.program.workflow.version
    where = opened.candidate.registry if opened.candidate else PUBLIC
    root = BundleRoot(name, version, digest(files), where)
    held = {name: files, **{n: callee.files for n, callee in opened.program.callees.items()}}
    data = bundle_bytes(Bundle(root, opened.lock, held))
    file = out or Path(f"{name}-{version}{SUFFIX}")
    open_bundle(data, location=str(file))  # what can't be opened is not written
    demand_outside_git(file.parent)
    demand_distinct(file, "--out", own_files(reference))
    write_atomic(file, data)
    return Bundled(file, len(data), root, opened.lock, opened.warnings)


def _own_files(reference: str, opened: OpenedProgram) -> dict[str, bytes]:
    """The files of the version itself, as publishing would give them."""
    path = Path(reference)
    if opened.candidate is None and own_files(reference) and path.suffix != ".wfpkg":
        return published_files(opened.program.files, opened.program.workflow)
    return dict(opened.program.files)
