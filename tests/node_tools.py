"""The tools that come from npm, which `make test` fetches where there is npm."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "node"


def node_tool(path: str) -> Path:
    """A file below tests/node; skips the test where nothing was fetched."""
    if not (FOLDER / "node_modules").is_dir():
        pytest.skip("needs npm: run `make test`")
    return FOLDER / path
