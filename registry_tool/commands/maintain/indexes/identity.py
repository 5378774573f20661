"""Which index documents a tree has, as far as git's ids tell: nothing is read."""

from __future__ import annotations

from typing import Final

from registry_tool.catalogue.dependency_documents import DEPENDENCIES, PARTS
from registry_tool.manifest.digest import content_hash
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree

FILES: Final = {"authors": "by-author", "categories": "by-category", "tags": "by-tags"}
"""The documents of groups by kind, without their ending."""


def index_identity(tree: GitTree) -> str:
    """A digest of the index documents in a tree, empty where one is missing."""
    ids = [tree.object_id(f"{paths.INDEXES}/{name}.json") for name in sorted(FILES.values())]
    ids.append(tree.object_id(DEPENDENCIES))
    folders = (f"{paths.METADATA}/dependents", PARTS)  # there may be none
    return (
        content_hash(" ".join((*ids, *map(tree.object_id, folders))).encode()) if all(ids) else ""
    )
