"""Every hostile input of the threat model that concerns files, names, documents, packages, owners and pages.

A row is a folder of `cases/`: `expect.json` (its kind, and what each hostile input must get), hostile inputs and
benign twins, which must pass. The real command runs in a process of its own, with bounded memory,
whose exit status, output, CPU time and traces are looked at. Inputs may hold the marks of `tests/marks.py`.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests import forked
from tests.marks import expanded_bytes
from tests.threats.kinds import KINDS, MEMORY_KIB, Job

CASES = Path(__file__).parent / "cases"


@dataclass
class Done:
    """How a command ended; `cpu` in seconds."""

    exit: int
    out: str
    err: str
    cpu: float
    findings: list[dict[str, Any]] = field(default_factory=list)


def inputs() -> list[Path]:
    found = [path for row in CASES.iterdir() for path in row.iterdir()]
    return sorted(path for path in found if path.name.startswith(("hostile", "benign")))


@pytest.mark.parametrize("path", inputs(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_row(path: Path, tmp_path: Path) -> None:
    expect = json.loads((path.parent / "expect.json").read_text())
    hostile = path.name.startswith("hostile")
    job = KINDS[expect["kind"]](path, tmp_path)
    before = traces(job.watched)
    with job.held:
        done = run(job)
    output = done.out + done.err
    assert "Traceback" not in output
    assert done.cpu < job.cpu_seconds
    for never in job.never:
        assert never not in output
    for check in job.checks:
        check(done)
    if not hostile:
        assert done.exit == 0, output[-2000:]
        return
    assert done.exit == expect["exit"], output[-2000:]
    assert traces(job.watched) == before, "something was written"
    assert not list(tmp_path.rglob("pwned"))
    found = [f for f in done.findings if f["severity"] in {"error", "hold"}]
    if "rule" in expect:
        rules = [finding["rule"] for finding in found]
        assert expect["rule"] in rules, output[-2000:]
        assert all(finding["message"] and finding["help"] for finding in found), found
    if "says" in expect:
        assert expect["says"] in output, output[-2000:]
    if expect.get("place"):
        assert all(finding["line"] > 0 and finding["column"] > 0 for finding in found)


def run(job: Job) -> Done:
    """The command in a process of its own."""
    environment = {**os.environ, "HOME": str(job.folder), "NO_COLOR": "1"}
    environment["XDG_CACHE_HOME"] = str(Path.home() / ".cache")
    ended = forked.run(
        job.command, cwd=job.cwd, env={**environment, **job.environment}, data_kib=job.memory_kib
    )
    done = Done(ended.returncode, ended.stdout, ended.stderr, ended.cpu)
    if job.json and done.out.startswith("{"):
        done.findings = json.loads(done.out)["findings"]
    return done


def traces(folder: Path) -> dict[str, str]:
    """Every file below a folder by its hash; of git only what refs say."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if ".git" in inside.parts[:1] and inside.parts[1:2] != ("refs",):
            continue
        if path.is_symlink() or path.is_file():
            found[str(inside)] = str(path.readlink()) if path.is_symlink() else _start(path)
    return found


def _start(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.sha256(file.read(2**20)).hexdigest()


def test_every_row_has_a_benign_twin() -> None:
    for row in CASES.iterdir():
        names = [path.name for path in row.iterdir()]
        assert any(name.startswith("benign") for name in names), row.name
        assert any(name.startswith("hostile") for name in names), row.name


def test_the_whole_list_is_covered() -> None:
    numbers = {int(row.name[:2]) for row in CASES.iterdir()}
    assert numbers >= {*range(1, 31), 40, 41, 42, 44, 45, 46, 47, 48, 49, 51, 52, 54}


def test_marks_give_bytes() -> None:
    assert expanded_bytes("a<<byte FF>><<char 41>><<times 3 x>><<join s k>>") == b"a\xffAxxxsk"
    assert expanded_bytes("<<char D800>>") == b"\xed\xa0\x80"


def test_the_bound_of_memory_is_real(tmp_path: Path) -> None:
    hungry = f'ulimit -d {MEMORY_KIB}; exec "$@"'
    command = ["/bin/sh", "-c", hungry, "sh", sys.executable, "-c", "x = bytearray(300 * 2**20)"]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
