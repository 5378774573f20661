"""Settings as a file says them, and what it may not say."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.core.toml_file import parse_toml
from registry_tool.sources.configuration.keys import (
    SETTINGS,
    flag_of,
    setting_of,
    settings_in,
    size_in_bytes,
)


def mistake_in(text: str, *, of_project: bool = True) -> str:
    with pytest.raises(UsageError) as caught:
        settings_in(parse_toml(text.encode(), "puppy.toml"), of_project=of_project)
    assert caught.value.hint
    return str(caught.value)


def test_a_file_s_settings_come_in_its_order() -> None:
    text = """
offline = true
x-mine = 1
registry = ["acme", "public"]
[registries]
public = "https://p.example"
acme = "../acme"
"""
    found = settings_in(parse_toml(text.encode(), "puppy.toml"), of_project=True)
    assert found == {
        "offline": True,
        "registry": ("acme", "public"),
        "registries.public": "https://p.example",
        "registries.acme": "../acme",
    }
    assert list(found)[2:] == ["registries.public", "registries.acme"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('a = 1\nregistri = "x"', ("puppy.toml:2", "'registri'", "did you mean 'registry'?")),
        ('[registry]\nacme = "x"', ("puppy.toml:1", "not a registry's name")),
        ('[regist]\nacme = "x"', ("puppy.toml:1", "there is no setting 'regist'")),
        ("registry = 3", ("puppy.toml:1", "write registry =")),
        ("registry = []", ("puppy.toml:1", "not a list of names")),
        ('registries = "x"', ("puppy.toml:1", "did you mean")),
        ("\n[registries]\nacme = 3", ("puppy.toml:3", "not text in quotes")),
        ('\n[registries]\nAcme_ = "x"', ("puppy.toml:3", "lower-case letters")),
        ('offline = "perhaps"', ("puppy.toml:1", "neither true nor false")),
        ('[cache]\nsize = "1MiB"', ("puppy.toml:2", "a project's file can't set cache.size")),
        ('registry = "ext::sh"', ("puppy.toml:1", "a kind that is not read")),
    ],
)
def test_what_a_file_may_not_say_is_reported_by_line(text: str, words: tuple[str, ...]) -> None:
    text = text.replace("a = 1", "x-a = 1")
    assert [word for word in words if word not in mistake_in(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        'registry = "https://ada:s3cret@example.com"',
        'registry = ["https://ada:s3cret@example.com"]',
        '[registries]\nacme = "https://s3cret@example.com"',
    ],
)
def test_a_project_s_file_holds_no_credentials(text: str) -> None:
    sentence = mistake_in(text)
    assert "doesn't belong into a project's file" in sentence
    assert "s3cret" not in sentence
    assert settings_in(parse_toml(text.encode(), "config.toml"), of_project=False)


@pytest.mark.parametrize(
    ("text", "size"), [("0", 0), ("256MiB", 2**28), ("2 GiB", 2**31), ("100", 100)]
)
def test_a_size(text: str, size: int) -> None:
    file = parse_toml(f'[cache]\nsize = "{text}"'.encode(), "f")
    assert settings_in(file, of_project=False) == {"cache.size": text}
    assert size_in_bytes(text) == size


@pytest.mark.parametrize("text", ["-1", "many", "1.5GiB", "true"])
def test_what_is_no_size(text: str) -> None:
    assert "is not a size" in mistake_in(f'[cache]\nsize = "{text}"', of_project=False)


def test_a_variable_that_is_on_or_off() -> None:
    assert [flag_of(text, "X") for text in ("1", "true", "0", "no", "")] == [
        *(True, True),
        *(False, False, False),
    ]
    with pytest.raises(UsageError, match="X: neither"):
        flag_of("maybe", "X")


def test_every_setting_is_found_by_its_key() -> None:
    for setting in SETTINGS:
        assert setting_of(setting.key.replace("NAME", "acme")) is setting
        assert setting.about.endswith(".")
