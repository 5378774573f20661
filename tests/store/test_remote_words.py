"""Pushes that a real remote refuses: its own words are told, once, and nobody takes them for a rival's."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from registry_tool.store.branch import Branch, WriteRetryPolicy
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository
from registry_tool.store.remote_words import remote_words

WHO = Identity("Test", "test@example.org", "2026-11-28T12:00:00Z")
RULE = """error: GH013: Repository rule violations found for refs/heads/state.
Review all repository rules at https://github.com/o/r/rules?ref=refs%2Fheads%2Fstate

- Changes must be made through a pull request.
- 2 of 2 required status checks are expected."""


@pytest.fixture
def branch(tmp_path: Path) -> Branch:
    for words in (["--bare", "remote.git"], ["clone"]):
        subprocess.run(["git", "init", "--quiet", *words], cwd=tmp_path, check=True)
    clone = tmp_path / "clone"
    subprocess.run(["git", "-C", clone, "remote", "add", "origin", "../remote.git"], check=True)
    return Branch(Repository(clone), "state", "origin")


def refusing(branch: Branch, script: str, hook: str = "pre-receive") -> str:
    """What is said where the remote's hook refuses a push; exactly one push was tried."""
    path = Path(branch.repository.location).parent / "remote.git/hooks" / hook
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    waits: list[float] = []
    with pytest.raises(GitError) as refused:
        branch.write(lambda _: {"a": b"1"}, "One", WHO, WriteRetryPolicy(sleep=waits.append))
    assert waits == []
    return str(refused.value)


def test_a_forges_rule_is_reported_whole_with_the_way_out(branch: Branch) -> None:
    result = refusing(branch, f"cat >&2 <<'END'\n{RULE}\nEND\nexit 1")
    assert result.startswith(
        "origin: git push failed: the push was refused (pre-receive hook declined)"
    )
    for line in RULE.splitlines():
        assert line in result
    assert "docs/github.md" in result


@pytest.mark.parametrize("hook", ["pre-receive", "update"])
def test_any_hooks_text_is_reported(branch: Branch, hook: str) -> None:
    result = refusing(branch, "echo 'Frozen until Monday.' >&2; exit 1", hook)
    assert "Frozen until Monday." in result
    assert "do what the remote asks for" in result


def test_a_hooks_text_is_bounded_and_holds_neither_secrets_nor_what_a_terminal_obeys(
    branch: Branch,
) -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    result = refusing(
        branch,
        f"printf 'see https://ada:{token}@example.org/x\\n\\033[31mred\\033[0m \\007 %s\\n' {token} >&2\n"
        "i=0; while [ $i -lt 100 ]; do echo line $i >&2; i=$((i+1)); done; exit 1",
    )
    assert token not in result
    assert "https://example.org/x" in result
    assert "red \\u0007 " in result
    assert "line 37" in result
    assert "line 38" not in result
    assert "… and 62 more lines" in result


def test_a_full_disk_at_the_remote_is_called_that(branch: Branch) -> None:
    result = refusing(branch, "cat /proc/self/status > /dev/full; exit 1")
    assert result.startswith("origin: the disk of the remote is full (No space left on device)")
    assert "make room there" in result


def test_a_right_that_is_missing_is_reported_with_the_way_out() -> None:
    stderr = (
        "stderr: 'remote: Permission to o/r.git denied to ada.\n"
        "fatal: unable to access 'https://github.com/o/r.git/': The requested URL returned error: 403'"
    )
    message = str(GitError("push", stderr, "origin"))
    assert "Permission to o/r.git denied to ada." in message
    assert "give the token or key the right" in message


def test_a_remote_that_says_nothing_adds_nothing() -> None:
    assert remote_words("stderr: 'fatal: bad'") == ""
