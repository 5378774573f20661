"""An output on a branch, written as git objects: nothing is checked out, and one update of a reference shows it.

The branch is always one commit without parents: what it showed before is in the registry's own history.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from registry_tool.commands.maintain.build_mark import Mark
from registry_tool.commands.maintain.output.existing import BuildResult
from registry_tool.commands.maintain.output.folder import FolderSink, WriteResult
from registry_tool.commands.maintain.output.full_build import FullBuild
from registry_tool.commands.maintain.output.increment import Patch, Previous, patch_between
from registry_tool.commands.maintain.output.on_branch import demand_branch, read_from
from registry_tool.commands.maintain.output.signing import api_files, signed_everything
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.core.forking import cores
from registry_tool.core.output_folder import MARK, entries
from registry_tool.store.branch import Branch
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.new_objects import Identity


def write_branch(source: OutputSource, branch: Branch, new: Mark, who: Identity) -> BuildResult:
    """Bring a branch to the output of a source; whoever reads it sees old or new."""
    result = BuildResult(0, 0, 0)

    def write(tree: GitTree) -> Mapping[str, bytes | None] | str:
        nonlocal result
        old = demand_branch(tree, new.registry, branch.name)
        there = Previous(lambda path: read_from(tree, path), tree.expect)
        patch = patch_between(source, there, old, new) if old else None
        if patch is None or old is None:
            identity, result = _everything(source, branch, new, there)
            return identity
        result = _result_of(patch, old)
        return {**patch.writes, **dict.fromkeys(patch.removes)}

    branch.write(write, f"Show {source.commit}", who)
    return result


def _result_of(patch: Patch, old: Mark) -> BuildResult:
    total = old.files + 1 + len(patch.created) - len(patch.removes)
    written, removed = len(patch.writes), len(patch.removes)
    return BuildResult(written, total - written, removed, patch.size, patch.unmade)


def _everything(
    source: OutputSource, branch: Branch, new: Mark, before: Previous
) -> tuple[str, BuildResult]:
    """The tree of an output that is built from nothing, by all cores in a folder that goes afterwards."""
    with TemporaryDirectory(prefix="registry-site-") as name:
        folder, written = Path(name), WriteResult()
        for part in FullBuild(source, lambda: FolderSink(folder, folder / "-"), cores()).write():
            written = written.plus(part)
        sink = FolderSink(folder, folder / "-")
        for path, content in signed_everything(source, api_files(folder), before.read).items():
            sink.take(path, content)
        written = written.plus(sink.written())
        (folder / MARK).write_bytes(new.with_count(written.count, written.size).to_bytes())
        paths = sorted(path for path, _ in entries(folder))
        files = ((path, (folder / path).read_bytes()) for path in paths)
        tree = branch.repository.import_files(files)
    return tree, BuildResult(len(paths), 0, 0, written.size, written.unmade)
