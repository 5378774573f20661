"""npm version ranges (`^` `~` `||` …), by node-semver."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

_MAX_RANGE = 128


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Any:  # nodesemver has no stubs
    from nodesemver import Range

    if len(text) > _MAX_RANGE:
        raise ValueError("a range has at most 128 characters")
    return Range(text, False)


def is_valid(text: str) -> bool:
    """True for a range that npm would accept."""
    try:
        _parsed(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=65536)
def admits(text: str, version: str) -> bool:
    """True where a version lies in a range; pre-releases as npm does it."""
    return bool(_parsed(text).test(version))
