"""The bump that several changes require is the greatest of theirs, whatever their order."""

from __future__ import annotations

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from registry_tool.resolver.difference import Difference, required_bump
from registry_tool.resolver.version import Bump

ORDER = ["none", "prerelease", "patch", "minor", "major"]
CHANGES = st.lists(
    st.sampled_from(ORDER).map(lambda bump: Difference("a.b", bump, "words", ("a", "b")))  # type: ignore[arg-type]
)


def test_every_bump_is_in_the_order() -> None:
    assert set(get_args(Bump)) == set(ORDER)


@given(CHANGES)
def test_the_greatest_is_required(changes: list[Difference]) -> None:
    greatest = max((ORDER.index(change.bump) for change in changes), default=0)
    assert required_bump(changes) == required_bump(reversed(changes)) == ORDER[greatest]


def test_a_change_as_json_has_no_route() -> None:
    result = Difference("inputs.who", "major", "was removed", ("spec", "interface")).to_value()
    assert result == {"field": "inputs.who", "bump": "major", "words": "was removed"}
