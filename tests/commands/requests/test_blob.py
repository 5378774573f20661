"""Requests on branches: real repositories, a bare remote."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.commands.requests.blob import (
    LARGEST,
    LONGEST_INLINE,
    blob_file,
    blobs_of,
    branch_of,
    checked_correlation_id,
    packed,
)
from registry_tool.commands.requests.request import ExecuteRequest, read_execute_request
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from tests.conftest import RegistryFolder

LARGE = ExecuteRequest("greet", {"who": "x" * LONGEST_INLINE})


def carried(registry: RegistryFolder, remote: str, name: str, data: bytes) -> None:
    """A branch `requests/abc` with one file, here or on the remote."""
    blob = subprocess.run(
        ["git", "hash-object", "-w", "--stdin"],
        cwd=registry.root,
        input=data,
        capture_output=True,
        check=True,
    ).stdout.decode()
    tree = subprocess.run(
        ["git", "mktree"],
        cwd=registry.root,
        input=f"100644 blob {blob.strip()}\t{name}\n",
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    commit = registry.git("commit-tree", tree, "-m", "A request")
    if remote != ".":
        registry.git("push", "--quiet", remote, f"{commit}:refs/heads/requests/abc")
    else:
        registry.git("update-ref", "refs/heads/requests/abc", commit)


@pytest.fixture(params=[".", "origin"])
def location(
    request: pytest.FixtureRequest, make_registry: Callable[..., RegistryFolder], tmp_path: Path
) -> tuple[RegistryFolder, str]:
    registry = make_registry(git=True)
    bare = tmp_path / "remote.git"
    subprocess.run(["git", "init", "--quiet", "--bare", bare], check=True)
    registry.git("remote", "add", "origin", str(bare))
    return registry, request.param


def branches(registry: RegistryFolder, remote: str) -> str:
    return registry.git("ls-remote", remote, "refs/heads/requests/*")


def test_a_small_request_goes_as_it_is() -> None:
    text, data = packed({"workflow": "greet"})
    assert (text, data) == ('{"workflow":"greet"}', b"")


def test_a_large_request_is_read_back_and_removed(location: tuple[RegistryFolder, str]) -> None:
    registry, remote = location
    text, data = packed(LARGE.to_value())
    assert len(text) < 100
    carried(registry, remote, blob_file(data), data)
    assert branches(registry, remote)
    blobs = blobs_of(registry.root, remote, "abc")
    assert read_execute_request(text, blobs) == LARGE
    assert not branches(registry, remote)
    assert "requests/abc" not in registry.git("for-each-ref")
    with pytest.raises(NotFoundError, match="no branch requests/abc"):
        read_execute_request(text, blobs)


def test_who_keeps_it_leaves_it_to_the_next(location: tuple[RegistryFolder, str]) -> None:
    registry, remote = location
    text, data = packed(LARGE.to_value())
    carried(registry, remote, blob_file(data), data)
    assert read_execute_request(text, blobs_of(registry.root, remote, "abc", keep=True)) == LARGE
    assert branches(registry, remote)
    assert read_execute_request(text, blobs_of(registry.root, remote, "abc")) == LARGE
    assert not branches(registry, remote)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("{hex}", b'{"workflow": "greet"}', "does not have this digest"),
        ("other.json", None, "no such request"),
        ("{hex}", b"x" * (LARGEST + 1), "more than"),
    ],
)
def test_what_is_not_the_request(
    location: tuple[RegistryFolder, str], name: str, data: bytes | None, said: str
) -> None:
    registry, remote = location
    text, right = packed(LARGE.to_value())
    carried(registry, remote, name.replace("{hex}", blob_file(right)), data or right)
    with pytest.raises(RegistryError, match=said):
        read_execute_request(text, blobs_of(registry.root, remote, "abc"))
    assert branches(registry, remote), "what was not read stays"


def test_a_symlink_is_no_request(location: tuple[RegistryFolder, str]) -> None:
    registry, _ = location
    text, data = packed(LARGE.to_value())
    blob = registry.git("hash-object", "-w", "registry/registry.yaml")
    listed = f"120000 blob {blob}\t{blob_file(data)}\n"
    tree = subprocess.run(
        ["git", "mktree"],
        cwd=registry.root,
        input=listed,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    registry.git(
        "update-ref", "refs/heads/requests/abc", registry.git("commit-tree", tree, "-m", "x")
    )
    with pytest.raises(NotFoundError):
        read_execute_request(text, blobs_of(registry.root, "", "abc"))


def test_a_request_has_a_largest_size() -> None:
    with pytest.raises(UsageError, match="more than"):
        packed({"workflow": "greet", "inputs": {"x": "y" * LARGEST}})


@pytest.mark.parametrize(
    "text", ["", "../x", "a b", "a\n", "A", "-a", "a" * 65, "x.lock", "refs/x"]
)
def test_what_names_no_branch(text: str) -> None:
    with pytest.raises(UsageError):
        branch_of(text)


def test_an_id_names_its_branch() -> None:
    assert branch_of("a-1") == "requests/a-1"
    assert checked_correlation_id("a-1") == "a-1"
    assert json.loads(packed(LARGE.to_value())[0])["blob"].startswith("sha256:")


@pytest.mark.parametrize(("length", "inline"), [(60_000, True), (60_001, False), (61_440, False)])
def test_what_is_over_60_kb_travels_by_its_digest(length: int, inline: bool) -> None:
    """A dispatch takes 65,535 characters in all, with the names of its inputs and the other three."""
    around = len(packed({"x": ""})[0])
    sent, file = packed({"x": "y" * (length - around)})
    assert (file == b"") is inline
    assert len(sent) == length if inline else len(file) == length
    assert len(sent) < 65_535
