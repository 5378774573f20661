"""A commit's files, read from git's objects; nothing is checked out."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.errors import NotFoundError
from registry_tool.store.git import Repository
from registry_tool.store.tree import TreeFile


class GitTree:
    """The files of a commit or tree; listings are asked for once a folder."""

    def __init__(self, repository: Repository, tree: str) -> None:
        self.repository = repository
        self.tree = tree
        self._listed: dict[str, list[TreeFile]] = {}
        self._blobs: dict[str, str] = {}

    def files(self, prefix: str) -> Iterator[TreeFile]:
        """All files below a folder, sorted by path; submodules have mode 160000."""
        if prefix not in self._listed:
            self._listed[prefix] = sorted(self._list(prefix, "-r"), key=lambda file: file.path)
        yield from self._listed[prefix]

    def folders(self, prefix: str) -> list[str]:
        """Names right below a folder, one git call whatever lies below them."""
        return [file.path.rsplit("/", 1)[-1] for file in self._list(prefix)]

    def _list(self, prefix: str, *options: str) -> Iterator[TreeFile]:
        listing = self.repository.run(
            "ls-tree", *options, "-l", "-z", self.tree, "--", f"{prefix}/"
        )
        for record in listing.split(b"\0"):
            if record:
                about, path = record.split(b"\t", 1)
                mode, _, object_id, size = about.split()
                name = path.decode("utf-8", "surrogateescape")
                self._blobs[name] = object_id.decode()
                yield TreeFile(name, mode.decode(), int(size) if size != b"-" else 0)

    def read(self, path: str) -> bytes:
        """A file's bytes; a symlink's target."""
        if path not in self._blobs:
            listing = self.repository.run("ls-tree", "-z", self.tree, "--", path)
            if not listing:
                raise NotFoundError("there is no such file", place=path)
            self._blobs[path] = listing.split(b"\t", 1)[0].split()[2].decode()
        return self.repository.blob(self._blobs[path])
