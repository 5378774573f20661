"""How validate-pr's event decides: who set a label, which commit was approved, what a merge queue asks."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.scratch import BIN, OWNER, Scratch, new_version, passed, pull_request

EVE = {"id": 3003, "login": "eve"}

pytestmark = pytest.mark.e2e


def registry(folder: Path) -> Scratch:
    """A scratch repository whose registry names Eve as its maintainer."""
    scratch = Scratch(folder)
    settings = scratch.work / "registry/registry.yaml"
    edit(settings, "{ login: puppyai-registry, id: 1000 }", "{ login: eve, id: 3003 }")
    scratch.commit("Name a maintainer")
    scratch.git("push", "--quiet", "origin", "main")
    return scratch


def judged(
    scratch: Scratch, folder: Path, event: str = "pull_request", **about: Any
) -> subprocess.CompletedProcess[str]:
    """validate-pr on the present branch, pushed; `about` comes on top of the event's own words."""
    scratch.git("push", "--quiet", "--force", "origin", "HEAD")
    base, head = scratch.git("rev-parse", "origin/main"), scratch.git("rev-parse", "HEAD")
    fields: dict[str, Any] = {"merge_group": {"base_sha": base, "head_sha": head}}
    if event != "merge_group":
        request = {
            "number": 1,
            "base": {"sha": base, "ref": "main", "repo": {"id": 1}},
            "head": {"sha": head, "ref": "x", "repo": {"id": 1, "owner": {"id": 5005}}},
            "user": {"id": OWNER[0], "login": OWNER[1]},
        }
        sender = {"id": OWNER[0], "login": OWNER[1]}
        fields = {"pull_request": request, "number": 1, "action": "synchronize", "sender": sender}
    file = folder / "event.json"
    file.write_text(json.dumps({**fields, **about}))
    return scratch.act(event, "validate-pr.yml", f"--eventpath={file}")


def held(run: subprocess.CompletedProcess[str]) -> str:
    """The label of a request that waits."""
    assert run.returncode != 0, run.stdout[-3000:]
    assert "exit status 4" in run.stdout or "exitcode '4'" in run.stdout, run.stdout[-3000:]
    found = re.search(r"accept-[0-9a-f]{8}-[0-9a-f]{32}", run.stdout)
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


def test_who_pushed_last_counts_like_who_asks(tmp_path: Path) -> None:
    """A version of the owner's, onto whose branch in this repository somebody else pushed."""
    scratch = registry(tmp_path)
    new_version(scratch)
    other = {"id": 4711, "login": "mallory"}
    run = judged(scratch, tmp_path, sender=other)
    assert run.returncode != 0
    assert "pushed last by mallory (id 4711)" in run.stdout, run.stdout[-3000:]
    held(
        judged(scratch, tmp_path, action="edited", sender=other)
    )  # the event doesn't tell who pushed
    passed(judged(scratch, tmp_path))


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


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def broken_licence(line: Path) -> None:
    edit(line / "1.1.0/manifest.yaml", "license: Apache-2.0", "license: Nonsense")


def edited_version(line: Path) -> None:
    shutil.rmtree(line / "1.1.0")
    (line / "1.0.1/extra.txt").write_text("added to a published version")


def wrong_bump(line: Path) -> None:
    edit(
        line / "1.1.0/manifest.yaml",
        "name: text, type: string",
        "name: text, type: integer",
    )


def secret(line: Path) -> None:
    (line / "1.1.0/docs/README.md").write_text("key: " + "AKIA" + "Q7XW2ZMN5TRB3YKD\n")


def nothing(line: Path) -> None:
    pass


def the_tool_and_a_version(line: Path) -> None:
    tool = line.parents[2] / "registry_tool/rules/secrets.py"
    tool.parent.mkdir(parents=True)
    tool.write_text("RULE = None\n")


def the_tool(line: Path) -> None:
    shutil.rmtree(line / "1.1.0")
    the_tool_and_a_version(line)


@pytest.mark.parametrize(
    ("change", "actor", "said"),
    [
        (broken_licence, OWNER, "title=license"),
        (edited_version, OWNER, "title=immutable"),
        (wrong_bump, OWNER, "title=bump"),
        (nothing, (4711, "stranger"), "title=ownership"),
        (nothing, (4711, "puppyai-text"), "is known with another id (1003)"),
        (secret, OWNER, "title=secrets"),
        (the_tool_and_a_version, OWNER, "title=one-concern"),
        (the_tool, OWNER, "title=tooling"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_validate_pr_refuses(
    shared_scratch: Scratch,
    tmp_path: Path,
    change: Callable[[Path], None],
    actor: tuple[int, str],
    said: str,
) -> None:
    scratch = shared_scratch
    scratch.git("checkout", "--quiet", "--force", "-B", "case", "main")
    scratch.git("clean", "-fdq")
    line = scratch.work / "registry/workflows/keyword-extractor"
    shutil.copytree(line / "1.0.1", line / "1.1.0")
    edit(line / "1.1.0/manifest.yaml", '"1.0.1"', '"1.1.0"')
    change(line)
    subprocess.run(
        [BIN / "registry-tool", "check", "--fix"],
        cwd=scratch.work,
        check=False,
        capture_output=True,
    )
    scratch.commit("A case")
    scratch.git("push", "--quiet", "--force", "origin", "case")
    run = scratch.act("pull_request", "validate-pr.yml", pull_request(scratch, tmp_path, actor))
    assert run.returncode != 0
    assert said in run.stdout, run.stdout[-3000:]
    assert "AKIA" + "Q7XW2ZMN5TRB3YKD" not in run.stdout
    code = "4" if said == "title=tooling" else "1"
    assert f"exit status {code}" in run.stdout or f"exitcode '{code}'" in run.stdout, run.stdout[
        -2000:
    ]
    assert not list(scratch.work.rglob("pwned"))


def test_a_merge_queue_is_judged_without_an_author(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    new_version(scratch)
    base, head = scratch.git("rev-parse", "origin/main"), scratch.git("rev-parse", "HEAD")
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"merge_group": {"base_sha": base, "head_sha": head}}))
    result = passed(scratch.act("merge_group", "validate-pr.yml", f"--eventpath={event}"))
    assert "::error" not in result
