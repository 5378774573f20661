"""`registry-tool build`: static API, packages and catalogue site of a registry into one folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from registry_tool.api.documents import ROOT, api_files, package_path
from registry_tool.catalogue.load import load_catalogue
from registry_tool.catalogue.model import Catalogue
from registry_tool.core.files import write_atomic
from registry_tool.package.build import package_bytes
from registry_tool.site.render import site_files
from registry_tool.store.tree import FolderTree, Tree


@dataclass(frozen=True, slots=True)
class BuildResult:
    """How many files were written, how many were right already, how many were removed."""

    written: int
    kept: int
    removed: int


def output_files(
    catalogue: Catalogue, tree: Tree, base_url: str = ""
) -> Iterator[tuple[str, bytes]]:
    """Every file of the output, a pure function of the tree."""
    yield from api_files(catalogue)
    yield from site_files(catalogue, base_url=base_url)
    for line in catalogue.lines:
        for version in line.versions:
            files = {
                file.path: tree.read(f"{version.directory}/{file.path}") for file in version.files
            }
            yield f"{ROOT}/{package_path(version)}", package_bytes(files)


def build(root: Path, out: Path, *, commit: str = "", base_url: str = "") -> BuildResult:
    """Write the output of the registry at `root` to `out`; what doesn't belong there is removed.

    The result is the same whether `out` was empty, older or newer.
    """
    tree = FolderTree(root)
    catalogue = load_catalogue(tree, commit)
    old = (
        {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
        if out.exists()
        else set()
    )
    written = kept = 0
    for path, content in output_files(catalogue, tree, base_url):
        target = out / path
        if path in old and target.read_bytes() == content:
            kept += 1
        else:
            write_atomic(target, content)
            written += 1
        old.discard(path)
    for path in old:
        (out / path).unlink()
    return BuildResult(written, kept, len(old))
