"""How much a run may write into its workspace: a short manifest can fill any disk, by doubling a text in a map."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate

from registry_tool.core.errors import RegistryError

MOST_BYTES = 256 * 2**20
MOST_FILES = 10_000


@dataclass(slots=True)
class Room:
    """What is left, in bytes and in files written; a file that is written again counts again, a folder once."""

    bytes: int = MOST_BYTES
    files: int = MOST_FILES
    _folders: set[str] = field(default_factory=set)

    def take(self, size: int, path: str = "") -> None:
        """Count `size` bytes before they are written: as a file at `path`, with the folders that are new above it;
        without one, into a file that is there. `RegistryError` where there is no room for it.
        """
        folders = set(accumulate(path.split("/")[:-1], "{}/{}".format)) - self._folders
        files = bool(path) + len(folders)
        if size > self.bytes or files > self.files:
            raise RegistryError(
                f"a run saves at most {MOST_BYTES // 2**20} MiB in {MOST_FILES} files and folders, "
                "and this is more",
                hint="save less, or split the work into several runs",
            )
        self.bytes -= size
        self.files -= files
        self._folders |= folders
