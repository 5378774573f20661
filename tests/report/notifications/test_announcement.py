from __future__ import annotations

from registry_tool.report.notifications.announcement import LONGEST_LINE, MOST_LINES, message, plain

HOOK = "https://hooks.slack.com/services/" + "T7JGJGL67QD/BI55VFTVXE4/yULQGYVZ51Cwlhycx1BkFD5V"


def test_strangers_words_are_one_line_each_and_hide_nothing() -> None:
    assert plain("a\n\n  b\tc") == "a b c"
    assert "\u202e" not in plain("x\u202ey")
    assert HOOK not in plain(f"see {HOOK}")
    assert len(plain("x" * 5000)) == LONGEST_LINE


def test_a_message_is_bounded() -> None:
    result = message("T", [str(n) for n in range(100)], "https://x.example/")
    assert len(result.lines) == MOST_LINES
    assert result.lines[-1] == f"… (+{100 - MOST_LINES + 1})"
    assert result.text.splitlines()[0::MOST_LINES] == ["T", "… (+89)"]
    assert message("T", ["", "a"]).text == "T\na"
