"""A live registry's search: the catalogue's ranking, over the site's own index where the site has been built."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import cast

from registry_tool.catalogue.load import load_latest, load_numbers
from registry_tool.catalogue.summaries import summarise
from registry_tool.commands.live.view import RegistryView
from registry_tool.core.errors import NotFoundError
from registry_tool.core.output_folder import MARK
from registry_tool.site.search.query.find import find
from registry_tool.site.search.query.index_files import IndexFiles
from registry_tool.site.search.query.parse import parse
from registry_tool.sources.search import index_of
from registry_tool.store import paths


class LiveSearch:
    """Keeps the index of one output and of one commit. Several threads may ask it."""

    def __init__(self) -> None:
        self._making = Lock()
        self._built: tuple[object, IndexFiles] | None = None
        self._made: tuple[str, IndexFiles] | None = None

    def ranked(self, snapshot: RegistryView, text: str, output: Path | None) -> list[str]:
        """The names that a query finds, in order; `output` is a built site, None where there is none (yet).

        A built site may be some seconds older than the snapshot; what has gone since is left to the caller.
        """
        if output is not None:
            try:
                return _names(self._of_output(output), text)
            except NotFoundError:  # it is being replaced
                self._built = None
        return _names(self._of_snapshot(snapshot), text)

    def _of_output(self, output: Path) -> IndexFiles:
        mark = _stamp(output / MARK)
        if self._built is None or self._built[0] != mark:
            self._built = mark, IndexFiles(lambda paths: [_read(output / path) for path in paths])
        return self._built[1]

    def _of_snapshot(self, snapshot: RegistryView) -> IndexFiles:
        """One makes it; whoever comes meanwhile gets that of the last commit, and waits where there is none."""
        made = self._made
        if made is not None and made[0] == snapshot.commit:
            return made[1]
        if not self._making.acquire(blocking=made is None):
            return cast(tuple[str, IndexFiles], made)[1]
        try:
            if self._made is None or self._made[0] != snapshot.commit:
                self._made = snapshot.commit, _made_of(snapshot)
            return self._made[1]
        finally:
            self._making.release()


def _made_of(snapshot: RegistryView) -> IndexFiles:
    downloads, ratings = load_numbers(snapshot.tree)
    lines = list(load_latest(snapshot.tree, snapshot.tree.folders(paths.WORKFLOWS)))
    lines.sort(key=lambda line: line.latest.released)
    return index_of(
        summarise(line, downloads.get(line.name, 0), ratings.get(line.name)) for line in lines
    )


def _names(index: IndexFiles, text: str) -> list[str]:
    names = index.names()
    return [names[slot] for slot in find(index, parse(text)).slots if slot in names]


def _stamp(file: Path) -> Sequence[int]:
    try:
        about = file.stat()
    except OSError as error:
        raise NotFoundError(f"can't be read: {error.strerror}", location=str(file)) from None
    return about.st_ino, about.st_mtime_ns, about.st_size


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise NotFoundError(f"can't be read: {error.strerror}", location=str(file)) from None
