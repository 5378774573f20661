"""What only Unix has is asked for where it is used, so that every module can be imported on Windows, too.

A hand-made stand-in for Windows: a Python from which Unix's own modules and names were taken away. It shows
nothing about Windows' paths, files and processes; a real one is asked by `.github/workflows/test.yml`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHILD = """\
import concurrent.futures, http.server, multiprocessing.pool, os, pkgutil, pty, signal, sys, tempfile
import aiohttp, git, mcp, uvicorn  # what others do with Unix is theirs

for name in ("fcntl", "grp", "pwd", "resource", "termios", "tty"):
    sys.modules[name] = None
for owner, names in {
    os: ("O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "fchmod", "fork", "getuid", "killpg"),
    signal: ("SIGALRM", "SIGHUP", "SIGKILL", "SIGUSR1"),
}.items():
    for name in names:
        delattr(owner, name)
os.supports_dir_fd.clear()

import importlib
import registry_tool

for module in pkgutil.walk_packages(registry_tool.__path__, "registry_tool."):
    importlib.import_module(module.name)
sys.argv = ["registry-tool", "check"]
from registry_tool.cli.registry import main

main()
"""


def test_every_module_can_be_imported_without_unix() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout
