"""The digest of a version's files (SPEC.md §2)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping


def content_hash(content: bytes) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(content).hexdigest()


def digest_of_entries(entries: Iterable[tuple[str, int, str]]) -> str:
    """`sha256:<hex>` over (path, size in bytes, hex SHA-256) of every file, sorted by path bytes."""
    total = hashlib.sha256()
    for path, size, sha256 in sorted(entries, key=lambda entry: entry[0].encode()):
        total.update(f"{sha256} {size} {path}\n".encode())
    return f"sha256:{total.hexdigest()}"


def digest(files: Mapping[str, bytes]) -> str:
    """The digest of files given by path."""
    return digest_of_entries(
        (path, len(content), content_hash(content)) for path, content in files.items()
    )
