"""`registry-tool build`: static API, packages and catalogue site of a registry into one folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from registry_tool.api.documents import ROOT, api_files, package_path
from registry_tool.catalogue.load import load_catalogue
from registry_tool.catalogue.model import Catalogue
from registry_tool.core.replacing import replacing
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
    return build_tree(FolderTree(root), out, commit=commit, base_url=base_url)


def build_tree(tree: Tree, out: Path, *, commit: str = "", base_url: str = "") -> BuildResult:
    """The same of any tree. `out` changes in one step: nobody ever sees a part of the new output."""
    catalogue = load_catalogue(tree, commit)
    old = set(_files(out))
    written = kept = 0
    with replacing(out) as new:
        for path, content in output_files(catalogue, tree, base_url):
            target = new / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if path in old and (out / path).read_bytes() == content:
                _take_over(out / path, target)
                kept += 1
            else:
                target.write_bytes(content)
                written += 1
            old.discard(path)
    return BuildResult(written, kept, len(old))


def _files(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.relative_to(folder).as_posix()


def _take_over(there: Path, target: Path) -> None:
    """The same file under another name, so that its time stays; where the disk can't do that, a copy."""
    try:
        target.hardlink_to(there)
    except OSError:
        shutil.copy2(there, target)
