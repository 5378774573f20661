"""A lock held against what a registry says now."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.commands.author.verify import verify
from registry_tool.commands.run.run import RunCommand, dry_run
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.resolver.candidates import Candidate
from registry_tool.resolver.lock import Lock, LockedVersion
from registry_tool.runtime import run_tests
from registry_tool.sources.lock_file import check_lock, locked_here, read_locked, same_digests
from registry_tool.sources.reader import open_reader
from registry_tool.sources.reference import open_reference
from tests.conftest import RegistryFolder


@pytest.fixture
def root(make_registry: Callable[..., RegistryFolder]) -> Path:
    made = make_registry()
    made.add("hello", "1.0.0")
    return made.root


def test_what_is_locked_must_be_there(root: Path) -> None:
    reader = open_reader(str(root))
    check_lock(Lock({"hello": LockedVersion("1.0.0", "sha256:x", "public")}), reader)
    with pytest.raises(
        RegistryError, match=r"the lock has hello:1\.1\.0, but this registry does not"
    ):
        check_lock(Lock({"hello": LockedVersion("1.1.0", "sha256:x", "public")}), reader)
    with pytest.raises(RegistryError, match="locked to the registry 'own'") as caught:
        check_lock(Lock({"hello": LockedVersion("1.0.0", "sha256:x", "own")}), reader)
    assert "no fall-back between registries" in caught.value.hint


def test_what_a_command_is_asked_to_run_is_held_against_the_lock_too(root: Path) -> None:
    """Another registry's version of the name, or a mirror's other bytes, do not run as the locked one."""
    found = open_reference("hello", str(root))
    assert found.candidate is not None
    lock = Lock({"hello": LockedVersion("1.0.0", found.candidate.digest, "public")})
    assert open_reference("hello", str(root), lock).program.digest == found.program.digest
    with pytest.raises(RegistryError, match=r"the lock has hello:1\.0\.0 with sha256:x"):
        open_reference(
            "hello", str(root), Lock({"hello": LockedVersion("1.0.0", "sha256:x", "public")})
        )
    older = Lock({"hello": LockedVersion("0.9.0", "sha256:x", "public")})
    assert open_reference("hello", str(root), older).program.digest == found.program.digest


def test_a_registry_that_is_older_than_the_lock_gives_no_older_version(root: Path) -> None:
    newer = Lock({"hello": LockedVersion("1.1.0", "sha256:x", "public")})
    for reference in ("hello", "hello@^1.0"):
        with pytest.raises(
            RegistryError, match=r"the lock has hello:1\.1\.0, but this registry does"
        ):
            open_reference(reference, str(root), newer)
    assert open_reference("hello:1.0.0", str(root), newer).candidate is not None  # as asked for


@pytest.mark.parametrize("what", ["folder", "link", "pipe"])
def test_what_is_no_file_is_no_empty_lock(tmp_path: Path, what: str) -> None:
    file = tmp_path / "workflow.lock"
    match what:
        case "folder":
            file.mkdir()
        case "link":
            file.symlink_to("nowhere")
        case _:
            os.mkfifo(file)
    with pytest.raises(UsageError, match="not a regular file"):
        read_locked(file)


def test_tests_and_dry_runs_are_held_against_the_lock_here(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Lock({"hello": LockedVersion("1.0.0", "sha256:x", "public")})
    (tmp_path / "workflow.lock").write_bytes(other.to_bytes())
    monkeypatch.chdir(tmp_path)
    ask = RunCommand("hello", str(root))
    for act in (
        lambda: run_tests.test_reference("hello", str(root), run_tests.SuiteOptions()),
        lambda: verify("hello", str(root)),
        lambda: dry_run(ask, lambda _: {"who": "x"}),
    ):
        with pytest.raises(RegistryError, match="with sha256:x"):
            act()


def test_a_version_has_one_digest_for_ever() -> None:
    lock = Lock({"hello": LockedVersion("1.0.0", "sha256:x", "public")})
    same_digests(lock, {"hello": Candidate("hello", "1.0.0", "sha256:x")})
    same_digests(lock, {"hello": Candidate("hello", "1.1.0", "sha256:y")})
    same_digests(lock, {"other": Candidate("other", "1.0.0", "sha256:z")})
    with pytest.raises(RegistryError, match="tampered"):
        same_digests(lock, {"hello": Candidate("hello", "1.0.0", "sha256:y")})


def test_no_file_is_an_empty_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert locked_here() == Lock()
    lock = Lock({"hello": LockedVersion("1.0.0", "sha256:x", "public")})
    (tmp_path / "workflow.lock").write_bytes(lock.to_bytes())
    assert locked_here() == read_locked(tmp_path / "workflow.lock") == lock
