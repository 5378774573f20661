"""Where an output goes: a folder, or a branch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from registry_tool.commands.maintain.build import build_source, demand_build_folder
from registry_tool.commands.maintain.build_mark import Mark, read_mark
from registry_tool.commands.maintain.output.existing import (
    BuildResult,
    is_unmodified,
    previous_mark,
    read_file,
)
from registry_tool.commands.maintain.output.on_branch import demand_branch, read_from
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.core.journal import settle
from registry_tool.core.output_folder import MARK
from registry_tool.store.branch import Branch
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.new_objects import Identity


class OutputTarget(Protocol):
    """A place for an output."""

    def demand(self, registry: str) -> None:
        """`UsageError` where it may not become an output of the registry with this name."""

    def mark(self) -> Mark | None:
        """The mark of the output that is there, None where there is none."""

    def read(self, path: str) -> bytes | None:
        """A file of the output that is there."""

    def expect(self, paths: Iterable[str]) -> None:
        """Announce files that are about to be read."""

    def is_unmodified(self, mark: Mark) -> bool:
        """Whether nobody has touched the output with this mark since, as far as it is looked at."""

    def bring(self, source: OutputSource) -> BuildResult:
        """Bring it to the output of a source."""


@dataclass(frozen=True, slots=True)
class FolderTarget:
    """A folder; `root` is the registry's."""

    root: Path
    out: Path

    def demand(self, registry: str) -> None:
        """`UsageError` where it may not become an output of the registry with this name."""
        demand_build_folder(self.out, self.root, registry)
        settle(self.out)

    def mark(self) -> Mark | None:
        """The mark of the output that is there, None where there is none."""
        return previous_mark(self.out)

    def read(self, path: str) -> bytes | None:
        """A file of the output that is there."""
        return read_file(self.out, path)

    def expect(self, paths: Iterable[str]) -> None:
        """Nothing: files are at hand."""

    def is_unmodified(self, mark: Mark) -> bool:
        """Whether nobody has touched the output with this mark since, as far as it is looked at."""
        return is_unmodified(self.out, mark)

    def bring(self, source: OutputSource) -> BuildResult:
        """Bring it to the output of a source."""
        return build_source(source, self.out, self.root)


@dataclass
class BranchTarget:
    """A branch, as it was when it was first looked at; it is written wherever it is by then."""

    branch: Branch
    who: Identity
    _tree: GitTree | None = field(default=None, init=False)

    def demand(self, registry: str) -> None:
        """`UsageError` where it holds something else than an output of the registry with this name."""
        demand_branch(self._files(), registry, self.branch.name)

    def mark(self) -> Mark | None:
        """The mark of the output that is there, None where there is none."""
        return read_mark(self.read(MARK))

    def read(self, path: str) -> bytes | None:
        """A file of the output that is there."""
        return read_from(self._files(), path)

    def expect(self, paths: Iterable[str]) -> None:
        """Fetches what is not here, in one go."""
        self._files().expect(paths)

    def is_unmodified(self, mark: Mark) -> bool:
        """Whether it still has this mark."""
        return self.mark() == mark

    def bring(self, source: OutputSource) -> BuildResult:
        """Bring it to the output of a source."""
        from registry_tool.commands.maintain.output.branch import write_branch  # renders pages

        return write_branch(source, self.branch, source.mark, self.who)

    def _files(self) -> GitTree:
        if self._tree is None:
            self._tree = self.branch.files()
        return self._tree
