"""Which registry a command uses: the order of SPEC.md §4, and who said it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.sources.configuration.choice import (
    Origin,
    as_choice,
    choose_registry,
    demand_known,
)
from tests.conftest import RegistryFolder

Settle = Callable[..., None]


@pytest.fixture
def settle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settle:
    """Writes the user's settings and the project's; the project is where you are."""
    home, project = tmp_path / "home", tmp_path / "project"
    project.mkdir()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.chdir(project)

    def write(user: str = "", own: str = "") -> None:
        (home / "puppy-cli").mkdir(parents=True, exist_ok=True)
        (home / "puppy-cli/config.toml").write_text(user)
        (project / "puppy.toml").write_text(own)

    return write


def test_the_strongest_that_names_one_decides(
    settle: Settle, make_registry: Callable[..., RegistryFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = make_registry().root
    settle(user='registry = "https://user.example"', own='registry = "https://project.example"')
    environ = {"PUPPY_REGISTRY": "https://variable.example"}

    def chosen(given: str = "", **words: str) -> tuple[str, Origin]:
        found = choose_registry(given, environ=words)
        return found.location, found.origin

    assert chosen("given", **environ) == ("given", Origin.OPTION)
    assert chosen(**environ) == ("https://variable.example", Origin.ENVIRONMENT)
    assert chosen() == ("https://project.example", Origin.PROJECT)
    assert choose_registry(environ={}).order[0].source == "puppy.toml:1"
    Path("puppy.toml").unlink()
    assert chosen() == ("https://user.example", Origin.USER)
    (clone / "below").mkdir()
    monkeypatch.chdir(clone / "below")
    assert chosen() == ("..", Origin.AROUND)


def test_without_any_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = choose_registry(environ={"PUPPY_REGISTRY": ""})
    assert (found.is_known, found.location, found.folder) == (False, ".", Path())
    with pytest.raises(UsageError, match="publish needs a registry") as caught:
        demand_known(found, "publish")
    assert "config set registry" in caught.value.hint


def test_a_path_s_project_says_it(settle: Settle, tmp_path: Path) -> None:
    settle()
    other = tmp_path / "other"
    other.mkdir()
    (other / "puppy.toml").write_text('registry = "../clone"')
    assert choose_registry("", other, environ={}).location == "../clone"
    (other / "puppy.toml").write_text('registry = "acme/workflows"')
    found = choose_registry("", other, environ={}).order[0]
    assert (found.repository, found.by_project) == ("acme/workflows", True)
    (other / "acme/workflows").mkdir(parents=True)
    found = choose_registry("", other, environ={}).order[0]
    assert (found.location, found.repository) == ("../other/acme/workflows", "")


def test_several_have_names_and_an_order(settle: Settle) -> None:
    settle(
        user='[registries]\npublic = "https://p.example"\nacme = "https://old.example"',
        own='registry = ["acme", "public"]\n[registries]\nacme = "https://a.example"',
    )
    found = choose_registry(environ={})
    assert [(one.name, one.location) for one in found.order] == [
        ("acme", "https://a.example"),
        ("public", "https://p.example"),
    ]
    assert found.named["acme"].source == "puppy.toml:3"
    assert (found.named["acme"].by_project, found.named["public"].by_project) == (True, False)
    assert choose_registry("public", environ={}).location == "https://p.example"
    settle(own='[registries]\nb = "https://b.example"\na = "https://a.example"')
    assert [one.name for one in choose_registry(environ={}).order] == ["b", "a"]


def test_a_word_that_means_two_is_refused(settle: Settle) -> None:
    """A project's file must not take over a folder that its user names, nor a folder a name."""
    settle(own='[registries]\nacme = "https://evil.example"')
    Path("acme").mkdir()
    with pytest.raises(
        UsageError, match=r"both a folder and the registry .*puppy.toml:2"
    ) as caught:
        choose_registry("acme", environ={})
    assert "./acme" in caught.value.hint
    assert choose_registry("./acme", environ={}).location == "./acme"


def test_offline_is_said_by_the_strongest(settle: Settle) -> None:
    settle(user="offline = true", own="offline = false")
    assert not choose_registry(environ={}).offline
    assert choose_registry(offline=True, environ={}).offline
    assert choose_registry(environ={"PUPPY_OFFLINE": "1"}).offline
    settle(user="offline = true")
    assert choose_registry(environ={}).offline
    assert not choose_registry(environ={"PUPPY_OFFLINE": "0"}).offline


def test_credentials_are_kept_and_not_shown(settle: Settle) -> None:
    settle(user='registry = "https://ada:s3cret@example.com"')
    found = choose_registry(environ={})
    assert found.location == "https://ada:s3cret@example.com"
    assert "s3cret" not in str(found) + found.order[0].shown


def test_a_location_stands_for_itself() -> None:
    assert as_choice("x").location == "x"
    assert as_choice("").location == "."
    found = as_choice("https://example.com")
    assert as_choice(found) is found
    assert found.folder is None
