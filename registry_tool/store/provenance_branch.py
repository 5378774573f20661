"""The branch `provenance`: the attestation of each package, and up to which commit packages have been attested."""

from __future__ import annotations

from registry_tool.core.codec import FileFormat, Stored
from registry_tool.core.errors import NotFoundError
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository

ATTESTED = "attested.json"
SUFFIX = ".sigstore.json"
_SEEN = (
    f"refs/heads/{paths.PROVENANCE_BRANCH}",
    f"refs/remotes/origin/{paths.PROVENANCE_BRANCH}",
)


class AttestedCommit(Stored, frozen=True):
    """The registry's commit whose packages are all attested, but for those that were never listed."""

    commit: str


FORM = FileFormat[AttestedCommit](
    AttestedCommit, "record of attestations", "puppyai.com/attested/v1", "remove the file"
)


def bundle_path(name: str, version: str) -> str:
    """Where a package's attestation is: `<name>/<name>-<version>.sigstore.json`."""
    return f"{name}/{name}-{version}{SUFFIX}"


def attested_commit(tree: GitTree) -> str:
    """The commit that is recorded, empty where none is."""
    try:
        return FORM.read(tree.read(ATTESTED), ATTESTED).commit
    except NotFoundError:
        return ""


def kept_bundle(repository: Repository, name: str, version: str) -> bytes | None:
    """A package's attestation as a clone has it; None where it has none."""
    found = next(filter(None, map(repository.find, _SEEN)), "")
    try:
        return GitTree(repository, found).read(bundle_path(name, version)) if found else None
    except NotFoundError:
        return None
