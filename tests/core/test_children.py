"""Python is started by one function alone, and what it starts takes nothing from the folder it is started in."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import registry_tool
from registry_tool.core.children import (
    PASSED_ON,
    ProcessLimits,
    child_environment,
    end,
    fixed_folder,
    python_command,
    start_python,
)

ROOT = Path(registry_tool.__file__).parent
PROCESSES = {
    "core/children.py": "every Python",
    "engine/sandbox/native.py": "bubblewrap, with an empty environment",
    "engine/batch/processes.py": "only types; children.py starts them",
    "commands/live/keep_output.py": "only a type; children.py starts it",
    "server/keeper.py": "only types; children.py starts the child",
    "store/git/process.py": "git",
    "store/git/object_reader.py": "git",
    "store/git/import_files.py": "git",
    "core/forking.py": "forks that share the work on a build; they read nothing that the parent would not",
    "runtime/replay.py": "only exceptions; children.py starts them",
}
"""Who names a module that starts processes, and what for."""
INTERPRETERS = {"core/children.py", "engine/sandbox/bubblewrap.py"}
_STARTING = {"subprocess", "multiprocessing", "pty", "asyncio.subprocess"}
_CALLS = {
    *("create_subprocess_exec", "create_subprocess_shell", "ProcessPoolExecutor"),
    *("posix_spawn", "posix_spawnp", "popen", "fork", "forkpty"),
    *("execv", "execve", "execvp", "execvpe", "execl", "execle", "execlp", "execlpe"),
    *("spawnl", "spawnle", "spawnlp", "spawnv", "spawnve", "spawnvp", "startfile"),
}
_WORDS = re.compile(r"process|pty|exec|spawn|popen|fork|os\.system|startfile")


def test_nobody_else_starts_processes() -> None:
    starting, naming = set(), set()
    for path in ROOT.rglob("*.py"):
        location, text = path.relative_to(ROOT).as_posix(), path.read_text()
        if not _WORDS.search(text):
            continue
        for node in ast.walk(ast.parse(text)):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [str(node.module), *(alias.name for alias in node.names)]
            elif isinstance(node, ast.Attribute):
                names = [node.attr]
                if ast.unparse(node) == "os.system":
                    starting.add(location)
            if _STARTING & set(names) or _CALLS & set(names):
                starting.add(location)
            if "executable" in names:
                naming.add(location)
    assert starting <= set(PROCESSES), starting - set(PROCESSES)
    assert naming <= INTERPRETERS, naming - INTERPRETERS


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A folder whose modules would tell that they were imported."""
    for name in ("json", "pickle", "sitecustomize", "usercustomize", "runpy", "registry_tool"):
        (tmp_path / f"{name}.py").write_text("open('pwned', 'w')\nraise SystemExit('pwned')\n")
    return tmp_path


def test_a_child_imports_nothing_of_its_folder(hostile: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(hostile),
        "PYTHONSTARTUP": str(hostile / "json.py"),
    }
    words = python_command("json.tool")
    done = subprocess.run(
        words, cwd=hostile, env=environment, input=b"{}", capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"{}\n"), done.stderr
    assert not (hostile / "pwned").exists()


def test_the_old_command_would_have(hostile: Path) -> None:
    """The proof that the folder above is hostile."""
    words = [sys.executable, "-m", "json.tool"]
    subprocess.run(words, cwd=hostile, input=b"{}", capture_output=True, check=False)
    assert (hostile / "pwned").exists()


PROBE = """
import json, os, sys
held = [fd for fd in range(3, 64) if os.path.exists(f"/proc/self/fd/{fd}")]
print(json.dumps({"cwd": os.getcwd(), "names": sorted(os.environ), "held": held,
                  "isolated": sys.flags.isolated, "safe": sys.flags.safe_path,
                  "leads": os.getsid(0) == os.getpid()}))
"""


def test_what_a_child_gets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its folder, its environment, its files, its session: seen from inside."""
    monkeypatch.setenv("OPENAI_API_KEY", "a secret")
    monkeypatch.setenv("NAMED", "1")
    kept = os.open(tmp_path, os.O_RDONLY)
    os.set_inheritable(kept, True)
    process = start_python("registry_tool.commands.review.confined_child", also=("NAMED",))
    try:
        words = (*python_command("timeit", "-n1", "-r1", PROBE),)
        done = subprocess.run(
            words,
            cwd=fixed_folder(),
            env=child_environment("NAMED"),
            capture_output=True,
            check=True,
            start_new_session=True,
        )
        document = json.loads(done.stdout.splitlines()[0])
        status = Path(f"/proc/{process.pid}/environ")
        if status.exists():
            names = {one.split(b"=")[0].decode() for one in status.read_bytes().split(b"\0") if one}
            assert names <= {*PASSED_ON, "NAMED"}
            assert Path(f"/proc/{process.pid}/cwd").readlink() == Path("/")
            assert os.getsid(process.pid) == process.pid
    finally:
        end(process)
        os.close(kept)
    assert document["cwd"] == fixed_folder()
    assert set(document["names"]) <= {*PASSED_ON, "NAMED", "LC_CTYPE"}
    assert "NAMED" in document["names"]
    assert (document["isolated"], document["safe"], document["leads"]) == (1, True, True)


def test_limits_hold() -> None:
    """A child that wants more memory than it may gets an error, and no signal reaches its parent."""
    text = (
        "from registry_tool.core.children import ProcessLimits; "
        "assert ProcessLimits(5, 2**28, 2**20).confine(); bytearray(2**29)"
    )
    done = subprocess.run(
        python_command("timeit", "-n1", "-r1", text), capture_output=True, check=False
    )
    assert done.returncode != 0
    assert b"MemoryError" in done.stderr
    assert ProcessLimits(5, 2**28, 2**20).cpu_seconds == 5
