"""What a rule on files is: it looks at paths, modes and sizes, before anything is parsed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from registry_tool.core.finding import Finding, Severity
from registry_tool.core.records import Record

REGULAR_MODE = "100644"
MAX_BYTES = 10 * 2**20
MAX_FILES = 200


class VersionContent(Record, frozen=True):
    """One file of a version: git mode, bytes, and size. Of files that no rule may read, the bytes are missing."""

    content: bytes
    mode: str = REGULAR_MODE
    size: int = -1

    @property
    def length(self) -> int:
        """Its size in bytes, read or not."""
        return len(self.content) if self.size < 0 else self.size


class FileSet(Record, frozen=True):
    """A version's files by path inside it; `folder` is the version's own path, empty for a project."""

    files: Mapping[str, VersionContent]
    folder: str = ""

    def finding(self, rule: str, path: str, message: str, help_: str) -> Finding:
        """An error about one file (or, for an empty path, about all)."""
        whole = "/".join(part for part in (self.folder, path) if part)
        return Finding(whole, 0, 0, rule, Severity.ERROR, message, help_)


@dataclass(frozen=True, slots=True)
class FileRule:
    """One check on files. `id` is also its heading in docs/rules.md and its case folder's name."""

    id: str
    summary: str
    check: Callable[[FileSet], Iterator[Finding]] = field(repr=False)
