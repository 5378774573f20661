"""A registry with plans in which `hello` serves, here or on a bare remote."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.review.check import write_compiled
from registry_tool.security.keys import VARIABLE
from registry_tool.security.published_keys import path_of
from registry_tool.state.branches import writer
from registry_tool.state.target import Target
from registry_tool.store.branch import Branch
from registry_tool.store.git.repository import Repository
from registry_tool.store.tree import FolderTree
from tests.conftest import RegistryFolder

SETTINGS = """\
name: Test registry
categories: { text: Text }
environments:
  development: {}
  production: { limits: { memory: 1Gi, tokens_per_run: 500, timeout: 90s } }
plans:
  free: { runs_per_month: 3 }
  metered: { runs_per_month: 100, tokens_per_month: 900, cost_per_month: 2.5 }
  enterprise: { runs_per_month: unlimited }
access:
  default_plan: free
  members:
    - { login: mia, id: 21, role: runner, plan: metered }
    - { login: eve, id: 22, role: runner, plan: enterprise }
"""
KEY = base64.b64encode(bytes(range(32))).decode()
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


class MovingClock:
    """A clock that the test sets."""

    def __init__(self, now: datetime = NOON) -> None:
        self.time = now

    def now(self) -> datetime:
        """The set moment."""
        return self.time

    def move(self, **by: float) -> None:
        """Go on (or back)."""
        self.time += timedelta(**by)


def add_version(target: Target, version: str, more: str = "") -> None:
    """Publish another version of hello: 1.0.0 with `more` at the manifest's end."""
    folder = target.root / "registry/workflows/hello"
    shutil.copytree(folder / "1.0.0", folder / version)
    manifest = folder / version / "manifest.yaml"
    manifest.write_text(manifest.read_text().replace('"1.0.0"', f'"{version}"') + more)
    write_compiled(target.root, FolderTree(target.root))


@pytest.fixture
def clock() -> MovingClock:
    """Noon on a day in November 2026."""
    return MovingClock()


@pytest.fixture(scope="session")
def served_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The registry of `served`, deployed once; tests get copies."""
    made = RegistryFolder(tmp_path_factory.mktemp("served") / "registry", git=True)
    (made.root / "registry/registry.yaml").write_text(SETTINGS)
    made.add("hello", "1.0.0")
    made.commit("Publish")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(VARIABLE, raising=False)
        for environment in ("development", "production"):
            deploy(Target(made.root, clock=MovingClock()), "hello:1.0.0", environment)
    return made.root


@pytest.fixture
def served(served_once: Path, tmp_path: Path, clock: MovingClock) -> Target:
    """A registry whose development and production serve hello 1.0.0; its state stands in itself."""
    root = tmp_path / "registry"
    shutil.copytree(served_once, root, symlinks=True)
    return Target(root, clock=clock)


@pytest.fixture
def clones(
    served: Target, tmp_path: Path, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> Callable[[int], list[Target]]:
    """Makes clones of a bare remote with the same state; the environment's key is in the environment."""
    monkeypatch.setenv(VARIABLE, KEY)
    own = {path_of(name): None for name in ("development", "production")}
    state = Branch(Repository(served.root), "deployments")
    state.write(lambda _: own, "Forget the machine's own keys", writer(served))
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(bare)], check=True)
    subprocess.run(
        ["git", "push", "-q", str(bare), "main", "deployments"], cwd=served.root, check=True
    )

    def make(count: int) -> list[Target]:
        made = []
        for number in range(count):
            folder = tmp_path / f"clone-{number}"
            subprocess.run(["git", "clone", "-q", str(bare), str(folder)], check=True)
            made.append(Target(folder, "origin", clock))
        return made

    return make
