"""Tokens in files: only their user's, and refused otherwise."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.forge.tokens.token_file import TokenFiles

SECRET = "gho_0123456789abcdefghij"


@pytest.fixture
def files(tmp_path: Path) -> TokenFiles:
    return TokenFiles(tmp_path / "data")


def test_a_token_is_kept_for_its_host_alone(files: TokenFiles) -> None:
    files.write("github.com", SECRET)
    found = files.read("github.com")
    assert found is not None
    assert (found.host, found.secret) == ("github.com", SECRET)
    assert files.read("github.example:8443") is None
    files.write("github.example:8443", "other-token")
    assert files.read("github.com") == found


def test_only_its_user_can_read_it(files: TokenFiles) -> None:
    files.write("github.com", SECRET)
    path = files.path("github.com")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [other.name for other in path.parent.iterdir()] == ["github.com"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_wider_mode_is_refused_and_the_way_out_is_reported(files: TokenFiles, mode: int) -> None:
    files.write("github.com", SECRET)
    files.path("github.com").chmod(mode)
    with pytest.raises(RegistryError, match=f"mode 0{mode:o}") as refused:
        files.read("github.com")
    assert f"chmod 600 {files.path('github.com')}" in refused.value.hint
    assert SECRET not in str(refused.value)
    files.path("github.com").chmod(0o600)
    assert files.read("github.com") is not None


def test_a_link_is_refused(files: TokenFiles, tmp_path: Path) -> None:
    files.write("github.example", SECRET)
    path = files.path("github.com")
    path.symlink_to(files.path("github.example"))
    with pytest.raises(RegistryError, match="can't be read"):
        files.read("github.com")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"host": "github.com", "token": "gho', "not valid JSON|JSON"),
        (b'{"host": "evil.example", "token": "gho_01234567"}', "holds no token for github.com"),
        (b"[]", "holds no token for github.com"),
        (b'{"host": "github.com", "token": "two words"}', "not a token"),
        (b" " * 20_000, "too large"),
    ],
)
def test_a_broken_file_names_itself(files: TokenFiles, content: bytes, reason: str) -> None:
    files.write("github.com", SECRET)
    files.path("github.com").write_bytes(content)
    with pytest.raises(RegistryError, match=reason) as refused:
        files.read("github.com")
    assert str(files.path("github.com")) in refused.value.location
    assert "gho" not in str(refused.value).replace(str(files.path("github.com")), "")


def test_it_is_removed_whatever_its_mode(files: TokenFiles) -> None:
    files.write("github.com", SECRET)
    files.path("github.com").chmod(0o644)
    assert files.remove("github.com")
    assert not files.remove("github.com")
