from __future__ import annotations

import subprocess
from pathlib import Path

from registry_tool.store.branch_names import branch_names
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder


def test_branches_are_found_by_their_names_here_and_on_a_remote(
    registry: RegistryFolder, tmp_path: Path
) -> None:
    root = registry.root
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)
    for name in ("runs-2026-11", "runs-2026-02", "other", "x/runs-1"):
        registry.git("branch", name)
    registry.git("remote", "add", "origin", str(bare))
    registry.git("push", "-q", "origin", "runs-2026-11", "x/runs-1")
    repository = Repository(root)
    assert branch_names(repository, "runs-*") == ["runs-2026-02", "runs-2026-11"]
    assert branch_names(repository, "runs-*", "origin") == ["runs-2026-11"]
