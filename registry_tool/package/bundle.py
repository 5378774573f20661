"""A bundle: one file with a workflow, all that it may call, their recorded answers and a lock of digests.

It is an archive in the form of a package: `bundle.json` names the workflow, `workflow.lock` holds what it requires
with digests, and below `packages/` lies a package of each. The same versions give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registry_tool.core.codec import FileFormat, Stored
from registry_tool.core.records import Record
from registry_tool.manifest.names import bad_name, bad_version
from registry_tool.package.build import package_bytes
from registry_tool.package.limits import MAX_BUNDLE, MAX_BUNDLED, MAX_PACKAGE
from registry_tool.package.open import ArchiveForm, PackageError, open_package, stored_files
from registry_tool.resolver.lock import Lock, LockedVersion, read_lock

SUFFIX: Final = ".wfbundle"
_AGAIN: Final = "make it again with `puppy-cli bundle`"
_FORM: Final = ArchiveForm("bundle", _AGAIN, MAX_BUNDLED + 2, MAX_PACKAGE)
_ROOT: Final = "bundle.json"
_LOCK: Final = "workflow.lock"


class BundleRoot(Stored, frozen=True):
    """The workflow that a bundle is for."""

    name: str
    version: str
    digest: str
    registry: str = "public"


_FILE: Final = FileFormat[BundleRoot](
    BundleRoot, "bundle", "puppyai.com/bundle/v1", _AGAIN, PackageError
)


class Bundle(Record, frozen=True):
    """What a bundle holds: the workflow, the lock of what it requires, and the files of each by name."""

    root: BundleRoot
    lock: Lock
    files: Mapping[str, Mapping[str, bytes]]


def bundle_bytes(bundle: Bundle) -> bytes:
    """The file; `PackageError` where it would be larger than one that can be opened."""
    packages = {
        _path(name, locked.version): package_bytes(bundle.files[name])
        for name, locked in _all(bundle.root, bundle.lock).items()
    }
    root, lock = _FILE.to_bytes(bundle.root), bundle.lock.to_bytes()
    data = package_bytes({_ROOT: root, _LOCK: lock, **packages})
    _check_size(data, len(packages), bundle.root.name)
    return data


def open_bundle(data: bytes, *, location: str) -> Bundle:
    """What a file holds, every package verified against its digest; `PackageError` for all else."""
    _check_size(data, 0, location)
    found = stored_files(data, location, _FORM)
    for name in (_ROOT, _LOCK):
        if name not in found:
            raise PackageError(f"not a bundle: it has no {name}", location=location, hint=_AGAIN)
    root = _FILE.read(found.pop(_ROOT), f"{location}/{_ROOT}")
    lock = read_lock(found.pop(_LOCK), f"{location}/{_LOCK}")
    wanted = _all(root, lock)
    paths = {_path(name, locked.version): name for name, locked in wanted.items()}
    _check_names(wanted, lock, root, location)
    for path in sorted({*paths, *found}):
        if path not in found or path not in paths:
            word = "holds nothing about" if path in found else "lacks"
            raise PackageError(f"the bundle {word} {path}"[:200], location=location, hint=_AGAIN)
    files = {
        name: open_package(found[path], location=f"{location}/{path}", expected=wanted[name].digest)
        for path, name in paths.items()
    }
    return Bundle(root, lock, files)


def _all(root: BundleRoot, lock: Lock) -> dict[str, LockedVersion]:
    """Everything that lies in it, by name."""
    return {**lock.workflows, root.name: LockedVersion(root.version, root.digest, root.registry)}


def _path(name: str, version: str) -> str:
    return f"packages/{name}/{name}-{version}.wfpkg"


def _check_names(
    wanted: Mapping[str, LockedVersion], lock: Lock, root: BundleRoot, location: str
) -> None:
    for name, locked in wanted.items():
        reason = bad_name(name) or bad_version(locked.version)
        if reason is None and not locked.digest.startswith("sha256:"):
            reason = "has no digest"
        if reason is None and name in lock.workflows and name == root.name:
            reason = "requires itself"
        if reason:
            raise PackageError(f"{name[:64]!r} {reason}", location=location, hint=_AGAIN)


def _check_size(data: bytes, packages: int, location: str) -> None:
    if len(data) > MAX_BUNDLE or packages > MAX_BUNDLED:
        raise PackageError(
            f"the bundle is larger than {MAX_BUNDLE} bytes or {MAX_BUNDLED} packages",
            location=location,
            hint="bundle a workflow that requires less, or let it be fetched from the registry",
        )
