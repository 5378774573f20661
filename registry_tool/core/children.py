"""The one way to start Python as a child: isolated from the folder, the environment and the files of its parent.

A child imports only what is installed: never from the working directory (a stranger's checkout may hold a
`pickle.py`), not from what `PYTHON…` variables name, and it inherits no descriptor. What it gets of the
environment is named. Whoever judges what a stranger wrote also bounds its child (`ProcessLimits`).
"""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import registry_tool
from registry_tool.core.records import Record

if TYPE_CHECKING:
    from asyncio.subprocess import Process

PASSED_ON: Final = (
    *("PATH", "HOME", "XDG_CACHE_HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV"),
    *(
        "SYSTEMROOT",
        "TEMP",
        "TMP",
        "LOCALAPPDATA",
        "USERPROFILE",
    ),  # Windows starts nothing without them
)
"""The variables that every child gets: where programs, caches and temporary files are, never a secret."""

TEMPORARY: Final = ("TMPDIR", "TEMP", "TMP")
"""The variables that say where temporary files go."""

# `-I` leaves out the user's own packages, among which the tool itself may be installed; its place goes last.
_START: Final = (
    "import runpy, sys; sys.path.append(sys.argv.pop(1)); "
    "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)
_ROOT: Final = str(Path(registry_tool.__file__).resolve().parents[1])


def python_command(module: str, *words: str) -> tuple[str, ...]:
    """The command that runs an installed module in isolation."""
    return (sys.executable, "-I", "-P", "-c", _START, _ROOT, module, *words)


def child_environment(*names: str, given: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a child gets of this process's environment: PASSED_ON and these names, where they are set."""
    known = os.environ if given is None else given
    return {name: known[name] for name in (*PASSED_ON, *names) if name in known}


def fixed_folder() -> str:
    """The working directory of children that need none: the root, which no stranger can write to."""
    return Path(sys.executable).anchor


def start_python(
    module: str, *words: str, also: Iterable[str] = (), temporary: str = ""
) -> subprocess.Popen[bytes]:
    """Start an installed module with pipes for its input and output, in a session of its own.

    `also` names further variables of the environment that it needs; `temporary` is the folder for its temporary
    files, which its parent removes: a child that is ended can't.
    """
    return subprocess.Popen(
        python_command(module, *words),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=fixed_folder(),
        env=child_environment(*also) | dict.fromkeys(TEMPORARY if temporary else (), temporary),
        close_fds=True,
        start_new_session=True,
    )


async def start_worker(command: tuple[str, ...], environment: Mapping[str, str]) -> Process:
    """Start a `python_command` that runs its user's own work, with the environment that this needs.

    It stays in its parent's session: whoever ends the parent's group ends it, too.
    """
    import asyncio  # most who start a child need none of it

    return await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=fixed_folder(),
        env=environment,
    )


def run_python(
    module: str, *words: str, also: Iterable[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run an installed module to its end; its output is text."""
    return subprocess.run(
        python_command(module, *words),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        cwd=fixed_folder(),
        env=child_environment(*also),
    )


def end(process: subprocess.Popen[bytes], *, wait: bool = True) -> None:
    """Kill a child of `start_python` with everything that it started; `wait` for it, and close its pipes."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:  # Windows
                process.kill()
    if wait:
        process.communicate()


class ProcessLimits(Record, frozen=True):
    """What a confined process may use: seconds of CPU, bytes of memory (data) and of a file."""

    cpu_seconds: int
    data_bytes: int
    file_bytes: int

    def confine(self) -> bool:
        """Bound this process and its children; False where the system knows no such bounds (Windows)."""
        try:
            import resource
        except ImportError:
            return False
        for kind, bound in (
            (resource.RLIMIT_CPU, self.cpu_seconds),
            (resource.RLIMIT_DATA, self.data_bytes),  # not AS: WebAssembly reserves addresses
            (resource.RLIMIT_FSIZE, self.file_bytes),
            (resource.RLIMIT_CORE, 0),
        ):
            _, hard = resource.getrlimit(kind)
            most = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
            resource.setrlimit(kind, (most, most))
        return True

    def from_here(self) -> None:
        """Allow this process so much more time and so much memory from now on, within what `confine` set."""
        try:
            import resource
        except ImportError:
            return
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = math.ceil(used.ru_utime + used.ru_stime) + self.cpu_seconds
        for kind, bound in (
            (resource.RLIMIT_CPU, seconds),
            (resource.RLIMIT_DATA, self.data_bytes),
        ):
            _, hard = resource.getrlimit(kind)
            soft = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
            resource.setrlimit(kind, (soft, hard))
