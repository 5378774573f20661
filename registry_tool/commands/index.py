"""`registry-tool index`: regenerate the index documents, or check that they are current."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from registry_tool.catalogue.documents import index_documents
from registry_tool.catalogue.load import load_catalogue
from registry_tool.core.files import pretty_json
from registry_tool.core.replacing import write_together
from registry_tool.store import paths
from registry_tool.store.tree import FolderTree, Tree


@dataclass(frozen=True, slots=True)
class IndexResult:
    """Paths that differ from what the tree says; written unless only checked."""

    stale: tuple[str, ...]
    current: int


def index(root: Path, *, check_only: bool = False) -> IndexResult:
    """Write every index document that is missing or stale below `root`, all in one go."""
    tree = FolderTree(root)
    documents = index_documents(load_catalogue(tree))
    wanted = {path: pretty_json(document).encode() for path, document in documents}
    stale = {path: data for path, data in wanted.items() if not _holds(root / path, data)}
    gone = obsolete(tree, wanted)
    if not check_only:
        write_together({root / path: data for path, data in stale.items()})
        for path in gone:
            (root / path).unlink()
    return IndexResult((*stale, *gone), len(wanted) - len(stale))


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


def obsolete(tree: Tree, wanted: Collection[str]) -> list[str]:
    """Reverse indexes that nothing depends on any more."""
    return [f.path for f in tree.files(f"{paths.METADATA}/dependents") if f.path not in wanted]
