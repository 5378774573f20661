"""The tools that come from npm, which `make test` fetches where there is npm."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "node"
RECENT = 22


def node_tool(path: str) -> Path:
    """A file below tests/node; skips the test where nothing was fetched."""
    if not (FOLDER / "node_modules").is_dir():
        pytest.skip("needs npm: run `make test`")
    return FOLDER / path


def recent_node() -> Path:
    """Node.js 22 or newer: the copy that npm brought, else the machine's; skips the test without one."""
    copies = sorted((FOLDER / "node_modules").glob("node-linux-*/bin/node"))
    found = str(copies[0]) if copies else shutil.which("node")
    if found is None:
        pytest.skip("needs Node.js 22: run `make test` where there is npm")
    told = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    if int(told.removeprefix("v").partition(".")[0]) < RECENT:
        pytest.skip(f"needs Node.js {RECENT}, and {found} is {told.strip()}")
    return Path(found)
