"""Paths that can't all be written on every system."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def folded(path: str) -> str:
    """A path as systems see it that ignore case and Unicode form."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", path).casefold())


def path_clash(paths: Iterable[str]) -> str:
    """Two paths that some system takes for one, or a file that others need as their folder; empty for none."""
    seen: dict[str, tuple[str, bool]] = {}
    for path in paths:
        parts = path.split("/")
        for length in range(1, len(parts) + 1):
            prefix, is_file = "/".join(parts[:length]), length == len(parts)
            other, was_file = seen.setdefault(folded(prefix), (prefix, is_file))
            if other != prefix:
                return (
                    f"{other} and {prefix} are one path on systems that ignore case or Unicode form"
                )
            if was_file != is_file:
                return f"{prefix} is a file and a folder"
    return ""
