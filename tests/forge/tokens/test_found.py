"""The order of places, and that no host is given another's token."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.forge.tokens.found import TokenStore, forge_host
from registry_tool.forge.tokens.system_keyring import SystemKeyring
from registry_tool.forge.tokens.token_file import TokenFiles
from tests.forge.tokens.test_system_keyring import Forgetful, Locked, Working


def store(
    folder: Path, environ: Mapping[str, str] | None = None, keyring: Working | None = None
) -> tuple[TokenStore, list[str]]:
    messages: list[str] = []
    chosen = SystemKeyring(keyring, "Kept") if keyring else None
    return TokenStore(environ or {}, TokenFiles(folder), lambda: chosen, messages.append), messages


def found(tokens: TokenStore, host: str = "github.com") -> str:
    token = tokens.find(host)
    return token.secret if token else ""


def test_keyring_before_file_before_environment(tmp_path: Path) -> None:
    environ = {"PUPPY_TOKEN": "of-puppy", "GITHUB_TOKEN": "of-github", "GH_TOKEN": "of-gh"}
    keyring = Working()
    tokens, _ = store(tmp_path, environ, keyring)
    SystemKeyring(keyring, "Kept").write("github.com", "of-keyring")
    TokenFiles(tmp_path).write("github.com", "of-file")
    assert found(tokens) == "of-keyring"
    keyring.kept.clear()
    assert found(tokens) == "of-file"
    TokenFiles(tmp_path).remove("github.com")
    assert found(tokens) == "of-puppy"
    assert found(store(tmp_path, {"GITHUB_TOKEN": "b", "GH_TOKEN": "c"})[0]) == "b"
    assert found(store(tmp_path, {"GH_TOKEN": "c"})[0]) == "c"


@pytest.mark.parametrize(
    ("environ", "host", "secret"),
    [
        ({"PUPPY_TOKEN": "a"}, "github.com", "a"),
        ({"PUPPY_TOKEN": "a"}, "registry.example", ""),
        ({"PUPPY_TOKEN": "a", "PUPPY_TOKEN_HOST": "registry.example"}, "registry.example", "a"),
        ({"PUPPY_TOKEN": "a", "PUPPY_TOKEN_HOST": "registry.example"}, "github.com", ""),
        ({"GITHUB_TOKEN": "a"}, "github.com", "a"),
        ({"GITHUB_TOKEN": "a"}, "github.example", ""),
        ({"GITHUB_TOKEN": "a", "GITHUB_SERVER_URL": "https://github.example"}, "github.com", ""),
        ({"GH_TOKEN": "a", "GITHUB_API_URL": "https://h.example/api/v3"}, "h.example", "a"),
        ({"GH_TOKEN": "a", "GITHUB_API_URL": "https://h.example/api/v3"}, "github.com", ""),
        ({"GITHUB_TOKEN": "a", "GITHUB_API_URL": "https://api.github.com"}, "github.com", "a"),
    ],
)
def test_a_variable_is_for_one_host(
    tmp_path: Path, environ: dict[str, str], host: str, secret: str
) -> None:
    assert found(store(tmp_path, environ)[0], host) == secret


def test_a_token_is_kept_in_one_place(tmp_path: Path) -> None:
    tokens, _ = store(tmp_path, keyring=Working())
    TokenFiles(tmp_path).write("github.com", "old")
    assert tokens.keep("github.com", "new").source == "the keyring (Kept)"
    assert TokenFiles(tmp_path).read("github.com") is None


@pytest.mark.parametrize("keyring", [Forgetful(), Locked(), None])
def test_where_no_keyring_keeps_it_a_file_does(tmp_path: Path, keyring: Working | None) -> None:
    tokens, output = store(tmp_path, keyring=keyring)
    assert tokens.keep("github.com", "new").source.startswith("the file ")
    assert found(tokens) == "new"
    assert bool(output) == (keyring is not None)
    assert "new" not in "".join(output)


def test_a_locked_keyring_is_reported_and_passed_over(tmp_path: Path) -> None:
    tokens, output = store(tmp_path, {"PUPPY_TOKEN": "a"}, Locked())
    assert found(tokens) == "a"
    assert "doesn't answer" in output[0]


def test_it_is_forgotten_everywhere(tmp_path: Path) -> None:
    keyring = Working()
    tokens, _ = store(tmp_path, keyring=keyring)
    tokens.keep("github.com", "new")
    TokenFiles(tmp_path).write("github.com", "old")
    assert len(tokens.forget("github.com")) == len(["keyring", "file"])
    assert found(tokens) == ""
    assert tokens.forget("github.com") == ()


def test_nobody_is_logged_in(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        store(tmp_path)[0].demand("github.example")
    assert "--host github.example" in refused.value.hint


def test_a_variable_that_is_no_token_names_itself(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        store(tmp_path, {"PUPPY_TOKEN": "two words"})[0].find("github.com")
    assert refused.value.location == "PUPPY_TOKEN"
    assert "two words" not in str(refused.value)


def test_the_forge_that_is_meant() -> None:
    assert forge_host({}) == "github.com"
    assert forge_host({"GITHUB_SERVER_URL": "https://github.example"}) == "github.example"


def test_the_command_that_asks_for_a_live_registrys_token(tmp_path: Path) -> None:
    store = TokenStore({}, TokenFiles(tmp_path), lambda: None)
    with pytest.raises(UsageError) as refused:
        store.demand("registry.example", "puppy-cli login --registry https://registry.example")
    assert "`puppy-cli login --registry https://registry.example`" in refused.value.hint
