"""`login`, `logout`, `whoami` as a user runs them, in an empty home; no output ever shows the token."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import forked
from tests.forge.stand_in.login import CLIENT
from tests.forge.stand_in.server import Person, StandIn, stand_in

SECRET = "gho_0123456789abcdefghij"


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[StandIn]:
    with stand_in(tmp_path) as running:
        running.people[SECRET] = Person("ada", 1001)
        running.codes.page = f"{running.address}/login/device"
        yield running


class Home:
    """An empty one, and a forge."""

    def __init__(self, forge: StandIn, folder: Path) -> None:
        folder.mkdir()
        self.forge, self.folder = forge, folder
        self.shown = ""

    def run(self, *words: str, text: str = "", **more: str) -> forked.Ended:
        kept = {key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}
        env = {**kept, "HOME": str(self.folder), **self.forge.environment(), **more}
        env["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
        env["TMPDIR"] = str(self.folder)
        ended = forked.run(["puppy-cli", *words], cwd=self.folder, env=env, text=text)
        self.shown += ended.stdout + ended.stderr
        return ended


@pytest.fixture
def home(forge: StandIn, tmp_path: Path) -> Iterator[Home]:
    made = Home(forge, tmp_path / "home")
    yield made
    assert SECRET not in made.shown
    assert "Traceback" not in made.shown


def test_in_who_and_out(home: Home) -> None:
    ended = home.run("login", "--token-stdin", text=f"{SECRET}\n")
    assert (ended.returncode, ended.stderr) == (0, "")
    host = home.forge.host
    assert ended.stdout.startswith(
        f"Logged in to {host} as ada (id 1001). The token is in the file "
    )
    (kept,) = [path for path in home.folder.rglob("*") if path.is_file()]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    document = json.loads(home.run("whoami", "--format", "json").stdout)
    assert (document["host"], document["login"], document["id"]) == (host, "ada", 1001)
    assert document["scopes"] == ["public_repo"]
    assert document["source"] == f"the file {kept}"
    assert "Rights (scopes): public_repo" in home.run("whoami").stdout
    assert "Logged out" in home.run("logout").stdout
    assert home.run("whoami").returncode == 2
    assert "No token" in home.run("logout").stdout


def test_a_live_registrys_token_is_kept_and_sent_nowhere(home: Home) -> None:
    address = "https://registry.example:8443/workflows"
    ended = home.run("login", "--registry", address, "--token-stdin", text=SECRET)
    assert ended.stdout.startswith("The token for registry.example:8443 is in the file ")
    assert home.forge.asked == []
    assert "No token" in home.run("logout").stdout
    assert "Logged out" in home.run("logout", "--host", "registry.example:8443").stdout


def test_by_a_code(home: Home) -> None:
    home.forge.codes.start = {"interval": 1}
    home.forge.codes.replies = [{"access_token": SECRET}]
    ended = home.run("login", "--client-id", CLIENT, "--format", "json")
    assert json.loads(ended.stdout)["login"] == "ada"
    page = f"{home.forge.address}/login/device"
    assert f"Open {page} and type this code: WDJB-MJHT" in ended.stderr


def test_a_file_that_others_can_read_is_refused(home: Home) -> None:
    home.run("login", "--token-stdin", text=SECRET)
    (kept,) = [path for path in home.folder.rglob("*") if path.is_file()]
    kept.chmod(0o644)
    ended = home.run("whoami")
    assert ended.returncode == 1
    assert f"chmod 600 {kept}" in ended.stderr
    assert home.run("login", "--token-stdin", text=SECRET).returncode == 0
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_variable_is_used_and_reported(home: Home) -> None:
    output = home.run("whoami", GITHUB_TOKEN=SECRET).stdout
    assert "Token: from the variable GITHUB_TOKEN" in output
    left = home.run("logout", GITHUB_TOKEN=SECRET)
    assert "the variable GITHUB_TOKEN still holds a token" in left.stderr


@pytest.mark.parametrize("text", ["", "\n", "two words", f"{SECRET}\n{SECRET}"])
def test_what_is_no_token(home: Home, text: str) -> None:
    ended = home.run("login", "--token-stdin", text=text)
    assert ended.returncode == 2
    assert "--token-stdin" in ended.stderr
    assert home.forge.asked == []


def test_a_token_is_never_on_the_command_line(home: Home) -> None:
    ended = home.run("login", "--token", "abc")
    assert ended.returncode == 2
    assert "--token-stdin" in ended.stderr


def test_without_an_app_the_other_way_is_reported(home: Home) -> None:
    ended = home.run("login")
    assert ended.returncode == 2
    assert "--token-stdin" in ended.stderr


def test_no_app_of_a_registry_that_only_a_project_names(home: Home) -> None:
    """A stranger's project would choose the app that people let in, and what it may do."""
    theirs = home.folder / "theirs/registry"
    theirs.mkdir(parents=True)
    (theirs / "registry.yaml").write_text(
        "name: Theirs\nlogin: { client_id: Iv1.theirs, scope: delete_repo }\n"
    )
    (home.folder / "puppy.toml").write_text('registry = "./theirs"\n')
    ended = home.run("login")
    assert ended.returncode != 0
    assert "puppy.toml:1 names the registry theirs, whose app is not used" in ended.stderr
    assert "no app is known" in ended.stderr
    assert "Iv1.theirs" not in ended.stdout + ended.stderr
