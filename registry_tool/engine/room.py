"""How much a run may write into its workspace: a short manifest can fill any disk, by doubling a text in a map."""

from __future__ import annotations

from dataclasses import dataclass

from registry_tool.core.errors import RegistryError

MOST_BYTES = 256 * 2**20
MOST_FILES = 10_000


@dataclass(slots=True)
class Room:
    """What is left, in bytes and in files written; a file that is written again counts again."""

    bytes: int = MOST_BYTES
    files: int = MOST_FILES

    def take(self, size: int) -> None:
        """Count a file of `size` bytes before it is written; `RegistryError` where there is no room for it."""
        if size > self.bytes or not self.files:
            raise RegistryError(
                f"a run saves at most {MOST_BYTES // 2**20} MiB in {MOST_FILES} files, and this is more",
                way_out="save less, or split the work into several runs",
            )
        self.bytes -= size
        self.files -= 1
