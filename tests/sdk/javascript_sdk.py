"""The JavaScript SDK, type-checked and compiled once in a process of tests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.made_once import made_once
from tests.node_tools import FOLDER, node_tool

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "sdks/javascript"
PATIENCE = 120.0
"""Seconds that a program of npm may take on a busy machine."""


def compiled() -> Path:
    """The package's folder with `dist`, for tests that only read it."""
    if shutil.which("node") is None:
        pytest.skip("needs Node.js")
    if not node_tool("node_modules/typescript").is_dir():
        pytest.skip("needs TypeScript: run `make test`")
    return made_once(_compile)


def _compile(folder: Path) -> None:
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("dist", "node_modules"))
    done = npm_program("tsc", "-p", ".", "--noEmitOnError", cwd=folder)
    assert done.returncode == 0, done.stdout
    assets = str(ROOT / "site_templates/assets")
    done = node("build/catalogue.js", assets, "dist", cwd=folder)
    assert done.returncode == 0, done.stderr


def install(folder: Path) -> None:
    """Put the package where programs of a folder find `@puppyai/workflow-sdk`."""
    (folder / "node_modules/@puppyai").mkdir(parents=True)
    (folder / "node_modules/@puppyai/workflow-sdk").symlink_to(compiled())


def npm_program(name: str, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run one of the programs that npm brought."""
    return node(str(FOLDER / "node_modules/.bin" / name), *words, cwd=cwd)


def node(*words: str, cwd: Path, given: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """Run Node.js to its end."""
    return subprocess.run(
        ["node", *words], cwd=cwd, input=given, env={**os.environ, **env}, check=False,
        capture_output=True, encoding="utf-8", timeout=PATIENCE,
    )  # fmt: skip


def ask(*requests: dict[str, Any]) -> list[Any]:
    """What inner functions of the SDK answer; `tests/sdk/javascript/ask.mjs` has them."""
    script = Path(__file__).parent / "javascript/ask.mjs"
    semver = (FOLDER / "node_modules/semver/index.js").as_uri()
    dist = (compiled() / "dist").as_uri()
    done = node(str(script), dist, semver, cwd=compiled(), given=json.dumps(requests))
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found


@cache
def conformance_cases() -> int:
    """How many cases tests/conformance holds."""
    files = (ROOT / "tests/conformance").glob("*.json")
    return sum(len(json.loads(file.read_text("utf-8"))["cases"]) for file in files)
