from __future__ import annotations

import pytest

from registry_tool.store.git.errors import GitError
from registry_tool.store.git.process import MOST_ERROR_BYTES
from tests.bounded import ends

ADVICE = """stderr: 'fatal: '/x' does not appear to be a git repository
fatal: Could not read from remote repository.

Please make sure you have the correct access rights
and the repository exists.'"""


def test_the_reason_is_what_was_wrong_and_not_the_advice_below_it() -> None:
    error = GitError("fetch", ADVICE, "here")
    assert (error.location, error.reason) == (
        "here",
        "git fetch failed: fatal: '/x' does not appear to be a git repository",
    )
    assert "git remote -v" in error.hint


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
def test_a_rival_is_distinguished_from_a_rule(stderr: str, rival: bool) -> None:
    assert GitError("push", stderr, "here").tells_of_a_rival is rival


def test_without_a_word_there_is_no_reason() -> None:
    assert "no reason given" in str(GitError("push", "", "here"))


FATAL = "fatal: the remote end hung up\n"


@pytest.mark.parametrize(
    "said",
    [
        "remote: " + "x" * MOST_ERROR_BYTES,
        "remote: \n" * (MOST_ERROR_BYTES // 9),
        "remote:" * (MOST_ERROR_BYTES // 7),
        "remote: " + "\x1b[" * (MOST_ERROR_BYTES // 2),
        "remote: " + "\x1b[0;" * (MOST_ERROR_BYTES // 4),
        "remote: " + "a://" * (MOST_ERROR_BYTES // 4),
        "remote: " + "eyJ" * (MOST_ERROR_BYTES // 3),
        "remote: " + "'" * MOST_ERROR_BYTES,
        " ! [remote rejected] x -> y (" * (MOST_ERROR_BYTES // 28),
        "! [" * (MOST_ERROR_BYTES // 3),
        "\r" * MOST_ERROR_BYTES,
    ],
    ids=range(11),
)
def test_what_a_remote_says_is_read_in_time_linear_in_it(said: str) -> None:
    """As much as is looked at, which takes milliseconds; the square of it would take minutes."""
    with ends(5):
        error = GitError("push", said + "\n" + FATAL, "here")
        assert isinstance(error.tells_of_a_rival, bool)
    assert len(str(error)) < 20_000


UNPACK = """
  stderr: 'remote: fatal: unable to write loose object file: No space left on device        
error: remote unpack failed: unpack-objects abnormal exit
To /m/r.git
 ! [remote rejected] HEAD -> x (unpacker error)
error: failed to push some refs to '/m/r.git''"""  # noqa: W291 - as git wrote it, on a full tmpfs


def test_a_disk_that_fills_up_while_objects_arrive_is_no_rival() -> None:
    error = GitError("push", UNPACK, "origin")
    assert not error.tells_of_a_rival
    assert error.reason.startswith("the disk of the remote is full")


@pytest.mark.parametrize(
    ("line", "rival"),
    [
        (" ! [rejected] x -> y (stale info)", True),
        (" ! [rejected] x -> y (fetch first)", True),
        (" ! [remote rejected] x -> y (cannot lock ref 'y': is at 1 but expected 2)", True),
        (" ! [remote rejected] x -> y (incorrect old value provided)", True),
        (" ! [remote rejected] x -> y (push declined due to repository rule violations)", False),
        (" ! [remote rejected] x -> y (unpacker error)", False),
        (" ! [remote rejected] x -> y (Internal Server Error)", False),
        ("error: cannot lock ref: Unable to create 'x.lock': File exists.", True),
        ("error: cannot lock ref: Unable to create 'x.lock': No space left on device", False),
        ("error: cannot lock ref: Unable to create 'x.lock': Read-only file system", False),
    ],
)
def test_what_counts_as_a_rival(line: str, rival: bool) -> None:
    assert GitError("push", f"stderr: '{line}'", "origin").tells_of_a_rival is rival
