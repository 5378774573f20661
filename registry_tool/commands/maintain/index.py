"""`registry-tool index`: regenerate the index documents, or check that they are current."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from registry_tool.catalogue.dependency_documents import PARTS, is_part
from registry_tool.catalogue.documents import index_documents, indexed
from registry_tool.catalogue.load import load_catalogue
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json, pretty_json
from registry_tool.core.output_folder import demand_inside
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
    documents = index_documents(load_catalogue(tree, part=indexed))
    wanted = {path: pretty_json(document).encode() for path, document in documents}
    stale = {path: data for path, data in wanted.items() if not _holds(root / path, data)}
    gone = obsolete(tree, wanted)
    if not check_only:
        for path in (*stale, *gone):
            demand_inside(root, root / path)
        write_together({root / path: data for path, data in stale.items()})
        for path in gone:
            (root / path).unlink()
    return IndexResult((*stale, *gone), len(wanted) - len(stale))


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


def stale_documents(tree: Tree) -> dict[str, bytes | None]:
    """What the index documents of a tree lack to be what its versions say; None removes one."""
    changes: dict[str, bytes | None] = {}
    existing = {f.path for prefix in (paths.INDEXES, paths.METADATA) for f in tree.files(prefix)}
    wanted: set[str] = set()
    for path, document in index_documents(load_catalogue(tree, part=indexed)):
        wanted.add(path)
        data = pretty_json(document).encode()
        if path not in existing or tree.read(path) != data:
            changes[path] = data
    changes.update(dict.fromkeys(obsolete(tree, wanted)))
    return changes


def obsolete(tree: Tree, wanted: Collection[str]) -> list[str]:
    """Reverse indexes and parts that nothing belongs to any more; what else lies beside them stays."""
    folders = (f"{paths.METADATA}/dependents", PARTS)
    found = (file.path for folder in folders for file in tree.files(folder))
    return [path for path in found if path not in wanted and _is_index(tree.read(path), path)]


def _is_index(data: bytes, path: str) -> bool:
    try:
        value = parse_json(data, location=path)
    except RegistryError:
        return False
    if not isinstance(value, dict):
        return False
    return is_part(path, value) if path.startswith(f"{PARTS}/") else value.keys() == {"dependents"}
