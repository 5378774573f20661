"""The whole table of probes in both sandboxes, for root and for an ordinary user."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from registry_tool.core.folders import cache_folder
from registry_tool.engine.sandbox.bubblewrap import NOBODY
from registry_tool.engine.sandbox.wasm import WasmSandbox
from tests.bounded import PATIENCE
from tests.engine.sandbox.probes import PROBES, SECRET, contained

ROOT = Path(__file__).parents[3]
MODULE = "tests.engine.sandbox.probes"
BWRAP = shutil.which("bwrap")
EVERY = [(sandbox, user) for sandbox in ("wasm", "native") for user in ("root", "ordinary user")]

pytestmark = pytest.mark.xdist_group("sandbox-probes")


def ended(sandbox: str, user: str) -> dict[str, dict[str, Any]]:
    """How all probes ended; they run once."""
    found = _ended(sandbox, user)
    one = found["spin"]
    if user == "ordinary user" and one.get("kind") == "MissingToolError":
        pytest.skip(f"this machine forbids it: {one['error']}")  # and no code ran
    return found


@cache
def _ended(sandbox: str, user: str) -> dict[str, dict[str, Any]]:
    if sandbox == "native":
        _need_linux_and_bubblewrap()
    if user == "root" and os.geteuid() != 0:
        pytest.skip("this test run is not root's")
    if user == "root" or os.geteuid() != 0:
        return _run([sys.executable, "-B", "-m", MODULE, sandbox])
    with _as_nobody() as words:
        return _run([*words, "-B", "-m", MODULE, sandbox])


def _need_linux_and_bubblewrap() -> None:
    if sys.platform != "linux" or BWRAP is None:
        pytest.skip("bubblewrap is missing (Debian: apt-get install bubblewrap)")


def _run(words: list[str]) -> dict[str, dict[str, Any]]:
    done = subprocess.run(
        words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


@contextmanager
def _as_nobody() -> Iterator[list[str]]:
    """This Python for an ordinary user, who perhaps may not enter the folders that it lies in."""
    _need_linux_and_bubblewrap()
    with tempfile.TemporaryDirectory() as name:
        cache = Path(name)
        cache.chmod(0o755)
        WasmSandbox().prepare()
        for compiled in cache_folder().glob("*.cwasm"):
            os.chown(shutil.copy(compiled, cache), NOBODY, NOBODY)
        python = f"python{sys.version_info.major}.{sys.version_info.minor}"
        shown = {
            sys.base_prefix: "/mnt/python",
            str(ROOT): "/mnt/project",
            sysconfig.get_path("purelib"): "/mnt/packages",
            name: "/mnt/cache",
        }
        words = [str(BWRAP), "--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--tmpfs", "/mnt"]
        for location in shown.values():
            words += ["--dir", location]
        for source, location in shown.items():
            words += ["--ro-bind", source, location]
        words += ["--chdir", "/mnt/project", "--clearenv", "--setenv", "PATH", os.environ["PATH"]]
        words += ["--setenv", "PYTHONPATH", "/mnt/project:/mnt/packages"]
        words += ["--setenv", "LD_LIBRARY_PATH", "/mnt/python/lib"]
        words += ["--setenv", "PUPPY_CACHE", "/mnt/cache"]
        words += ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        yield [*words, f"/mnt/python/bin/{python}"]


@pytest.mark.parametrize(("sandbox", "user"), EVERY)
@pytest.mark.parametrize("name", PROBES)
def test_a_probe_is_contained(name: str, sandbox: str, user: str) -> None:
    found = ended(sandbox, user)[name]
    assert contained(PROBES[name], found), found
    result = json.dumps(found)
    assert SECRET not in result
    assert str(ROOT) not in result
    assert sys.base_prefix not in result or sys.base_prefix == "/usr"


@pytest.mark.parametrize(("sandbox", "user"), EVERY)
def test_the_host_is_untouched(sandbox: str, user: str) -> None:
    found = ended(sandbox, user)
    assert (found["user"]["value"] == 0) == (user == "root")
    assert found["reached"]["value"] == 0
    assert found["files"]["value"] == ["secret", "socket"]
    assert found["secret"]["value"] == SECRET
    assert not (ROOT / "pwned").exists()


@pytest.mark.parametrize("user", ["root", "ordinary user"])
def test_no_process_is_left(user: str) -> None:
    ended("native", user)
    first, end = _guests(), time.monotonic() + PATIENCE
    while (left := first & _guests()) and time.monotonic() < end:
        time.sleep(0.05)
    assert not left


def _guests() -> set[str]:
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"What runs inside a sandbox" in (process / "cmdline").read_bytes():
                found.add(process.name)
        except OSError:
            continue
    return found


def test_the_probes_hold_what_the_threat_model_names() -> None:
    for word in (
        "/etc/passwd",
        "environ",
        "/proc",
        "socket",
        "fork",
        "while True: pass",
        "2**30",
        "print",
    ):
        assert any(word in probe.body for probe in PROBES.values()), word
