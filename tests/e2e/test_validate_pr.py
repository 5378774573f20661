"""How validate-pr's event decides: who set a label, which commit was approved, what a merge queue asks."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.test_actions import OWNER, Scratch, new_version, passed, the_tool_and_a_version

EVE = {"id": 3003, "login": "eve"}

pytestmark = pytest.mark.e2e


def registry(folder: Path) -> Scratch:
    """A scratch repository whose registry names Eve as its maintainer."""
    scratch = Scratch(folder)
    settings = scratch.work / "registry/registry.yaml"
    settings.write_text(
        settings.read_text() + "\npolicy: { maintainers: [{ login: eve, id: 3003 }] }\n"
    )
    scratch.commit("Name a maintainer")
    scratch.git("push", "--quiet", "origin", "main")
    return scratch


def judged(
    scratch: Scratch, folder: Path, event: str = "pull_request", **about: Any
) -> subprocess.CompletedProcess[str]:
    """validate-pr on the present branch, pushed; `about` comes on top of the event's own words."""
    scratch.git("push", "--quiet", "--force", "origin", "HEAD")
    base, head = scratch.git("rev-parse", "origin/main"), scratch.git("rev-parse", "HEAD")
    told: dict[str, Any] = {"merge_group": {"base_sha": base, "head_sha": head}}
    if event != "merge_group":
        request = {
            "number": 1,
            "base": {"sha": base, "ref": "main"},
            "head": {"sha": head, "ref": "x"},
            "user": {"id": OWNER[0], "login": OWNER[1]},
        }
        told = {"pull_request": request, "number": 1}
    file = folder / "event.json"
    file.write_text(json.dumps({**told, **about}))
    return scratch.act(event, "validate-pr.yml", f"--eventpath={file}")


def held(run: subprocess.CompletedProcess[str]) -> str:
    """The label of a request that waits."""
    assert run.returncode != 0, run.stdout[-3000:]
    assert "exit status 4" in run.stdout or "exitcode '4'" in run.stdout, run.stdout[-3000:]
    found = re.search(r"accept-[0-9a-f]{12}", run.stdout)
    assert found, run.stdout[-3000:]
    return found[0]


def test_a_maintainers_label_lets_a_held_request_through(tmp_path: Path) -> None:
    scratch = registry(tmp_path)
    scratch.git("checkout", "--quiet", "-b", "tool")
    the_tool_and_a_version(scratch.work / "registry/workflows/keyword-extractor")
    scratch.commit("Change the tool")
    label = {"name": held(judged(scratch, tmp_path))}
    author = {"id": OWNER[0], "login": OWNER[1]}
    held(judged(scratch, tmp_path, action="labeled", label=label, sender=author))
    other = {"name": "a label; $(touch pwned)"}
    held(judged(scratch, tmp_path, action="labeled", label=other, sender=EVE))
    passed(judged(scratch, tmp_path, action="labeled", label=label, sender=EVE))
    passed(judged(scratch, tmp_path, "merge_group"))
    assert not list(tmp_path.rglob("pwned"))


def test_an_approval_counts_for_the_commit_that_was_seen(tmp_path: Path) -> None:
    scratch = registry(tmp_path)
    scratch.git("checkout", "--quiet", "-b", "transfer")
    owners = scratch.work / "registry/workflows/sentiment-analysis/owners.yaml"
    owners.write_text(owners.read_text() + "  - { login: puppyai-text, id: 1003 }\n")
    scratch.commit("Let the text team in")
    review = {"state": "approved", "user": {"id": 1001}}
    seen = scratch.git("rev-parse", "HEAD")
    held(judged(scratch, tmp_path))
    old = {**review, "commit_id": scratch.git("rev-parse", "main")}
    held(judged(scratch, tmp_path, "pull_request_review", action="submitted", review=old))
    new = {**review, "commit_id": seen}
    passed(judged(scratch, tmp_path, "pull_request_review", action="submitted", review=new))


def test_the_second_of_two_is_refused_by_a_queue(tmp_path: Path) -> None:
    """Both were fine alone, and each adds other files to one version."""
    scratch = registry(tmp_path)
    new_version(scratch)
    passed(judged(scratch, tmp_path))
    scratch.git("checkout", "--quiet", "-b", "second", "main")
    extra = scratch.work / "registry/workflows/keyword-extractor/1.1.0/resources/extra.txt"
    extra.parent.mkdir(parents=True)
    extra.write_text("mine\n")
    scratch.commit("Add to the same version")
    scratch.git("checkout", "--quiet", "main")
    scratch.git("merge", "--quiet", "--no-ff", "-m", "Merge #1", "keyword-extractor-1.1.0")
    scratch.git("push", "--quiet", "origin", "main")
    scratch.git("checkout", "--quiet", "-B", "queue", "main")
    scratch.git("merge", "--quiet", "--no-ff", "-m", "Merge #2", "second")
    run = judged(scratch, tmp_path, "merge_group")
    assert run.returncode != 0
    assert "title=immutable" in run.stdout
