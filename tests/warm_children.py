"""The confined process, forked from one that has imported what it takes, instead of started cold.

Starting Python takes most of what a short check costs, and the tests start hundreds. A warm child has the session,
folder, environment, descriptors and limits of a cold one (`registry_tool/core/children.py`); only its imports are
shared. What a cold one does is shown by `tests/core/test_children.py` and by tests that take `cold_children`.
"""

from __future__ import annotations

import os
import runpy
import select
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from typing import BinaryIO

from registry_tool.core.children import TEMPORARY, child_environment, fixed_folder
from registry_tool.runtime import confined

_MOST_FILES = 4096
Fork = Callable[[tuple[str, ...], Mapping[str, str], tuple[int, int, int]], None]
"""(module and words, environment, input, output and status descriptors): start it; the caller closes them."""


class WarmChild:
    """As much of `subprocess.Popen` as its parent uses; somebody else waits for it, and tells its status."""

    def __init__(self, stdin: BinaryIO, stdout: BinaryIO, status: BinaryIO) -> None:
        self.stdin, self.stdout, self._status = stdin, stdout, status
        self.pid = int(status.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code, as `Popen` gives it, once it has ended."""
        if self.returncode is None and select.select([self._status], [], [], 0)[0]:
            self.returncode = int(self._status.readline())
        return self.returncode

    def communicate(self) -> None:
        """Wait for its end and close its pipes."""
        if self.returncode is None:
            self.returncode = int(self._status.readline())
        for pipe in (self.stdin, self.stdout, self._status):
            try:
                pipe.close()
            except BrokenPipeError:
                continue  # what was still to be written; it has ended


def start_with(fork: Fork) -> Callable[..., WarmChild]:
    """`start_python` for a way to fork."""

    def start(module: str, *words: str, also: Iterable[str] = (), temporary: str = "") -> WarmChild:
        (given, ask), (tell, answer), (ended, status) = os.pipe(), os.pipe(), os.pipe()
        try:
            environment = child_environment(*also)
            environment |= dict.fromkeys(TEMPORARY if temporary else (), temporary)
            fork((module, *words), environment, (given, answer, status))
        finally:
            for number in (given, answer, status):
                os.close(number)
        return WarmChild(os.fdopen(ask, "wb"), os.fdopen(tell, "rb"), os.fdopen(ended, "rb", 0))

    return start


def fork_here(words: tuple[str, ...], env: Mapping[str, str], files: tuple[int, int, int]) -> None:
    """Fork a process that waits for the child and says its number and its status; this one need not wait."""
    between = os.fork()
    if between:
        os.waitpid(between, 0)
        return
    if os.fork():
        os._exit(0)
    pid = os.fork()
    if pid == 0:
        _become(words, env, files)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(files[2], 1)
    os.closerange(2, _MOST_FILES)  # who holds the other ends is seen to close them
    _, code = os.waitpid(pid, 0)
    os.write(1, f"{os.waitstatus_to_exitcode(code)}\n".encode())
    os._exit(0)


def _become(words: tuple[str, ...], env: Mapping[str, str], files: tuple[int, int, int]) -> None:
    """Become the module's process; never returns."""
    code = 1
    try:
        os.setsid()
        # Not before: its group is what will be ended.
        os.write(files[2], f"{os.getpid()}\n".encode())
        os.dup2(files[0], 0)
        os.dup2(files[1], 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.closerange(3, _MOST_FILES)
        os.chdir(fixed_folder())
        os.environ.clear()
        os.environ.update(env)
        tempfile.tempdir = None  # where it is was looked up for somebody else
        sys.argv = list(words)
        sys.stdin = os.fdopen(0, encoding="utf-8")
        runpy.run_module(words[0], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
    except BaseException:  # noqa: BLE001 - what Python itself does with it
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
    finally:
        os._exit(code)


def install(fork: Fork) -> None:
    """From now on the confined process of this one is a warm child."""
    confined.start_python = start_with(fork)  # type: ignore[assignment]
