"""Settings are read strictly: what fits is given, everything else is refused with its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.deploy.settings import Part, as_part

PART = Part(
    {
        "text": "a",
        "number": 0.5,
        "whole": 3,
        "wait": "1m30s",
        "below": {"x": 1},
        "list": [{"x": 1}, 2],
        "true": True,
        "x-own": 1,
    },
    "file: here",
)


def test_what_fits_is_given() -> None:
    assert PART.text("text", "") == "a"
    assert PART.choice("text", ["a", "b"], "b") == "a"
    assert PART.number("number", None, 0, 1) == 0.5
    assert PART.whole("whole", 1, 0, 3) == 3
    assert PART.duration("wait") == 90
    below = PART.part("below")
    assert below is not None
    assert (below.value, below.location) == ({"x": 1}, "file: here.below")


def test_what_is_absent_has_its_default() -> None:
    assert PART.text("absent", "d") == PART.choice("absent", ["d"], "d") == "d"
    assert PART.number("absent", None, 0) is None
    assert PART.whole("absent", 7, 0, 9) == 7
    assert PART.duration("absent") == 0
    assert PART.part("absent") is None
    assert list(PART.parts("absent")) == []


REFUSED: dict[str, tuple[Callable[[], Any], str, str]] = {
    "a text": (lambda: PART.text("whole", ""), "file: here.whole", "must be a text"),
    "a choice": (lambda: PART.choice("text", ["b"], "b"), "file: here.text", "'a' is not known"),
    "a large number": (lambda: PART.number("whole", None, 0, 1), "here.whole", "from 0 to 1"),
    "a low number": (lambda: PART.number("whole", None, 4), "here.whole", "of at least 4"),
    "true for one": (lambda: PART.number("true", None, 0), "here.true", "must be a number"),
    "half of one": (lambda: PART.whole("number", 1, 0, 3), "here.number", "a whole number"),
    "a duration": (lambda: PART.duration("text"), "file: here.text", "not a duration"),
    "a number of what": (lambda: PART.duration("whole"), "file: here.whole", "not a duration"),
    "an object": (lambda: PART.part("text"), "file: here.text", "must be an object"),
    "a list": (lambda: list(PART.parts("text")), "file: here.text", "must be a list"),
    "an item": (lambda: list(PART.parts("list")), "file: here.list[1]", "must be an object"),
    "the whole": (lambda: as_part([], "file: here"), "file: here", "must be an object"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_refused_with_its_place_and_a_way_out(case: str) -> None:
    read, location, output = REFUSED[case]
    with pytest.raises(UsageError, match=output) as caught:
        read()
    assert caught.value.location.endswith(location)
    assert caught.value.hint


def test_an_unknown_key_is_refused_and_a_near_one_named() -> None:
    PART.only(["text", "number", "whole", "wait", "below", "list", "true"])
    with pytest.raises(UsageError, match="'text' is not known") as caught:
        PART.only(["texts", "number"])
    assert caught.value.hint == "did you mean 'texts'?"
    with pytest.raises(UsageError) as caught:
        Part({"zzz": 1}, "p").only(["a", "b"])
    assert caught.value.hint == "it has a, b"
