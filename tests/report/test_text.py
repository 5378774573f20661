"""What people read in a terminal or an Action's log can't give orders to it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.finding import Finding, Severity
from registry_tool.report.text import inert, text_report

HOSTILE = Finding(
    "a\n::error::x.yaml",
    1,
    1,
    "schema",
    Severity.WARNING,
    "\x1b[31mred\x1b]8;;http://e\x07\n::set-output a::b",
    "",
)
LINE = "name: \tvalue"
FINDING = Finding("a.yaml", 1, 7, "rule", Severity.WARNING, "is odd")


@given(st.text())
def test_inert_text_stays_inert_and_honest_text_as_it_is(text: str) -> None:
    shown = inert(text)
    assert inert(shown) == shown
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u200b\ud800-\udfff]", shown)
    assert not re.search(r"(?m)^\s*::|##\[", shown)


@given(st.text("abc é東\n\t:#[]", max_size=20))
def test_only_workflow_commands_are_rewritten(text: str) -> None:
    if not any(sign + after in text for sign in ":#" for after in ":["):
        assert inert(text) == text


def test_commands_are_shown_and_not_obeyed() -> None:
    assert inert("::stop-commands::x") == "\\u003a:stop-commands::x"
    assert inert("a\n  ::error::x") == "a\n  \\u003a:error::x"
    assert inert("x ##[error]y") == "x #\\u0023[error]y"
    assert inert("std::vector a::b") == "std::vector a::b"


def test_the_caret_stands_below_its_column_also_after_a_tab() -> None:
    line, caret = text_report([FINDING], lambda _: LINE).splitlines()[1:]
    assert line.index("value") == caret.index("^") + 1
    assert line[caret.index("^")] == " "  # the tab, as wide as one letter


def test_without_a_source_or_a_line_there_is_only_the_sentence() -> None:
    assert text_report([FINDING], lambda _: None) == "a.yaml:1:7: warning[rule]: is odd"
    assert text_report([FINDING], lambda _: "") == "a.yaml:1:7: warning[rule]: is odd"
    whole = Finding("a.bin", 0, 0, "rule", Severity.ERROR, "is odd")
    assert text_report([whole], lambda _: "x") == "a.bin: error[rule]: is odd"


def test_a_caret_far_out_is_left_away_with_the_rest_of_the_line() -> None:
    far = Finding("a", 1, 500, "rule", Severity.ERROR, "m")
    assert [len(line) for line in text_report([far], lambda _: "x" * 600).splitlines()[1:]] == [168]


def test_colour_only_where_it_is_wanted() -> None:
    assert "\x1b[33mwarning\x1b[0m[rule]" in text_report([FINDING], lambda _: LINE, colour=True)
    assert "\x1b" not in text_report([FINDING], lambda _: LINE)


def test_a_finding_shows_its_line_and_a_caret() -> None:
    found = Finding(
        "a/b.yaml", 2, 3, "edge-ends", Severity.ERROR, "no such block", "did you mean x?"
    )
    report = text_report([found], lambda _: "first\nsecond line\n")
    assert report.splitlines() == [
        "a/b.yaml:2:3: error[edge-ends]: no such block",
        "    2 | second line",
        "          ^",
        "      = help: did you mean x?",
    ]


def test_nothing_that_a_terminal_obeys_gets_through() -> None:
    assert "\x1b" not in text_report([HOSTILE], lambda _: "\x1b[2J\u202eline")
    assert "\u202e" not in text_report([HOSTILE], lambda _: "\x1b[2J\u202eline")
