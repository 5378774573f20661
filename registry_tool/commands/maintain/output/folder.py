"""An output in a folder: built from nothing beside it and put in its place, or brought along by a patch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from registry_tool.commands.maintain.build_mark import Mark
from registry_tool.commands.maintain.output import existing
from registry_tool.commands.maintain.output.existing import BuildResult, previous_mark, read_file
from registry_tool.commands.maintain.output.full_build import FullBuild
from registry_tool.commands.maintain.output.increment import Patch, Previous
from registry_tool.commands.maintain.output.signing import api_files, signed_everything
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.core.files import inside
from registry_tool.core.forking import cores
from registry_tool.core.journal import change_together
from registry_tool.core.linked_files import link
from registry_tool.core.output_folder import MARK, FileCount, count_files, demand_unmixed, entries
from registry_tool.core.replacing import replacing

_NONE: Final = FileCount(0, f"{0:064x}")


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What became of files: which they are, how large, how many were right already or replace old ones.

    `unmade` names the pages that stand as plain notices.
    """

    count: FileCount = _NONE
    size: int = 0
    kept: int = 0
    replaced: int = 0
    same: frozenset[str] = frozenset()
    unmade: tuple[str, ...] = ()

    def plus(self, other: WriteResult) -> WriteResult:
        """Of both together."""
        return WriteResult(
            self.count.plus(other.count),
            self.size + other.size,
            self.kept + other.kept,
            self.replaced + other.replaced,
            self.same | other.same,
            (*self.unmade, *other.unmade),
        )


@dataclass
class FolderSink:
    """Writes files below `new`; those that `old` has already are taken over from there.

    Paths that hold the same are only listed one by one where `names` wants them.
    """

    new: Path
    old: Path
    names: bool = False
    _paths: list[str] = field(default_factory=list)
    _same: list[str] = field(default_factory=list)
    _replaced: int = 0
    _size: int = 0
    _folders: set[Path] = field(default_factory=set)
    _unmade: list[str] = field(default_factory=list)

    def take(self, path: str, content: bytes) -> None:
        """One file."""
        target, there = inside(self.new, path), self.old / path
        if target.parent not in self._folders:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(target.parent)
        self._paths.append(path)
        self._size += len(content)
        if there.is_file() and not there.is_symlink():
            self._replaced += 1
            if there.read_bytes() == content:
                link(there, target)
                self._same.append(path)
                return
        target.write_bytes(content)

    def note(self, unmade: Sequence[str]) -> None:
        """Pages among them that stand as plain notices."""
        self._unmade += unmade

    def written(self) -> WriteResult:
        """What became of them."""
        same = frozenset(self._same) if self.names else frozenset[str]()
        kept, unmade = len(self._same), tuple(self._unmade)
        return WriteResult(count_files(self._paths), self._size, kept, self._replaced, same, unmade)


def previous(out: Path) -> Previous:
    """The output in a folder."""
    return Previous(lambda path: read_file(out, path))


def write_everything(
    source: OutputSource, out: Path, mark: Mark, workers: int | None = None
) -> BuildResult:
    """Build from nothing; nobody ever sees a part of it. What an earlier output wrote is replaced."""
    before = _count(out)
    earlier = previous_mark(out)
    names = before != _NONE and (earlier is None or earlier.count != before)
    written = WriteResult()
    with replacing(out) as new:
        build = FullBuild(source, partial(FolderSink, new, out, names), workers or cores())
        for part in build.write():
            written = written.plus(part)
        signed = FolderSink(new, out, names)
        files = signed_everything(source, api_files(new), previous(out).read)
        for path, content in files.items():
            signed.take(path, content)
        written = written.plus(signed.written())
        if names:
            wanted = dict.fromkeys(path for path, _ in entries(new))
            demand_unmixed(out, [*wanted, MARK], written.same)
        elif _count(out) != before:
            demand_unmixed(out, (), ())
        marked = FolderSink(new, out)
        marked.take(MARK, mark.with_count(written.count, written.size).to_bytes())
        kept, replaced = (
            written.kept + marked.written().kept,
            written.replaced + marked.written().replaced,
        )
    total, old = written.count.files + 1, before.files + (earlier is not None)
    return BuildResult(total - kept, kept, old - replaced, written.size, written.unmade)


def _count(folder: Path) -> FileCount:
    return count_files(path for path, _ in entries(folder)) if folder.is_dir() else _NONE


def apply(patch: Patch, out: Path, mark: Mark) -> BuildResult:
    """Bring an output along by a patch; `mark` is the one that it has."""
    if not patch.writes and not patch.removes:
        return BuildResult(0, mark.files + 1, 0, mark.size)
    fresh = {
        path: content
        for path, content in patch.writes.items()
        if path in patch.created or path == MARK or read_file(out, path) != content
    }
    if mark.files > existing.SMALL:
        change_together(out, fresh, patch.removes, patch.created)
    else:
        _replace(out, fresh, patch.removes)
    total = mark.files + 1 + len(patch.created) - len(patch.removes)
    written, removed = len(fresh), len(patch.removes)
    return BuildResult(written, total - written, removed, patch.size, patch.unmade)


def _replace(out: Path, fresh: dict[str, bytes], removes: frozenset[str]) -> None:
    there = list(entries(out))
    with replacing(out) as new:
        folders: set[Path] = set()
        for path in (*(p for p, _ in there if p not in removes and p not in fresh), *fresh):
            target = new / path
            if target.parent not in folders:
                target.parent.mkdir(parents=True, exist_ok=True)
                folders.add(target.parent)
            if path in fresh:
                target.write_bytes(fresh[path])
            else:
                link(out / path, target)
