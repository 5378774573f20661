"""What moves the clock for the whole suite ends no process of it."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "scripts/any-day"
SETS = """
import datetime, os, sys, threading, time

sys.setswitchinterval(1e-6)

def wait():
    while True:
        pass

for _ in range(4):
    threading.Thread(target=wait, daemon=True).start()
for number in range(10_000):
    os.environ[f"V{number}"] = "x"
print(datetime.datetime.now(datetime.UTC).date())
sys.stdout.flush()
os._exit(0)
"""


@pytest.mark.skipif(
    shutil.which("faketime") is None or shutil.which("cc") is None,
    reason="not run: this needs `faketime` and a C compiler (apt-get install faketime gcc libc6-dev)",
)
def test_variables_may_be_set_while_threads_wait(tmp_path: Path) -> None:
    """libfaketime alone reads the environment at each wait, beside whoever moves it: a segmentation fault."""
    preloaded = runpy.run_path(str(SCRIPT))["libraries"](tmp_path)
    moved = {
        "LD_PRELOAD": preloaded,
        "FAKETIME": "@2040-02-29 12:00:00",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    outside = {key: value for key, value in os.environ.items() if not key.startswith("FAKETIME")}
    ended = subprocess.run(
        [sys.executable, "-c", SETS], env={**outside, **moved}, capture_output=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == b"2040-02-29"
