"""How large a package may be."""

from __future__ import annotations

from typing import Final

MAX_BYTES: Final = 10 * 2**20
"""Of all files of a version together."""
MAX_FILES: Final = 200
MAX_BUNDLED: Final = 64
"""Packages of a bundle."""
MAX_BUNDLE: Final = 64 * 2**20
MAX_PACKAGE: Final = MAX_BYTES + MAX_FILES * 1024
"""A package's own largest size: its files and their headers."""
