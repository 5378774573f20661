from __future__ import annotations

import pytest

from registry_tool.store.git_errors import GitError

ADVICE = """stderr: 'fatal: '/x' does not appear to be a git repository
fatal: Could not read from remote repository.

Please make sure you have the correct access rights
and the repository exists.'"""


def test_the_reason_is_what_was_wrong_and_not_the_advice_below_it() -> None:
    error = GitError("fetch", ADVICE, "here")
    assert str(error) == (
        "here: git fetch failed: fatal: '/x' does not appear to be a git repository"
    )


@pytest.mark.parametrize(
    ("stderr", "rival"),
    [
        ("! [rejected] x -> y (stale info)", True),
        ("! [remote rejected] x -> y (cannot lock ref)", True),
        ("! [remote rejected] x -> y (pre-receive hook declined)", False),
        ("! [remote rejected] x -> y (protected branch hook declined)", False),
        ("fatal: unable to access: 403", False),
    ],
)
def test_a_rival_is_told_from_a_rule(stderr: str, rival: bool) -> None:
    assert GitError("push", stderr, "here").tells_of_a_rival is rival


def test_without_a_word_there_is_no_reason() -> None:
    assert "no reason given" in str(GitError("push", "", "here"))
