"""What a change requires of a version, and the algebra of bumps."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.resolver.bump import (
    at_least,
    highest,
    is_enough,
    needed_after,
    next_version,
    predecessor,
)
from registry_tool.resolver.version import parse

BUMPS: Any = st.sampled_from(["none", "prerelease", "patch", "minor", "major"])
RELEASES = st.tuples(*[st.integers(0, 3)] * 3).map(lambda parts: ".".join(map(str, parts)))


@pytest.mark.parametrize(
    ("required", "old", "new", "enough"),
    [
        ("major", "1.2.3", "2.0.0", True),
        ("major", "1.2.3", "1.3.0", False),
        ("major", "0.2.3", "0.3.0", True),
        ("major", "0.2.3", "0.2.4", False),
        ("minor", "0.2.3", "0.2.4", True),
        ("minor", "1.2.3", "1.2.4", False),
        ("minor", "1.2.3", "1.3.0-rc.1", True),
        ("none", "1.2.3", "1.2.4", True),
    ],
)
def test_what_is_enough(required: Any, old: str, new: str, enough: bool) -> None:
    assert is_enough(required, old, new) is enough


@given(
    st.sampled_from(["patch", "minor", "major"]),
    RELEASES,
)
def test_the_next_version_is_enough(required: Any, old: str) -> None:
    assert is_enough(required, old, next_version(required, old))


@pytest.mark.parametrize(
    ("number", "expected"),
    [("1.3.0", "1.2.0"), ("1.0.2", "1.0.1"), ("0.9.0", ""), ("2.0.0-rc.2", "1.2.0")],
)
def test_the_version_before(number: str, expected: str) -> None:
    assert predecessor(number, ["1.0.0", "1.0.1", "1.2.0", "2.0.0-rc.1"]) == expected


@given(st.lists(BUMPS))
def test_the_highest_is_as_great_as_each_and_one_of_them(bumps: list[Any]) -> None:
    found = highest(bumps)
    assert all(at_least(found, bump) for bump in bumps)
    assert found in bumps or (found, bumps) == ("none", [])


@given(BUMPS, BUMPS, RELEASES, RELEASES)
def test_what_is_enough_for_more_is_enough_for_less(
    more: Any, less: Any, old: str, new: str
) -> None:
    if at_least(more, less) and is_enough(more, old, new):
        assert is_enough(less, old, new)


@given(st.sampled_from(["patch", "minor", "major"]), RELEASES)
def test_no_lower_release_would_do(required: Any, old: str) -> None:
    """The next version is the least: every release between does not promise enough."""
    wanted = parse(next_version(required, old))
    steps = [range(6)] * 3
    for parts in ((a, b, c) for a in steps[0] for b in steps[1] for c in steps[2]):
        version = parse(".".join(map(str, parts)))
        if parse(old) < version < wanted:
            assert not is_enough(required, old, version.text)


def test_before_one_a_minor_release_may_break() -> None:
    assert needed_after("major", "0.9.0") == "minor"
    assert needed_after("minor", "0.0.1") == "patch"
    assert needed_after("patch", "0.0.1") == "patch"
    assert needed_after("major", "1.0.0") == "major"
