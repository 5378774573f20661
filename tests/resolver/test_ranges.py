"""npm's ranges, and npm's own answers on the corners."""

from __future__ import annotations

import pytest
from hypothesis import given

from registry_tool.resolver.ranges import admits, is_valid
from registry_tool.resolver.version import parse
from tests.resolver.test_version import VERSIONS


@pytest.mark.parametrize(
    ("text", "version", "fits"),
    [
        ("^1.5.0", "1.6.0", True),
        ("^1.5.0", "2.0.0", False),
        ("~2.1.0", "2.1.9", True),
        ("~2.1.0", "2.2.0", False),
        ("^0.2.3", "0.2.9", True),
        ("^0.2.3", "0.3.0", False),
        (">=1 <3", "2.9.9", True),
        ("1.x || 3.x", "2.0.0", False),
        ("*", "1.0.0", True),
        ("^1.0.0", "1.1.0-rc.1", False),
    ],
)
def test_ranges_are_npms(text: str, version: str, fits: bool) -> None:
    assert admits(text, version) is fits


def test_what_is_no_range() -> None:
    assert not is_valid("one")
    assert not is_valid("^" * 200)


@pytest.mark.parametrize(
    ("text", "version", "fits"),
    [
        ("^0.0.3", "0.0.4", False),
        ("^1.0.0-rc.1", "1.0.0-rc.2", True),
        ("^1.0.0-rc.1", "1.0.1-rc.1", False),  # a pre-release only of the version that is named
        ("1.0.0 - 1.2.0", "1.2.0", True),
        ("1.0 - 1.2", "1.2.9", True),
        ("~1", "1.9.0", True),
        (">1", "1.5.0", False),
        ("", "3.0.0", True),
        ("1.2.3+build", "1.2.3", True),
        ("=1.2.3", "1.2.3+build", True),
    ],
)
def test_corners(text: str, version: str, fits: bool) -> None:
    assert admits(text, version) is fits


@given(VERSIONS, VERSIONS)
def test_a_caret_keeps_the_left_most_part_that_is_not_zero(low: str, version: str) -> None:
    """The definition in node-semver's README, for releases; a pre-release needs its own release's range."""
    one, other = parse(low), parse(version)
    if other.is_prerelease:
        return
    kept = next((n for n, part in enumerate(one.release) if part), 2) + 1
    wanted = other >= one and other.release[:kept] == one.release[:kept]
    assert admits(f"^{low}", version) is wanted


@given(VERSIONS, VERSIONS)
def test_either_side_of_an_or_is_enough(one: str, other: str) -> None:
    assert admits(f"{one} || {other}", one)
    assert admits(f"{one} || {other}", other)
    assert admits(f">={one} <={one}", one)
    assert not admits(f">{one}", one)
    assert not admits(f"<{one}", one)


@pytest.mark.parametrize("text", ["^1.x.2.3", "1..2", ">=", "latest", "git+ssh://x", "1 2 three"])
def test_words_are_no_ranges(text: str) -> None:
    assert not is_valid(text)
