"""Objects of a repository, read by their ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from registry_tool.core.errors import NotFoundError
from registry_tool.store.git.commands import Commands
from registry_tool.store.git.object_reader import ObjectReader

COMPLETE = "complete it: git fetch --refetch --no-filter origin"
"""What a partial clone (`git clone --filter=…`) needs; nothing is fetched by the way."""
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class Objects(Commands):
    """Blobs, trees and commits."""

    @property
    def is_partial(self) -> bool:
        """True for a clone made with `--filter`: what it lacks is never fetched while something is judged."""
        packs = self.git_dir / "objects" / "pack"
        return next(packs.glob("*.promisor"), None) is not None

    def _missing(self, object_id: str) -> NotFoundError:
        reason = f"the object {object_id} is missing"
        if not self.is_partial:
            return NotFoundError(reason, location=self.location)
        return NotFoundError(
            f"{reason}, as this clone is partial", location=self.location, hint=COMPLETE
        )

    def bring(self, object_ids: Iterable[str]) -> None:
        """Have blobs ready that are about to be read; a whole repository has them (git/partial.py)."""

    def object(self, object_id: str) -> bytes:
        """An object's bytes; `NotFoundError` for none."""
        return self._read(object_id)[1]

    def objects(self, object_ids: Sequence[str]) -> Iterator[bytes]:
        """The bytes of many objects in their order; `NotFoundError` for one that is missing."""
        if object_ids:
            reader = self._objects(object_ids[0])
            for name, data in zip(object_ids, reader.read_many(object_ids), strict=True):
                if data is None:
                    raise self._missing(name)
                yield data

    def size(self, object_id: str) -> int:
        """An object's size in bytes, without reading it."""
        size = self._objects(object_id).size(object_id)
        if size is None:
            raise self._missing(object_id)
        return size

    def kind(self, object_id: str) -> str:
        """An object's type (blob, tree, commit, tag), without reading it; empty where there is none."""
        return self._objects(object_id).kind(object_id)

    def tree_id(self, commit: str) -> str:
        """The tree of a commit; a tree is its own."""
        kind, data = self._read(commit)
        return data.split(b"\n", 1)[0].split()[1].decode() if kind == "commit" else commit

    def _read(self, object_id: str) -> tuple[str, bytes]:
        found = self._objects(object_id).read(object_id)
        if found is None:
            raise self._missing(object_id)
        return found

    def _objects(self, object_id: str) -> ObjectReader:
        if not SHA.fullmatch(object_id):
            raise NotFoundError(f"{object_id!r} is not an object id", location=self.location)
        reader, started = self._opened().reader()
        self.calls += started
        return reader
