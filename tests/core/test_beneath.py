"""Paths that a workflow names stay in their folder, whichever way out is tried."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from registry_tool.core import beneath
from registry_tool.core.beneath import file_beneath, write_beneath
from registry_tool.core.errors import RegistryError

HOSTILE = (
    ".git/config",
    ".GIT/config",
    "a/.github/workflows/x.yml",
    ".ssh/authorized_keys",
    ".venv/x.pth",
    ".bashrc",
    "git~1/config",
    "../x",
    "a/../../x",
    "/etc/x",
    "",
    "a//x",
    "nul",
    "con.txt",
    "a\\b",
    "C:/x",
    "half/\ud800",
    "link/x",
    "inner/link/x",
    "linked.txt",
    "pipe",
    "folder",
    "plain.txt/x",
    "bare.git/hooks/post-update",
)


@pytest.fixture(params=["relative", "looked at"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with everything in it that leads elsewhere; both ways to walk are tried."""
    if request.param == "looked at":
        monkeypatch.setattr(beneath, "_OPENS_RELATIVE", False)
    root, outside = tmp_path / "workspace", tmp_path / "outside"
    for folder in (root / "inner", root / "folder", root / ".git", outside):
        folder.mkdir(parents=True)
    for part in ("objects", "refs", "hooks"):
        (root / "bare.git" / part).mkdir(parents=True)
    for file in (root / "plain.txt", root / ".git/config", outside / "x", root / "bare.git/HEAD"):
        file.write_text("before")
    (root / "link").symlink_to(outside)
    (root / "inner/link").symlink_to(outside)
    (root / "linked.txt").symlink_to(outside / "x")
    os.mkfifo(root / "pipe")
    return root


def everything(root: Path) -> dict[str, str]:
    return {
        str(path): path.read_text() if path.is_file() else "" for path in root.parent.rglob("*")
    }


@pytest.mark.parametrize("path", HOSTILE)
def test_nothing_is_written_outside_or_where_a_tool_looks(root: Path, path: str) -> None:
    before = everything(root)
    with pytest.raises(RegistryError) as refused:
        write_beneath(root, path, b"after")
    assert refused.value.hint
    assert everything(root) == before


@pytest.mark.parametrize("path", HOSTILE)
def test_nothing_is_read_there_either(root: Path, path: str) -> None:
    with pytest.raises(RegistryError):
        file_beneath(root, path)


@pytest.mark.parametrize(
    "path", ["new.txt", "plain.txt", "a/b/c.json", "inner/\u4f60\u597d.txt", "git.md"]
)
def test_plain_paths_are_written_and_found(root: Path, path: str) -> None:
    write_beneath(root, path, b"after")
    found = file_beneath(root, path)
    assert found is not None
    assert found.read_bytes() == b"after"
    assert not [p for p in found.parent.iterdir() if p.name.endswith(".new")]


def test_a_name_that_no_system_keeps_makes_no_folder(root: Path) -> None:
    before = everything(root)
    with pytest.raises(OSError, match="too long"):
        write_beneath(root, f"new/{'x' * 256}", b"after")
    assert everything(root) == before


def test_what_is_not_there_is_none(root: Path) -> None:
    assert file_beneath(root, "absent.txt") is None
    assert file_beneath(root, "absent/too.txt") is None


def test_a_hard_link_keeps_its_other_name_as_it_is(root: Path) -> None:
    os.link(root.parent / "outside/x", root / "hard.txt")
    write_beneath(root, "hard.txt", b"after")
    assert (root.parent / "outside/x").read_text() == "before"


def test_the_folder_itself_may_be_a_link_since_its_user_named_it(root: Path) -> None:
    (root.parent / "named").symlink_to(root)
    write_beneath(root.parent / "named", "new.txt", b"after")
    assert (root / "new.txt").read_bytes() == b"after"
