from __future__ import annotations

import re

from registry_tool.report.tests.text import text_of_tests
from tests.report.tests.cases import CASES


def test_results_for_people() -> None:
    text = text_of_tests("hello:1.0.0", CASES, ["m: Why? (key 1)"], 2)
    assert text.splitlines()[-1] == "hello:1.0.0: 1 passed, 2 failed, 1 inconclusive, 2 not run"
    assert text.count("a is 1, not 2") == 1
    assert "3 of 4 runs; the true rate is 30% to 95%" in text
    assert "tone: 0.500" in text
    assert "m: Why?" in text
    assert "        answers written by hand: classify\n" in text
    assert "1 of 4 tests ran on answers written by hand" in text
    assert "The manifest's model did not answer: answered by tiny instead of gpt-4." in text


def test_no_test_is_not_shown_as_a_success() -> None:
    result = text_of_tests("a:1.0.0", [])
    assert result.startswith("a:1.0.0: there are no tests, so nothing was looked at")


def test_colours_are_put_around_words_and_change_none() -> None:
    plain = text_of_tests("hello:1.0.0", CASES)
    coloured = text_of_tests("hello:1.0.0", CASES, colour=True)
    assert "\x1b" not in plain
    assert "\x1b[32mpassed\x1b[0m" in coloured
    assert "\x1b[31mFAILED\x1b[0m" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain
