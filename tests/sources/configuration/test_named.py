"""Registries by name, and the order that a file wants."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.core.toml_file import parse_toml
from registry_tool.sources.configuration.files import SettingsFile
from registry_tool.sources.configuration.keys import settings_in
from registry_tool.sources.configuration.location import LocationKind
from registry_tool.sources.configuration.named import NamedRegistry, named_in, order_in


def said(text: str, folder: Path, *, of_project: bool = True) -> SettingsFile:
    file = parse_toml(text.encode(), "puppy.toml")
    return SettingsFile(file, folder, of_project, settings_in(file, of_project=of_project))


def test_a_file_without_an_order_has_that_of_its_names(tmp_path: Path) -> None:
    file = said('[registries]\nb = "https://b.example"\na = "acme/workflows"', tmp_path)
    found = order_in(file, named_in(file))
    assert [(one.name, one.kind, one.repository, one.source) for one in found] == [
        ("b", LocationKind.ADDRESS, "", "puppy.toml:2"),
        ("a", LocationKind.REPOSITORY, "acme/workflows", "puppy.toml:3"),
    ]
    assert named_in(None) == {}


def test_a_list_names_what_has_a_name(tmp_path: Path) -> None:
    file = said('registry = ["acme", "https://a.example"]\n[registries]\nacme = "x"', tmp_path)
    with pytest.raises(UsageError, match="is not the name of a registry") as caught:
        order_in(file, named_in(file))
    assert caught.value.location == "puppy.toml:1"
    assert "there are acme" in caught.value.hint


def test_a_folder_begins_where_a_project_s_file_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "project/acme/workflows").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    text = '[registries]\na = "../clone"\nb = "acme/workflows"\nc = "/srv/registry"'
    found = named_in(said(text, tmp_path / "project"))
    assert [one.location for one in found.values()] == [
        *("clone", "project/acme/workflows", "/srv/registry"),
    ]
    assert found["b"].kind is LocationKind.FOLDER


def test_a_user_s_file_has_no_place_for_folders_to_begin(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nor a folder from the root"):
        named_in(said('[registries]\na = "../clone"', tmp_path, of_project=False))


def test_credentials_are_not_shown() -> None:
    found = NamedRegistry("acme", "https://ada:s3cret@acme.example")
    assert found.shown == "https://***@acme.example"
    assert "s3cret" not in repr(found)
