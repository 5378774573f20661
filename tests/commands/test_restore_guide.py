"""The restore guide's own commands, carried out on scratch repositories as they stand on the page."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.threats.state_places import git, hub_of

GUIDE = Path(__file__).parents[2] / "docs/restore.md"
Harm = Callable[[Path, Path], None]
"""What happens to the hub (and to a clone of it) before the guide is opened."""


def blocks(heading: str) -> list[str]:
    """The shell blocks below a heading of the guide."""
    text = GUIDE.read_text().split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL)


def shell(clone: Path, script: str) -> str:
    """Run a block as somebody who types it would; what it told."""
    names = {
        f"GIT_{role}_{what}": "ada@x"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-eu", "-c", script], cwd=clone, env={**os.environ, **names, "PATH": path},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def push_bytes(clone: Path, path: str, text: str) -> None:
    """Somebody commits a bad file to the branch."""
    shell(
        clone,
        f"git fetch -q; git worktree add -q --detach ../bad origin/deployments; cd ../bad; "
        f"printf '%s' '{text}' > {path}; git commit -qam bad; git push -q origin HEAD:deployments; "
        "cd ../clone; git worktree remove ../bad",
    )


def broken_file(hub: Path, clone: Path) -> None:
    push_bytes(clone, "environments/production/hello.json", "{")


def changed_event(hub: Path, clone: Path) -> None:
    push_bytes(clone, "events/production/hello/00000002.json", "{}")


def branch_gone(hub: Path, clone: Path) -> None:
    shell(clone, "puppy-cli status")
    git(hub, "update-ref", "-d", "refs/heads/deployments")


def branch_back(hub: Path, clone: Path) -> None:
    shell(clone, "puppy-cli status")
    git(hub, "update-ref", "refs/heads/deployments", "refs/heads/deployments~1")
    assert "something was taken away" in shell(clone, "puppy-cli status")


def repository_gone(hub: Path, clone: Path) -> None:
    hub.rename(hub.with_name("burnt.git"))
    git(hub.parent, "init", "-q", "--bare", "-b", "main", str(hub))


@pytest.mark.parametrize(
    ("heading", "harm"),
    [
        ("One file is broken", broken_file),
        ("A file was changed or taken out", changed_event),
        ("A branch is gone", branch_gone),
        ("A branch went back", branch_back),
        ("The repository is gone", repository_gone),
    ],
)
def test_what_the_guide_says_brings_it_back(heading: str, harm: Harm, tmp_path: Path) -> None:
    hub = hub_of(tmp_path)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(hub), str(clone))
    harm(hub, clone)
    for block in blocks(heading):
        shell(clone, block)
    (afterwards,) = blocks("Afterwards")
    result = shell(clone, afterwards)
    assert "hello:1.0.0" in result
    assert "other:1.0.0" in result
    assert "Whole" in result
