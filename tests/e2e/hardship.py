"""What tests of hard times share: a bare remote with its clones, a full disk, a folder that may not be written."""

from __future__ import annotations

import atexit
import ctypes
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from registry_tool.deploy.model import Deployment
from registry_tool.state.target import Target
from tests.commands.deploying import check
from tests.conftest import RegistryFolder
from tests.started import Started

TOOL = Path(sys.executable).parent / "registry-tool"
HERE = __name__
"""Where a started command finds what is below (`before`)."""
_WRITES = frozenset(
    {
        "os.rename",
        "os.remove",
        "os.mkdir",
        "os.rmdir",
        "os.link",
        "subprocess.Popen",
        "ctypes.dlsym",
    }
)


class Remote:
    """A bare remote with a registry, and clones of it that deploy."""

    def __init__(self, folder: Path, registry: RegistryFolder | None = None) -> None:
        self.folder, self.bare = folder, folder / "bare.git"
        if registry is None:
            return
        self.git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(self.bare))
        registry.git("remote", "add", "origin", str(self.bare))
        registry.git("push", "--quiet", "origin", "main")

    def copied(self, folder: Path) -> Remote:
        """The same in another folder, without the clones."""
        shutil.copytree(self.bare, folder / "bare.git")
        return Remote(folder)

    @staticmethod
    def git(folder: Path, *words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=folder, check=True, capture_output=True, text=True
        )
        return done.stdout

    def clone(self, name: str) -> Path:
        self.git(self.folder, "clone", "--quiet", str(self.bare), name)
        return self.folder / name

    def command(self, clone: Path, workflow: str, **more: str) -> list[str]:
        request = json.dumps({"workflow": workflow})
        words = ["deploy", "--root", str(clone), "--env", "development", "--remote", "origin"]
        extra = [word for key, value in more.items() for word in (f"--{key}", value)]
        return ["registry-tool", *words, "--request", request, *extra]

    def start(self, clone: Path, workflow: str, **more: str) -> Started:
        return Started(self.command(clone, workflow, **more), cwd=self.folder)

    def start_cold(self, clone: Path, workflow: str) -> subprocess.Popen[str]:
        """The installed script, which imports before it deploys."""
        return subprocess.Popen(
            [TOOL, *self.command(clone, workflow)[1:]],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def stages(self) -> list[str]:
        """The stages of hello's events, as the remote has them."""
        try:
            names = self.git(self.bare, "ls-tree", "-r", "--name-only", "deployments", "events")
        except subprocess.CalledProcessError:
            return []
        files = [name for name in names.splitlines() if "/hello/" in name]
        return [json.loads(self.git(self.bare, "show", f"deployments:{f}"))["stage"] for f in files]

    def tip(self) -> str:
        """What the remote's `deployments` points at, by its file: cheap enough to be asked all the time."""
        try:
            return (self.bare / "refs/heads/deployments").read_text()
        except FileNotFoundError:
            return ""

    def count(self) -> int:
        """How many events the remote has."""
        done = subprocess.run(
            ["git", "ls-tree", "-r", "--name-only", "deployments", "events/"],
            cwd=self.bare, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.stdout.count("/hello/")

    def state(self, clone: Path, name: str = "hello") -> Deployment | None:
        view = Target(clone, "origin").store().view("development", name)
        found = view.deployment
        if found is not None:
            check(found, view.events())
        self.demand_whole()
        return found

    def demand_whole(self) -> None:
        """Nothing is missing or broken in the remote.

        What a killed deployer had begun to push may still arrive, and git looks at objects and branches one after
        the other: only what stays is wrong.
        """
        for _ in range(100):
            fsck = subprocess.run(
                ["git", "-C", str(self.bare), "fsck", "--strict"],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            if not fsck.returncode:
                return
            time.sleep(0.1)
        raise AssertionError(fsck.stdout + fsck.stderr)


def small_files(size: int = 700) -> None:
    """No file may grow beyond `size` bytes: what a full disk does to whoever writes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def without_override() -> None:
    """Root may write everywhere but for this capability (capabilities(7)); others never could."""
    drop, override = 24, 1
    ctypes.CDLL(None).prctl(drop, override, 0, 0, 0)


def dies_at(at: int, log: str) -> None:
    """This process dies right before its write number `at` (0: it lives, and leaves their number in `log`)."""
    count = 0

    def hook(event: str, args: tuple[Any, ...]) -> None:
        nonlocal count
        opens = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
        if opens or event in _WRITES:
            count += 1
            if count == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    if not at:
        atexit.register(lambda: Path(log).write_text(str(count)))
