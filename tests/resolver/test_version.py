from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

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
