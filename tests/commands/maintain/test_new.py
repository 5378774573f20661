from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from registry_tool.commands.maintain import new as module
from registry_tool.commands.maintain.build import build
from registry_tool.commands.maintain.index import index
from registry_tool.commands.maintain.new import new_registry
from registry_tool.commands.review.acceptance import actor_from
from registry_tool.commands.review.check import check, write_compiled
from registry_tool.commands.review.check_pr import check_pr
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.manifest.owners import OwnerAccount
from registry_tool.store.tree import FolderTree

ADA = OwnerAccount("ada", 1001)
BIN = Path(sys.executable).parent


def git(folder: Path, *words: str) -> None:
    command = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", *words]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def test_it_passes_its_own_checks(tmp_path: Path) -> None:
    root = new_registry(tmp_path / "ours", 'Our "own" registry', ADA).folder
    assert (check(root).findings, check(root).versions) == ((), 1)
    assert index(root, check_only=True).stale == ()
    assert build(root, tmp_path / "site").written > 10
    assert (tmp_path / "site/workflows/hello-world/index.html").is_file()


def test_a_version_can_be_published_into_it(tmp_path: Path) -> None:
    root = new_registry(tmp_path / "ours", "Ours", ADA).folder
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "-m", "Start")
    git(root, "checkout", "--quiet", "-b", "next")
    line = root / "registry/workflows/hello-world"
    (line / "1.1.0/docs").mkdir(parents=True)
    manifest = (line / "1.0.0/manifest.yaml").read_text().replace('"1.0.0"', '"1.1.0"')
    (line / "1.1.0/manifest.yaml").write_text(manifest)
    write_compiled(root, FolderTree(root))
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "-m", "Next")
    result = check_pr(root, "main", actor=actor_from("1001", "ada"))
    assert (result.findings, result.verdict) == ((), "passed")


def test_its_action_files_are_sound(tmp_path: Path) -> None:
    root = new_registry(tmp_path / "ours", "Ours", ADA).folder
    names = sorted(path.name for path in (root / ".github/workflows").iterdir())
    assert names == [
        *("batch.yml", "deploy.yml", "evaluate.yml", "execute.yml"),
        *("publish-workflow.yml", "publish.yml", "scheduled.yml", "validate-pr.yml"),
    ]
    files = sorted((root / ".github/workflows").glob("*.yml"))
    for command in (
        [BIN / "zizmor", "--offline", "--persona=pedantic", "--quiet", root / ".github"],
        [BIN / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", *files],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    theirs = (root / ".github/CODEOWNERS").read_text()
    assert "@ada" in theirs
    ours = (Path(__file__).parents[3] / ".github/CODEOWNERS").read_text()
    assert ours.split() == theirs.replace("@ada", "@puppyai-registry").split()  # it ships one, too


def test_nothing_is_overwritten_and_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_registry(tmp_path / "ours", "Ours", ADA)
    with pytest.raises(UsageError, match="something already"):
        new_registry(tmp_path / "ours", "Ours", ADA)

    def full(root: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "index", full)
    with pytest.raises(RegistryError, match="No space left"):
        new_registry(tmp_path / "other", "Ours", ADA)
    assert [path.name for path in tmp_path.iterdir()] == ["ours"]


def test_the_command_says_what_comes_next(tmp_path: Path) -> None:
    words = [BIN / "registry-tool", "new", "ours", "--owner", "ada", "--owner-id", "1001"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Next: cd ours && registry-tool check" in done.stdout, done.stderr
    again = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (again.returncode, "name a new folder" in again.stderr) == (2, True)
