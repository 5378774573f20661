"""`registry-tool build-site`: static API, packages and catalogue site of a registry into one folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from registry_tool.commands.maintain.build_mark import Mark
from registry_tool.commands.maintain.output.attestations import attestations_of
from registry_tool.commands.maintain.output.clean_tree import commit_of
from registry_tool.commands.maintain.output.existing import (
    BuildResult,
    is_unmodified,
    previous_mark,
    read_file,
    unchanged,
)
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.commands.maintain.trust.metadata import signer_of
from registry_tool.core.clock import Clock, SystemClock
from registry_tool.core.errors import UsageError
from registry_tool.core.journal import settle
from registry_tool.core.output_folder import MARK, count_files, demand_output, is_or_is_above
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.tree import FolderTree

__all__ = ["BuildResult", "build", "build_source", "demand_build_folder", "output_files"]


def build(  # noqa: PLR0913 - all but two are named and have a default
    root: Path,
    out: Path,
    *,
    commit: str = "",
    base_url: str = "",
    full: bool = False,
    trust_key: str = "",
    clock: Clock | None = None,
) -> BuildResult:
    """Write the output of the registry at `root` to `out`; what doesn't belong there is removed.

    The result is the same whether `out` was empty, older or newer. Where `root` is a clone that nobody has edited,
    an output of an earlier commit is brought along by what differs; `full` builds all anew. With `trust_key`, the
    online key as PEM, it is signed where the registry has a root; without, it is not. `UsageError` where `out` is
    anything but new, empty or an earlier output of this registry; nothing is removed then.
    """
    clean = commit_of(root)
    if clean is None:
        source = OutputSource(FolderTree(root), commit, "", base_url)
    else:
        repository, head = clean
        source = OutputSource(GitTree(repository, head), commit or head, head, base_url)
    if trust_key:
        source = replace(source, signer=signer_of(source.tree, trust_key, clock or SystemClock()))
    if clean is not None:
        source = replace(source, attestations=attestations_of(root))
    return build_source(with_deployed(source, root), out, root, full=full)


def with_deployed(source: OutputSource, root: Path, remote: str = "") -> OutputSource:
    """The source with what serves where, where its settings show that."""
    if not source.settings.shows_deployments:
        return source
    from registry_tool.commands.maintain.deployed import deployed_view  # reads the state
    from registry_tool.state.target import Target

    view = deployed_view(Target(root, remote), source.settings.environments)
    return replace(source, deployed=view)


def build_source(source: OutputSource, out: Path, root: Path, *, full: bool = False) -> BuildResult:
    """Bring the folder `out` to the output of any tree of the registry at `root`."""
    demand_build_folder(out, root, source.settings.name)
    settle(out)
    new, old = source.mark, previous_mark(out)
    usable = old if old is not None and not full and is_unmodified(out, old) else None
    if usable and usable.origin and usable == new.with_count(usable.count, usable.size):
        is_fresh = source.signer is None or not source.signer.is_due(partial(read_file, out))
        if is_fresh:
            return unchanged(usable)
    return _brought(source, out, new, usable)


def _brought(source: OutputSource, out: Path, new: Mark, old: Mark | None) -> BuildResult:
    from registry_tool.commands.maintain.output import (
        folder,  # what renders pages is loaded to render some
    )
    from registry_tool.commands.maintain.output.increment import patch_between

    patch = patch_between(source, folder.previous(out), old, new) if old else None
    if patch is None or old is None:
        return folder.write_everything(source, out, new)
    return folder.apply(patch, out, old)


def output_files(source: OutputSource) -> Iterator[tuple[str, bytes]]:
    """Every file of the output, a pure function of the tree; the mark, which counts the others, is the last."""
    from registry_tool.commands.maintain.output.full_build import FullBuild
    from registry_tool.commands.maintain.output.signing import signed_everything

    sink = _Kept()
    for _ in FullBuild(source, lambda: sink).write():
        pass
    sink.files.update(signed_everything(source, list(sink.files.items()), lambda _: None))
    yield from sink.files.items()
    size = sum(map(len, sink.files.values()))
    yield MARK, source.mark.with_count(count_files(sink.files), size).to_bytes()


class _Kept:
    """A sink that keeps all files."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def take(self, path: str, content: bytes) -> None:
        self.files[path] = content

    def note(self, unmade: Sequence[str]) -> None:
        """Nobody asks."""

    def written(self) -> None:
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
