from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.resolver.latest import latest
from registry_tool.resolver.ranges import admits, is_valid
from registry_tool.resolver.version import bump_between, parse

NUMBERS = st.integers(0, 20)
VERSIONS = st.builds(
    lambda a, b, c, pre: f"{a}.{b}.{c}{pre}",
    NUMBERS,
    NUMBERS,
    NUMBERS,
    st.sampled_from(["", "-alpha", "-alpha.1", "-beta.11", "-rc.1"]),
)


def test_precedence_is_that_of_semver_org() -> None:
    names = ["alpha", "alpha.1", "alpha.beta", "beta", "beta.2", "beta.11", "rc.1"]
    ordered = [*(f"1.0.0-{name}" for name in names), "1.0.0", "1.9.0", "1.10.0", "2.0.0"]
    mixed = ordered[1::2] + ordered[::2]
    assert sorted(mixed, key=parse) == ordered


@given(VERSIONS, VERSIONS, VERSIONS)
def test_order_is_total(a: str, b: str, c: str) -> None:
    one, two, three = parse(a), parse(b), parse(c)
    assert (one < two) + (two < one) + (one == two) == 1
    if one < two < three:
        assert one < three


@given(VERSIONS, VERSIONS)
def test_a_bump_says_the_leftmost_difference(old: str, new: str) -> None:
    bump = bump_between(old, new)
    before, after = parse(old).release, parse(new).release
    assert (bump == "major") == (before[0] != after[0])
    assert (bump == "none") == (old == new)


@given(st.lists(VERSIONS, min_size=1, unique=True))
def test_latest_is_a_release_where_there_is_one(versions: list[str]) -> None:
    chosen = latest(versions)
    releases = [v for v in versions if "-" not in v]
    assert chosen == max(releases or versions, key=parse)


def test_a_yanked_version_is_the_last_resort() -> None:
    assert latest(["1.0.0", "2.0.0"], {"2.0.0"}) == "1.0.0"
    assert latest(["2.0.0"], {"2.0.0"}) == "2.0.0"
    assert latest(["1.9.0", "1.10.0"]) == "1.10.0"


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
