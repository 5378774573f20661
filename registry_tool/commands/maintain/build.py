"""`registry-tool build`: static API, packages and catalogue site of a registry into one folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from registry_tool.api.documents import ROOT, api_files, package_path
from registry_tool.api.openapi import openapi
from registry_tool.catalogue.load import load_catalogue, load_settings
from registry_tool.catalogue.model import Catalogue
from registry_tool.commands.maintain.build_mark import mark_bytes
from registry_tool.core.errors import UsageError
from registry_tool.core.output_folder import (
    MARK,
    demand_output,
    demand_unmixed,
    entries,
    is_or_is_above,
)
from registry_tool.core.replacing import replacing
from registry_tool.package.build import package_bytes
from registry_tool.site.pages.reference import reference_files
from registry_tool.site.render import site_files
from registry_tool.site.site import Site
from registry_tool.store import paths
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
    """Every file of the output, a pure function of the tree; the mark, which counts the others, is the last."""
    written: list[str] = []
    for path, content in _contents(catalogue, tree, base_url):
        written.append(path)
        yield path, content
    yield MARK, mark_bytes(catalogue, tree.read(paths.REGISTRY_FILE), base_url, written)


def _contents(catalogue: Catalogue, tree: Tree, base_url: str) -> Iterator[tuple[str, bytes]]:
    yield from api_files(catalogue)
    yield from site_files(catalogue, base_url=base_url)
    yield from reference_files(
        openapi(catalogue.settings.url), Site(catalogue.settings, base_url.rstrip("/"))
    )
    for line in catalogue.lines:
        for version in line.versions:
            files = {
                file.path: tree.read(f"{version.directory}/{file.path}") for file in version.files
            }
            yield f"{ROOT}/{package_path(version)}", package_bytes(files)


def build(root: Path, out: Path, *, commit: str = "", base_url: str = "") -> BuildResult:
    """Write the output of the registry at `root` to `out`; what doesn't belong there is removed.

    The result is the same whether `out` was empty, older or newer. `UsageError` where `out` is anything but new,
    empty or an earlier output of this registry; nothing is removed then.
    """
    return build_tree(FolderTree(root), out, root, commit=commit, base_url=base_url)


def build_tree(
    tree: Tree, out: Path, root: Path, *, commit: str = "", base_url: str = ""
) -> BuildResult:
    """Build any tree of the registry at `root`; nobody ever sees a part of the new output."""
    demand_build_folder(out, root, load_settings(tree).name)
    catalogue = load_catalogue(tree, commit)
    old = _regular(out)
    wanted: set[str] = set()
    same: set[str] = set()
    with replacing(out) as new:
        for path, content in output_files(catalogue, tree, base_url):
            wanted.add(path)
            target = new / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if path in old and (out / path).read_bytes() == content:
                _take_over(out / path, target)
                same.add(path)
            else:
                target.write_bytes(content)
        demand_unmixed(out, wanted, same)
    return BuildResult(len(wanted - same), len(same), len(old - wanted))


def demand_build_folder(out: Path, root: Path, registry: str) -> None:
    """`UsageError` where `out` may not become an output of the registry at `root` that has this name."""
    for source in (root / "registry", root / paths.INDEXES):
        if is_or_is_above(source, out):
            raise UsageError(
                "the folder lies inside the registry's own; nothing was written",
                location=str(out),
                hint="name a folder that is new or empty, such as build/site",
            )
    demand_output(out, registry, (root,))


def _regular(folder: Path) -> set[str]:
    """Paths of the regular files below a folder, where there is one."""
    return {path for path, plain in entries(folder) if plain} if folder.is_dir() else set()


def _take_over(there: Path, target: Path) -> None:
    """Hard-link the unchanged file, so that its time stays; copy it where the disk has no hard links."""
    try:
        target.hardlink_to(there)
    except OSError:
        shutil.copy2(there, target)
