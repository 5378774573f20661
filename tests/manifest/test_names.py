from __future__ import annotations

import pytest
import semver
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.manifest.names import bad_name, bad_version


@pytest.mark.parametrize("name", ["a", "0", "summarize-text-2", "a" * 64, "console", "com10"])
def test_good_names(name: str) -> None:
    assert bad_name(name) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", "lower-case"),
        ("A", "lower-case"),
        ("a--b", "single hyphens"),
        ("-a", "lower-case"),
        ("a-", "lower-case"),
        ("a_b", "lower-case"),
        ("é", "lower-case"),
        ("٣", "lower-case"),
        ("a\n", "lower-case"),
        ("a/b", "lower-case"),
        ("a" * 65, "65 characters"),
        ("con", "device"),
        ("lpt1", "device"),
    ],
)
def test_bad_names_are_shown_why(name: str, expected: str) -> None:
    assert expected in str(bad_name(name))


@pytest.mark.parametrize("version", ["1.0", "v1.0.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0+", ""])
def test_what_is_no_version(version: str) -> None:
    assert bad_version(version)


@given(st.text("01.-+ax٣\n", max_size=14))
def test_versions_are_those_of_the_semver_library(text: str) -> None:
    if "٣" not in text and "\n" not in text:
        assert (bad_version(text) is None) is semver.Version.is_valid(text)
    else:
        assert bad_version(text)


@pytest.mark.parametrize("version", [f"{2**53}.0.0", f"1.0.0-{2**53}", f"1.0.0-rc.{10**19}"])
def test_numbers_that_resolvers_read_differently(version: str) -> None:
    assert "number above" in str(bad_version(version))


@pytest.mark.parametrize("version", [f"{2**53 - 1}.0.0", f"1.0.0+{10**19}", f"1.0.0-a{10**19}"])
def test_numbers_that_all_read_alike(version: str) -> None:
    assert bad_version(version) is None
