"""`config`: what holds and who says it; files are changed whole, or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from registry_tool.commands.author.configure import (
    get_setting,
    list_settings,
    set_setting,
    unset_setting,
)
from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.sources.configuration.choice import choose_registry


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "home/puppy-cli/config.toml"


def test_a_list_says_where_each_value_comes_from(home: Path) -> None:
    set_setting("registry", ["https://user.example"])
    set_setting("registry", ["https://project.example"], project=Path())
    set_setting("registries.acme", ["https://ada:s3cret@acme.example"])
    found = list_settings(environ={"PUPPY_REGISTRY": "https://token@variable.example"})
    assert [(one.key, one.text, one.source, one.holds) for one in found] == [
        ("registry", "https://***@variable.example", "PUPPY_REGISTRY", True),
        ("registry", "https://project.example", "puppy.toml:1", False),
        ("registry", "https://user.example", f"{home}:1", False),
        ("registries.acme", "https://***@acme.example", f"{home}:4", True),
        ("offline", "false", "default", True),
        ("cache.size", "256MiB", "default", True),
    ]
    assert get_setting("registry", environ={}).text == "https://project.example"


def test_a_file_keeps_its_comments_and_its_mode(home: Path) -> None:
    home.parent.mkdir(parents=True)
    home.write_text("# mine\noffline = true # on the train\n")
    assert set_setting("registry", ["acme/workflows"]) == home
    assert home.read_text() == (
        '# mine\noffline = true # on the train\nregistry = "acme/workflows"\n'
    )
    assert stat.S_IMODE(home.stat().st_mode) == 0o600
    unset_setting("registry")
    assert home.read_text() == "# mine\noffline = true # on the train\n"
    assert stat.S_IMODE(set_setting("offline", ["no"], project=Path()).stat().st_mode) == 0o644


def test_a_link_to_the_settings_stays_a_link(home: Path, tmp_path: Path) -> None:
    """Who keeps their settings in a repository links to them."""
    home.parent.mkdir(parents=True)
    kept = tmp_path / "dotfiles.toml"
    kept.write_text("offline = true\n")
    home.symlink_to(kept)
    set_setting("offline", ["false"])
    assert (home.is_symlink(), kept.read_text()) == (True, "offline = false\n")


def test_several_registries_have_an_order(home: Path) -> None:
    for name in ("acme", "public"):
        set_setting(f"registries.{name}", [f"https://{name}.example"])
    set_setting("registry", ["public", "acme"])
    assert [one.name for one in choose_registry(environ={}).order] == ["public", "acme"]
    assert get_setting("registry", environ={}).value == ("public", "acme")


def test_a_folder_is_meant_from_anywhere(tmp_path: Path) -> None:
    (tmp_path / "clone").mkdir()
    set_setting("registry", ["../clone"])
    assert get_setting("registry", environ={}).value == str(tmp_path / "clone")
    (tmp_path / "project/inner").mkdir()
    (tmp_path / "project/puppy.toml").write_text("")
    set_setting("registry", ["../clone"], project=Path("inner"))
    assert get_setting("registry", environ={}).value == "../clone"


@pytest.mark.parametrize(
    ("key", "values", "expected"),
    [
        ("registri", ["x"], "did you mean 'registry'?"),
        ("registry", ["ext::sh -c id"], "a kind that is not read"),
        ("registry", [""], "is empty"),
        ("offline", ["perhaps"], "neither true nor false"),
        ("registries.A", ["https://x"], "lower-case letters"),
        ("cache.size", ["much"], "is not a size"),
    ],
)
def test_what_a_setting_cannot_be_is_refused(
    home: Path, key: str, values: list[str], expected: str
) -> None:
    with pytest.raises(UsageError) as caught:
        set_setting(key, values)
    assert expected in str(caught.value)
    assert not home.exists()


def test_a_broken_file_is_left_as_it_is(home: Path) -> None:
    home.parent.mkdir(parents=True)
    home.write_text("offline = \n")
    with pytest.raises(UsageError, match=r"config\.toml:1:11: not TOML"):
        set_setting("offline", ["true"])
    assert home.read_text() == "offline = \n"


def test_a_project_s_file_is_given_no_credentials() -> None:
    with pytest.raises(UsageError, match="doesn't belong into a project's file"):
        set_setting("registry", ["https://t@x.example"], project=Path())
    assert not Path("puppy.toml").exists()


def test_what_is_not_set(home: Path) -> None:
    for ask in (get_setting, unset_setting):
        with pytest.raises(NotFoundError, match="registry is not set"):
            ask("registry")
        with pytest.raises(UsageError, match="did you mean"):
            ask("ofline")
    home.parent.mkdir(parents=True)
    home.write_text('registry = "acme"\n')
    with pytest.raises(UsageError, match="neither the name of a registry nor a folder"):
        choose_registry(environ={})
