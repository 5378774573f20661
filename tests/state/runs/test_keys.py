"""The branch of wrapped keys: one commit without parents, rivals, erasure that git itself can't undo after gc."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.security.encrypt import PayloadError, WrappedKey, open_payload, seal_payload
from registry_tool.security.keys import VARIABLE, parse_ring
from registry_tool.state.runs.keys import (
    context_of,
    drop_keys,
    find_key,
    keep_key,
    open_run,
    read_key,
    rewrap_all,
    run_key,
    run_keys,
)
from tests.commands.privacy_places import (
    BOTH,
    NEW,
    NOW,
    OLD,
    LocationStandIn,
    at_once,
    git,
    make_place,
)

RING = parse_ring(OLD[VARIABLE], "production")


def keep(
    location: LocationStandIn, name: str, data: bytes = b"secret words", retention: str = ""
) -> bytes:
    blob, wrapped = seal_payload(data, RING, context_of("production", name))
    keep_key(location, run_key("production", name, wrapped, NOW, retention))
    return blob


def stored(folder: Path) -> list[str]:
    """Every object of a repository, named by anything or not."""
    out = git(folder, "cat-file", "--batch-check", "--batch-all-objects")
    return [line.split()[0] for line in out.splitlines()]


@pytest.mark.parametrize("remote", [False, True])
def test_the_branch_is_always_one_commit_without_parents(tmp_path: Path, *, remote: bool) -> None:
    location = make_place(tmp_path, remote=remote)
    for name in ("exec-1", "exec-2", "exec-3"):
        keep(location, name)
    where = tmp_path / "origin.git" if remote else location.root
    assert git(where, "rev-list", "--count", "run-keys") == "1"
    assert [key.execution_id for key in run_keys(location)] == ["exec-1", "exec-2", "exec-3"]


def test_what_is_kept_opens_the_payload(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    file = tmp_path / "payload.bin"
    file.write_bytes(keep(location, "exec-1"))
    assert open_run(location, file, "production", "exec-1", RING) == b"secret words"
    with pytest.raises(NotFoundError, match="no key for exec-2"):
        open_run(location, file, "production", "exec-2", RING)
    keep(location, "exec-2")
    with pytest.raises(PayloadError, match="belongs to another run"):
        open_run(location, file, "production", "exec-2", RING)


def test_a_key_is_kept_once_and_never_replaced(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    keep(location, "exec-1")
    known = find_key(location, "production", "exec-1")
    keep_key(location, known)
    assert find_key(location, "production", "exec-1") == known
    with pytest.raises(RegistryError, match="a key already, and another one"):
        keep(location, "exec-1")


def test_after_erasure_and_gc_no_key_that_is_left_opens_it(tmp_path: Path) -> None:
    """On the remote, in this clone, and in another clone that fetched the branch before."""
    location = make_place(tmp_path, remote=True)
    file = tmp_path / "payload.bin"
    file.write_bytes(keep(location, "exec-1"))
    keep(location, "exec-2")
    origin = tmp_path / "origin.git"
    git(tmp_path, "clone", "-q", str(origin), str(tmp_path / "other"), "-b", "run-keys")
    wrapped = find_key(location, "production", "exec-1").wrapped

    assert drop_keys(location, [find_key(location, "production", "exec-1")], "Erase") == 1

    with pytest.raises(NotFoundError):
        open_run(location, file, "production", "exec-1", RING)
    git(tmp_path / "other", "fetch", "-q")
    git(tmp_path / "other", "reset", "-q", "--hard", "origin/run-keys")
    for folder in (origin, location.root, tmp_path / "other"):
        git(folder, "reflog", "expire", "--expire=now", "--all")
        git(folder, "gc", "-q", "--prune=now")
        git(folder, "fsck", "--strict")
        keys = [
            read_key(data, f"production/{name}.json").wrapped
            for sha in stored(folder)
            for data in [git(folder, "cat-file", "-p", sha).encode() + b"\n"]
            for name in ("exec-1", "exec-2")
            if data.startswith(b"{") and f'"{name}"'.encode() in data
        ]
        assert keys, "the other run's key is still there"
        assert wrapped not in keys
        for key in keys:
            with pytest.raises(PayloadError):
                open_payload(file.read_bytes(), key, RING, context_of("production", "exec-1"))


def test_this_repository_keeps_no_reflog_of_the_branch(tmp_path: Path) -> None:
    """Else the commit that holds an erased key would stay reachable for ninety days."""
    location = make_place(tmp_path)
    keep(location, "exec-1")
    tip = git(location.root, "rev-parse", "run-keys")
    git(location.root, "update-ref", "--create-reflog", "refs/heads/run-keys", tip, tip)
    drop_keys(location, list(run_keys(location)), "Erase")
    assert tip[:7] not in git(location.root, "reflog", "show", "run-keys", "--")
    git(location.root, "gc", "-q", "--prune=now")
    left = [git(location.root, "cat-file", "-p", sha) for sha in stored(location.root)]
    assert not any("exec-1" in text for text in left)


def test_rotation_moves_every_key_and_only_once(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    file = tmp_path / "payload.bin"
    file.write_bytes(keep(location, "exec-1", retention="30d"))
    keep(location, "exec-2")
    before = find_key(location, "production", "exec-1")
    both, new = (parse_ring(environ[VARIABLE], "production") for environ in (BOTH, NEW))
    assert rewrap_all(location, both) == (2, 0)
    assert rewrap_all(location, both) == (0, 2)
    after = find_key(location, "production", "exec-1")
    assert (after.created, after.expires) == (before.created, before.expires)
    assert open_run(location, file, "production", "exec-1", new) == b"secret words"
    with pytest.raises(PayloadError, match="locked with the key"):
        open_run(location, file, "production", "exec-1", RING)


def test_rotation_without_the_old_key_changes_nothing(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    keep(location, "exec-1")
    tip = git(location.root, "rev-parse", "run-keys")
    with pytest.raises(PayloadError, match=RING.newest.id):
        rewrap_all(location, parse_ring(NEW[VARIABLE], "production"))
    assert git(location.root, "rev-parse", "run-keys") == tip


def test_rotation_of_nothing_makes_no_branch(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    assert rewrap_all(location, RING) == (0, 0)
    assert git(location.root, "branch", "--list", "run-keys") == ""


def test_eight_writers_and_an_eraser_lose_nothing(tmp_path: Path) -> None:
    location = make_place(tmp_path, remote=True)
    keep(location, "exec-0")
    doomed = find_key(location, "production", "exec-0")
    failures: list[BaseException] = []

    def work(number: int) -> None:
        clone = tmp_path / f"clone-{number}"
        try:
            git(tmp_path, "clone", "-q", str(location.root), str(clone))
            git(clone, "remote", "set-url", "origin", str(tmp_path / "origin.git"))
            own = LocationStandIn(clone, "origin", location.clock)
            if number == 0:
                drop_keys(own, [doomed], "Erase")
            else:
                keep(own, f"exec-{number}")
        except (RegistryError, subprocess.CalledProcessError) as error:
            failures.append(error)

    at_once(work, 8)
    assert failures == []
    assert [key.execution_id for key in run_keys(location)] == [f"exec-{n}" for n in range(1, 8)]
    assert git(tmp_path / "origin.git", "rev-list", "--count", "run-keys") == "1"


def test_expiry(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    keep(location, "exec-1", retention="30d")
    keep(location, "exec-2")
    first, second = run_keys(location)
    assert not first.expired(NOW + timedelta(days=30) - timedelta(milliseconds=1))
    assert first.expired(NOW + timedelta(days=30))
    assert not second.expired(NOW + timedelta(days=9999))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"format": "x"}, "not a valid run key .its format"),
        ({"execution_id": "exec-2"}, "another run's"),
        ({"environment": "staging"}, "another run's"),
        ({"expires": "soon"}, "not a valid run key .expires: 'soon' is not a time"),
        ({"created": "2026-01-01T00:00:00"}, "not a valid run key .created: .* names no time zone"),
        ({"wrapped": "!"}, "not a valid run key .wrapped: invalid base64"),
        ({"key": "!"}, "not a valid run key .key is unknown"),
    ],
)
def test_what_is_no_key_is_named(change: dict[str, str], why: str) -> None:
    from registry_tool.core.files import parse_json, pretty_json

    key = run_key("production", "exec-1", WrappedKey("a" * 16, bytes(60)), NOW)
    value = parse_json(key.to_bytes(), location="")
    assert isinstance(value, dict)
    with pytest.raises(RegistryError, match=why) as caught:
        read_key(pretty_json({**value, **change}).encode(), key.path)
    assert caught.value.location == f"run-keys:{key.path}"
