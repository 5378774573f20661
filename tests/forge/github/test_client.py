"""One repository on GitHub: its name, its remote's address, its token."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.forge.github.client import GitHub, Remote, remote_of


def test_the_token_is_never_shown() -> None:
    assert "secret" not in repr(GitHub("a/b", "secret-token"))


@pytest.mark.parametrize(
    ("address", "remote"),
    [
        ("https://github.com/ada/registry.git", Remote("github.com", "ada/registry")),
        ("https://github.com/ada/registry", Remote("github.com", "ada/registry")),
        ("https://x-access-token:pw@GitHub.com/ada/registry", Remote("github.com", "ada/registry")),
        ("git@github.com:ada/my.registry.git", Remote("github.com", "ada/my.registry")),
        ("ssh://git@ghe.example/ada/registry.git", Remote("ghe.example", "ada/registry")),
        ("https://ghe.example:8443/ada/r/", Remote("ghe.example:8443", "ada/r")),
    ],
)
def test_a_remote_leads_to_its_repository(address: str, remote: Remote) -> None:
    assert remote_of(address) == remote


@pytest.mark.parametrize(
    "address",
    [
        "/srv/registry.git",
        "../registry",
        "https://github.com/ada",
        "https://github.com/ada/..",
        "http://github.com/ada/registry",
        "file:///srv/registry",
        "https://github.com/ada/registry\n",
    ],
)
def test_a_folder_is_no_forge(address: str) -> None:
    with pytest.raises(UsageError):
        remote_of(address)


def test_a_password_in_an_address_is_not_shown() -> None:
    with pytest.raises(UsageError) as caught:
        remote_of("https://ada:hunter2@github.com/only-one")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("name", ["ada", "ada/b/c", "../b", "a/..", "a b/c", "a/b\n", ""])
def test_what_is_no_repository(name: str) -> None:
    with pytest.raises(UsageError):
        GitHub(name, "token")
