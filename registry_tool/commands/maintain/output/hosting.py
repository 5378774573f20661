"""How large an output is beside what its host holds."""

from __future__ import annotations

from typing import Final

PAGES_BYTES: Final = 10**9
"""Published sites on GitHub Pages may be no larger than 1 GB:
https://docs.github.com/pages/getting-started-with-github-pages/github-pages-limits"""
_WARNED: Final = 0.8


def too_large(size: int) -> str:
    """A warning where an output takes most of what GitHub Pages holds, else nothing."""
    share = size / PAGES_BYTES
    if share < _WARNED:
        return ""
    return (
        f"the output has {size / 10**6:,.0f} MB, {share:.0%} of what GitHub Pages holds: let fewer versions have "
        "pages (site.version_pages in registry.yaml), or serve it from elsewhere (docs/scale.md)"
    )
