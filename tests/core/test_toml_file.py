"""TOML that is read with places."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import UsageError
from registry_tool.core.toml_file import LARGEST, parse_toml, read_toml

FILE = b"""\
registry = "acme"

# [registries]
[registries]
acme = "https://acme.example"
"other" = "x"
cache.size = "1"
"""


@pytest.mark.parametrize(
    ("route", "line"),
    [
        (("registry",), 1),
        (("registries",), 4),
        (("registries", "acme"), 5),
        (("registries", "other"), 6),
        (("registries", "cache", "size"), 7),
        (("registries", "none"), 4),
    ],
)
def test_a_key_has_a_line(route: tuple[str, ...], line: int) -> None:
    assert parse_toml(FILE, "puppy.toml").location(route) == f"puppy.toml:{line}"


def test_a_dotted_key_and_an_inline_table_have_their_line() -> None:
    file = parse_toml(b'a = 1\nregistries.acme = "x"\n', "f")
    assert file.location(("registries", "acme")) == "f:2"
    assert (
        parse_toml(b'\nregistries = { acme = "x" }', "f").location(("registries", "acme")) == "f:2"
    )
    assert parse_toml(b"", "f").location(("registry",)) == "f"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a = 1\nregistry = acme\n", "p:2:12: not TOML: invalid value"),
        (b'a = "x', "p:1: not TOML: "),
        (b"a = 1\na = 2\n", "p:2:6: not TOML: cannot overwrite a value"),
        (b"a = 1\nb = '\xff'", "p:2: not TOML: it is not UTF-8"),
        (b"a = " + b"[" * 5000, "p: not TOML: nested too deeply"),
        (b"a = " + b"9" * 5000, "p: not TOML: "),
    ],
)
def test_what_is_not_toml_is_reported_with_its_place(data: bytes, expected: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_toml(data, "p")
    assert str(caught.value).startswith(expected)


def test_a_file_that_cannot_be_settings_is_refused(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"#" * (LARGEST + 1))
    for name in ("large", "missing"):
        with pytest.raises(UsageError, match=name):
            read_toml(tmp_path / name)


@given(st.binary(max_size=200) | st.text("[]\"'.=#\nab1é", max_size=60).map(str.encode))
def test_whatever_stands_in_a_file_is_settings_or_a_sentence(data: bytes) -> None:
    try:
        file = parse_toml(data, "p")
    except UsageError as error:
        assert error.location.startswith("p")
        return
    for key in file.value:
        assert file.location((key,)).startswith("p")
