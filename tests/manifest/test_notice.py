from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.manifest.notice import Level, Notice, heavier

NOTICES = st.none() | st.builds(Notice, st.sampled_from(["a", "b"]), st.sampled_from(Level))


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        (Notice("It leaks."), "x:1.0.0 is yanked: It leaks."),
        (
            Notice("It leaks.", replacement="1.0.1"),
            "x:1.0.0 is yanked: It leaks; use 1.0.1 instead",
        ),
        (Notice("Old", Level.WARN), "x:1.0.0 should not be used: Old"),
        (Notice("Old", Level.NOTICE, "y"), "x:1.0.0 should not be used: Old; use y instead"),
    ],
)
def test_what_a_user_is_reported(notice: Notice, words: str) -> None:
    assert notice.words("x:1.0.0") == words


def test_only_a_block_blocks() -> None:
    assert [level for level in Level if Notice("x", level).blocks] == [Level.BLOCK]


@given(NOTICES, NOTICES, NOTICES)
def test_the_heavier_notice_wins_and_the_first_of_equals(
    one: Notice | None, two: Notice | None, three: Notice | None
) -> None:
    def weight(notice: Notice | None) -> int:
        return -1 if notice is None else list(Level).index(notice.level)

    found = heavier(one, two)
    assert weight(found) == max(weight(one), weight(two))
    if weight(one) >= weight(two):
        assert found == one
    assert heavier(found, three) == heavier(one, heavier(two, three))


def test_no_replacement_is_null_in_json() -> None:
    assert Notice("x").to_value() == {"level": "block", "reason": "x", "replacement": None}
