"""The branch `indexes`: generated documents for registries whose main takes no push from a job (docs/adr/0021).

It holds what `indexes/` and `registry/metadata/` would hold on main, at the same paths. Once it is there, every
publish keeps it current, and it is read before main's own.
"""

from __future__ import annotations

from collections.abc import Mapping

from registry_tool.catalogue.documents import index_documents
from registry_tool.catalogue.load import load_catalogue
from registry_tool.core.files import pretty_json
from registry_tool.store import paths
from registry_tool.store.branch import Branch
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository

_TRAILER = "Registry-Commit: "
_SEEN = (f"refs/heads/{paths.INDEXES_BRANCH}", f"refs/remotes/origin/{paths.INDEXES_BRANCH}")


def update_branch(
    registry: Branch,
    who: Identity,
    known: tuple[str, Mapping[str, bytes | None]] | None = None,
    origin: str = "",
) -> str:
    """Bring the branch to what the registry's branch says by then; its commit.

    `known` are changes that bring it there from a commit of its own, where it is still at that. `origin` is the
    registry's commit that the documents show at least (default: its branch as it is now); the commit names it.
    """
    repository = registry.repository

    def write(tree: GitTree) -> Mapping[str, bytes | None]:
        if known and known[0] == tree.tree:
            return known[1]
        catalogue = load_catalogue(GitTree(repository, registry.tip()))
        wanted = {path: pretty_json(value).encode() for path, value in index_documents(catalogue)}
        folders = (paths.INDEXES, paths.METADATA)
        there = {file.path for folder in folders for file in tree.files(folder)}
        new = {p: data for p, data in wanted.items() if p not in there or tree.read(p) != data}
        return {**new, **dict.fromkeys(there - wanted.keys())}

    message = f"Regenerate the indexes\n\n{_TRAILER}{origin or registry.tip()}"
    return _branch(registry).write(write, message, who)


def branch_commit(registry: Branch) -> str:
    """The commit of the registry's branch for generated documents, empty where it has none."""
    return _branch(registry).tip()


def indexes_tree(repository: Repository, otherwise: GitTree) -> GitTree:
    """Where a clone finds generated documents: on this branch, as it was fetched, else in the given tree."""
    found = next(filter(None, map(repository.find, _SEEN)), "")
    return GitTree(repository, found) if found else otherwise


def indexed_commit(repository: Repository, commit: str) -> tuple[GitTree, str] | None:
    """The index documents that a clone has for a commit, and which commit they show; None where none can tell."""
    beside = next(filter(None, map(repository.find, _SEEN)), "")
    if beside:
        origin = _origin_of(repository, beside)
        return (GitTree(repository, beside), origin) if repository.find(origin) else None
    written = repository.history(commit, paths.INDEXES, 1)
    tree = GitTree(repository, commit)
    return (tree, written[0]) if written and tree.has(paths.INDEXES) else None


def _origin_of(repository: Repository, commit: str) -> str:
    """The registry's commit that a commit of documents names."""
    lines = repository.text("show", "--no-patch", "--format=%B", commit).splitlines()
    found = [line.removeprefix(_TRAILER) for line in lines if line.startswith(_TRAILER)]
    return found[-1] if found else ""


def _branch(registry: Branch) -> Branch:
    return Branch(registry.repository, paths.INDEXES_BRANCH, registry.remote)
