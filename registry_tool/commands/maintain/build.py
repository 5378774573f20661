"""`registry-tool build`: static API, packages and catalogue site of a registry into one folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from registry_tool.commands.maintain.output.clean_tree import commit_of
from registry_tool.commands.maintain.output.everything import Everything
from registry_tool.commands.maintain.output.folder import (
    BuildResult,
    apply,
    is_as_left,
    previous,
    previous_mark,
    write_everything,
)
from registry_tool.commands.maintain.output.increment import patch_between
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.core.errors import UsageError
from registry_tool.core.journal import settle
from registry_tool.core.output_folder import MARK, count_files, demand_output, is_or_is_above
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.tree import FolderTree

__all__ = ["BuildResult", "build", "build_source", "demand_build_folder", "output_files"]


def build(
    root: Path, out: Path, *, commit: str = "", base_url: str = "", full: bool = False
) -> BuildResult:
    """Write the output of the registry at `root` to `out`; what doesn't belong there is removed.

    The result is the same whether `out` was empty, older or newer. Where `root` is a clone that nobody has edited,
    an output of an earlier commit is brought along by what differs; `full` builds all anew. `UsageError` where
    `out` is anything but new, empty or an earlier output of this registry; nothing is removed then.
    """
    clean = commit_of(root)
    if clean is None:
        source = OutputSource(FolderTree(root), commit, "", base_url)
    else:
        repository, head = clean
        source = OutputSource(GitTree(repository, head), commit or head, head, base_url)
    return build_source(source, out, root, full=full)


def build_source(source: OutputSource, out: Path, root: Path, *, full: bool = False) -> BuildResult:
    """Bring the folder `out` to the output of any tree of the registry at `root`."""
    demand_build_folder(out, root, source.settings.name)
    settle(out)
    new, old = source.mark, previous_mark(out)
    if old is not None and not full and is_as_left(out, old):
        patch = patch_between(source, previous(out), old, new)
        if patch is not None:
            return apply(patch, out, old)
    return write_everything(source, out, new)


def output_files(source: OutputSource) -> Iterator[tuple[str, bytes]]:
    """Every file of the output, a pure function of the tree; the mark, which counts the others, is the last."""
    sink = _Kept()
    for _ in Everything(source, lambda: sink).write():
        pass
    yield from sink.files.items()
    size = sum(map(len, sink.files.values()))
    yield MARK, source.mark.with_count(count_files(sink.files), size).to_bytes()


class _Kept:
    """A sink that keeps all files."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def take(self, path: str, content: bytes) -> None:
        self.files[path] = content

    def told(self) -> None:
        """Nothing."""


def demand_build_folder(out: Path, root: Path, registry: str) -> None:
    """`UsageError` where `out` may not become an output of the registry at `root` that has this name."""
    for folder in (root / "registry", root / paths.INDEXES):
        if is_or_is_above(folder, out):
            raise UsageError(
                "the folder lies inside the registry's own; nothing was written",
                location=str(out),
                hint="name a folder that is new or empty, such as build/site",
            )
    demand_output(out, registry, (root,))
