"""The files of a registry by its folder: what is checked out there, else the commit that HEAD names."""

from __future__ import annotations

from pathlib import Path

from registry_tool.core.errors import NotFoundError
from registry_tool.store import paths
from registry_tool.store.tree import FolderTree, RegistryTree


def registry_tree(root: Path) -> RegistryTree:
    """The folder's own files where they are a registry; those of a bare repository's (or clone's) HEAD; else the
    folder's, in which whoever reads it finds no registry."""
    if (root / paths.REGISTRY_FILE).is_file() or not _is_repository(root):
        return FolderTree(root)
    from registry_tool.store.git.commit_tree import GitTree
    from registry_tool.store.git.repository import Repository

    repository = Repository(root)
    head = repository.find("HEAD")
    if head and GitTree(repository, head).has(paths.REGISTRY_FILE):
        return GitTree(repository, head)
    return FolderTree(root)


def holds_registry(root: Path) -> bool:
    """Whether there is a registry: in the folder, or in the commit that its HEAD names."""
    try:
        registry_tree(root).size(paths.REGISTRY_FILE)
    except NotFoundError:
        return False
    return True


def _is_repository(root: Path) -> bool:
    """Whether a folder itself is a clone or a bare repository; one inside a clone is not."""
    return (root / ".git").exists() or ((root / "HEAD").is_file() and (root / "objects").is_dir())
