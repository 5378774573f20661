"""What two commits of a registry differ in, as far as an output shows it."""

from __future__ import annotations

from dataclasses import dataclass

from registry_tool.catalogue.publication import VersionKey
from registry_tool.manifest.owners import REMOVED, read_owners
from registry_tool.store import paths
from registry_tool.store.changes import Change, changes_between
from registry_tool.store.first_published import is_on_first_parent_line
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository

_NUMBERS = frozenset({f"{paths.METADATA}/downloads.json", f"{paths.METADATA}/ratings.json"})


@dataclass(frozen=True, slots=True)
class CommitDifference:
    """Versions that were added, workflows whose owners' file changed, whether downloads or ratings did.

    `counted` are the workflows whose history of downloads changed, `attested` the versions whose attestation did.
    """

    added: frozenset[VersionKey] = frozenset()
    noticed: frozenset[str] = frozenset()
    numbers: bool = False
    counted: frozenset[str] = frozenset()
    attested: frozenset[VersionKey] = frozenset()


def difference(repository: Repository, old: str, new: str) -> CommitDifference | None:
    """What was added from one commit to another; None where it is more than an addition: then all is built anew.

    That is where history was rewritten, the settings changed, a published file was changed or removed, or one that
    was removed came back, which was first published before.
    """
    if not repository.find(old) or not is_on_first_parent_line(repository, old, new):
        return None
    added: set[VersionKey] = set()
    noticed: set[str] = set()
    numbers, counted = False, set[str]()
    for change in changes_between(repository, old, new):
        version = paths.version_of(change.path)
        if version is not None and change.kind == "added":
            added.add(version[:2])
        elif version is not None or change.path == paths.REGISTRY_FILE:
            return None
        elif _is_owners(change):
            noticed.add(paths.workflow_of(change.path))
        elif name := paths.downloads_of(change.path):
            counted.add(name)
        else:
            numbers = numbers or change.path in _NUMBERS
    if any(_came_back(repository, old, new, key) for key in added):
        return None
    return CommitDifference(frozenset(added), frozenset(noticed), numbers, frozenset(counted))


def _came_back(repository: Repository, old: str, new: str, key: VersionKey) -> bool:
    """Whether a tombstone was lifted: git's history is asked of those versions alone."""
    tree, path = GitTree(repository, new), paths.owners_file(key[0])
    lifted = read_owners(tree.read(path), path).lifted if tree.has(path) else {}
    if key[1] not in lifted and REMOVED not in lifted:
        return False
    manifest = f"{paths.version_dir(*key)}/{paths.MANIFEST}"
    return bool(repository.history(old, manifest, 1))


def _is_owners(change: Change) -> bool:
    name = paths.workflow_of(change.path)
    return bool(name) and change.path == paths.owners_file(name)
