"""What names a registry."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.sources.configuration.location import (
    LocationKind,
    demand_location,
    kind_of,
    repository_name,
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (".", LocationKind.FOLDER),
        ("a/b/c", LocationKind.FOLDER),
        ("./a/b", LocationKind.FOLDER),
        ("../acme", LocationKind.FOLDER),
        ("/srv/registry", LocationKind.FOLDER),
        ("C:\\work\\registry", LocationKind.FOLDER),
        ("https://example.com/r", LocationKind.ADDRESS),
        ("HTTP://127.0.0.1:8000", LocationKind.ADDRESS),
        ("acme/workflows", LocationKind.REPOSITORY),
        ("https://github.com/acme/workflows.git", LocationKind.REPOSITORY),
        ("https://github.com/acme/workflows/tree/main", LocationKind.ADDRESS),
        ("https://token@github.com/acme/workflows", LocationKind.ADDRESS),
    ],
)
def test_where_a_registry_is(text: str, kind: LocationKind) -> None:
    assert kind_of(demand_location(text, "")) is kind


def test_a_folder_goes_before_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "acme/workflows").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert kind_of("acme/workflows") is LocationKind.FOLDER


def test_a_repository_has_one_name() -> None:
    assert repository_name("https://github.com/acme/workflows.git/") == "acme/workflows"
    assert repository_name("acme/workflows") == "acme/workflows"


@pytest.mark.parametrize(
    "text",
    [
        "ssh://git@host/x",
        "git@github.com:a/b.git",
        "ext::sh -c id",
        "file:///etc",
        "",
        " ",
        "a\nb",
        "https://x\x1b[2J",
        "https://[",
        "https://",
        "http://x:99999",
        "a\x9bb",
    ],
)
def test_what_is_never_opened_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        demand_location(text, "puppy.toml:1")
    assert caught.value.location == "puppy.toml:1"
    assert "OWNER/REPO" in caught.value.hint
