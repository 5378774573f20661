"""`registry-tool index`: regenerate the index documents, or check that they are current."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from registry_tool.catalogue.documents import index_documents
from registry_tool.catalogue.load import load_catalogue
from registry_tool.core.files import pretty_json, write_atomic
from registry_tool.store import paths
from registry_tool.store.tree import FolderTree, Tree


@dataclass(frozen=True, slots=True)
class IndexResult:
    """Paths that differ from what the tree says; written unless only checked."""

    stale: tuple[str, ...]
    current: int


def index(root: Path, *, check_only: bool = False) -> IndexResult:
    """Write every index document that is missing or stale below `root`."""
    stale: list[str] = []
    count = 0
    wanted: set[str] = set()
    for path, document in index_documents(load_catalogue(FolderTree(root))):
        count += 1
        wanted.add(path)
        text = pretty_json(document).encode()
        target = root / path
        if target.is_file() and target.read_bytes() == text:
            continue
        stale.append(path)
        if not check_only:
            write_atomic(target, text)
    for path in obsolete(FolderTree(root), wanted):
        stale.append(path)
        if not check_only:
            (root / path).unlink()
    return IndexResult(tuple(stale), count - len(wanted.intersection(stale)))


def obsolete(tree: Tree, wanted: Collection[str]) -> list[str]:
    """Reverse indexes that nothing depends on any more."""
    return [f.path for f in tree.files(f"{paths.METADATA}/dependents") if f.path not in wanted]
