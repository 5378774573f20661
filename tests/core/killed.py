"""A process that is killed at its n-th step on the disk: a real one, by a real signal."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

Steps = Sequence[tuple[type | ModuleType, str]]
"""Owners and names of what counts as a step."""
ON_THE_DISK: Steps = (
    *(
        (Path, name)
        for name in (
            "write_bytes",
            "write_text",
            "replace",
            "rename",
            "unlink",
            "rmdir",
            "mkdir",
            "hardlink_to",
        )
    ),
    (shutil, "rmtree"),
)


def killed_at_each_step(
    work: Callable[[], object],
    reset: Callable[[], None],
    stride: int = 1,
    steps: Steps = ON_THE_DISK,
) -> Iterator[int]:
    """Do the work in a child that is killed before its n-th step, for each n; the last one comes to its end.

    With a `stride`, only every so many steps are tried.

    `reset` prepares what the child works on, before each.
    """
    step = 1 - stride
    while True:
        reset()
        step += stride
        child = os.fork()
        if not child:
            code = 1
            try:
                _killing(step, work, steps)
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, (step, status)
        yield step
        if not os.WIFSIGNALED(status):
            return


def _killing(step: int, work: Callable[[], object], steps: Steps) -> None:
    left = step

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*words: object, **more: object) -> object:
            nonlocal left
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*words, **more)

        return call

    for owner, name in steps:
        patch.object(owner, name, counted(getattr(owner, name))).start()
    work()


def content(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
