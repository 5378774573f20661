"""Which packages are to be attested, and the attestation that a job made of them, kept where readers find it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from registry_tool.catalogue.publication import VersionKey
from registry_tool.commands.maintain.output.difference import difference
from registry_tool.core.clock import Clock, SystemClock
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import read_limited, write_atomic
from registry_tool.core.records import Record
from registry_tool.core.values import Object, Value
from registry_tool.package.build import package_bytes
from registry_tool.security.provenance.statement import LARGEST, statement_in
from registry_tool.store import paths
from registry_tool.store.branch import Branch
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository
from registry_tool.store.person import bot_identity
from registry_tool.store.provenance_branch import (
    ATTESTED,
    FORM,
    AttestedCommit,
    attested_commit,
    bundle_path,
)
from registry_tool.store.tree import contents_below

MOST: Final = 1024
"""Subjects of one attestation: https://github.com/actions/attest-build-provenance."""
_PACKAGE: Final = re.compile(r"([a-z0-9][a-z0-9-]*?)-(\d+\.\d+\.\d+(?:[-+].*)?)\.wfpkg")


class PendingPackages(Record, frozen=True):
    """Packages without an attestation, SHA-256 (hex) by file name, as of a commit of the registry."""

    commit: str
    packages: Mapping[str, str]

    def to_value(self) -> Object:
        """As JSON."""
        return {"commit": self.commit, "packages": dict[str, Value](self.packages)}


def pending(root: Path, checksums: Path, *, branch: str, remote: str = "") -> PendingPackages:
    """Write the checksums of the packages that are to be attested, as sha256sum does; none where there are none.

    At most 1,024: whatever a registry had before is not attested, so that a first list may leave some out.
    """
    repository = Repository(root)
    where = Branch(repository, branch, remote)
    if (
        remote and repository.is_cut_off
    ):  # a job's clone: what was added since needs the commits between
        repository.complete(remote, f"refs/heads/{branch}")
    commit = where.tip()
    if not commit:
        raise RegistryError(f"there is no branch {branch}", location=remote or str(root))
    kept = Branch(repository, paths.PROVENANCE_BRANCH, remote).files()
    tree = GitTree(repository, commit)
    found = dict(_packages(tree, sorted(_added(repository, attested_commit(kept), commit))[:MOST]))
    if found:
        lines = "".join(f"{sha256}  {name}\n" for name, sha256 in found.items())
        write_atomic(checksums, lines)
    return PendingPackages(commit, found)


def _added(repository: Repository, since: str, commit: str) -> Iterable[VersionKey]:
    """The versions that were added since a commit; all of them where nobody can tell."""
    found = difference(repository, since, commit) if since else None
    if found is not None:
        return found.added
    tree = GitTree(repository, commit)
    names = tree.folders(paths.WORKFLOWS)
    return {(name, number) for name in names for number in tree.folders(paths.workflow_dir(name))}


def _packages(tree: GitTree, versions: Iterable[VersionKey]) -> Iterable[tuple[str, str]]:
    for name, number in versions:
        package = package_bytes(contents_below(tree, paths.version_dir(name, number)))
        yield paths.package_file(name, number), hashlib.sha256(package).hexdigest()


def keep(
    root: Path,
    bundle: Path,
    commit: str,
    *,
    remote: str = "",
    clock: Clock | None = None,
) -> tuple[str, ...]:
    """Keep an attestation for each package that it names; their names. `commit` is what `pending` named."""
    data = _one(read_limited(bundle, LARGEST), str(bundle))
    subjects = statement_in(data, str(bundle)).subjects
    files: dict[str, bytes | None] = {}
    for subject in subjects:
        found = _PACKAGE.fullmatch(subject)
        if found is None:
            raise RegistryError(f"{subject[:80]!r} is not a package", location=str(bundle))
        files[bundle_path(found[1], found[2])] = data
    where = Branch(Repository(root), paths.PROVENANCE_BRANCH, remote)
    who = bot_identity((clock or SystemClock()).now())
    files[ATTESTED] = FORM.to_bytes(AttestedCommit(commit))
    where.write(lambda _: files, f"Keep the attestation of {len(subjects)} packages", who)
    return tuple(subjects)


def _one(data: bytes, location: str) -> bytes:
    """The one bundle in a file: JSON, or a line of it."""
    lines = [line for line in data.splitlines() if line.strip()]
    text = data if len(lines) != 1 else lines[0]
    try:
        value = json.loads(text)
    except ValueError as error:
        raise RegistryError(
            f"not one bundle ({error})", location=location, hint="give the action's bundle-path"
        ) from None
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode() + b"\n"
