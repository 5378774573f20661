"""Whether an owner signed the commit that brought a version, by the SSH keys that `owners.yaml` names."""

from __future__ import annotations

from pathlib import Path

from registry_tool.core.errors import MissingToolError, NotFoundError, RegistryError
from registry_tool.core.records import Record
from registry_tool.core.values import Object
from registry_tool.manifest.owners import Owners, read_owners
from registry_tool.resolver.candidates import Candidate
from registry_tool.security.ssh_signature import SignatureState, commit_signature
from registry_tool.sources.configuration.choice import AnyRegistry, as_choice
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.repository import Repository


class OwnerSignature(Record, frozen=True):
    """The commit that brought a version, and the login of the owner who signed it, empty where none did."""

    commit: str
    login: str = ""

    def __str__(self) -> str:
        if self.login:
            return f"the commit {self.commit[:12]} is signed by the owner {self.login}"
        return f"the commit {self.commit[:12]} is not signed by a key of its owners"

    def to_value(self) -> Object:
        """As JSON."""
        return {"commit": self.commit, "owner": self.login or None}


def owner_signature(candidate: Candidate, registry: AnyRegistry) -> OwnerSignature | None:
    """Who signed the commit of a version of a clone; None where its owners name no keys, or nothing can tell.

    `RegistryError` where a signature by one of their keys doesn't fit the commit.
    """
    folder = as_choice(registry).folder
    found = _brought(folder, candidate) if folder else None
    if found is None:
        return None
    raw, commit, owners = found
    people = (*owners.owners, *owners.collaborators)
    logins = {key: person.login for person in people for key in person.ssh_keys}
    if not logins:
        return None
    signature = commit_signature(raw, logins)
    if signature.state is SignatureState.WRONG:
        raise RegistryError(
            f"the SSH signature of the commit {commit[:12]} is not valid",
            location=paths.version_dir(candidate.name, candidate.version),
            hint="don't use the version before its owners have explained this",
        )
    return OwnerSignature(commit, logins.get(signature.key, ""))


def _brought(folder: Path, candidate: Candidate) -> tuple[bytes, str, Owners] | None:
    """The commit that brought a version, as git stores it, its id, and the workflow's owners there."""
    path = paths.owners_file(candidate.name)
    manifest = f"{paths.version_dir(candidate.name, candidate.version)}/{paths.MANIFEST}"
    try:
        repository = Repository(folder)
        tree = GitTree(repository, repository.find("HEAD"))
        commits = repository.history(tree.tree, manifest, 1)
        if not commits or not tree.has(path):
            return None
        raw = repository.run("cat-file", "commit", commits[0])
        return raw, commits[0], read_owners(tree.read(path), path)
    except (GitError, NotFoundError, MissingToolError):  # no clone, a shallow one, or no git here
        return None
