from __future__ import annotations

import re
import shlex

from markdown_it import MarkdownIt

from registry_tool.report.drift import DriftOf, drift_body

HOSTILE = (
    "<img src=x onerror=alert(1)> @everyone | [x](http://evil) `a` ::error:: fixes #1 \x1b[31m"
)


def test_a_strangers_text_in_an_issue_is_only_text() -> None:
    rows = (("test", HOSTILE, HOSTILE),)
    body = drift_body(
        [DriftOf("w:1.0.0", "production", "openai", rows, (1, 2, 3), ("```", HOSTILE))]
    )
    page = MarkdownIt("commonmark").enable("table").render(body)
    for tag in ("<img", "<a "):
        assert tag not in page
    outside = re.sub(r"^(`{3,}).*?^\1$", "", body, flags=re.DOTALL | re.MULTILINE)
    assert "puppy-cli" not in outside
    assert "@everyone" not in outside
    assert "#1" not in outside
    assert "\x1b" not in body
    assert "1 are the same, 2 have other words, and 3 are to questions" in body


def test_much_is_cut() -> None:
    rows = tuple(("test", str(number), "x") for number in range(80))
    body = drift_body([DriftOf("w:1.0.0", "p", "local", rows, (0, 0, 0), ("y" * 9000,) * 500)])
    assert "30 more" in body
    assert "380 more lines" in body
    assert len(body) < 60_000


def test_personal_data_in_a_models_new_answer_stays_out_of_the_issue() -> None:
    lines = ("-Write to us.", "+Write to ada.lovelace@corp.dev, sk-proj-" + "a1" * 20)
    row = ("test", "t", "it says ada.lovelace@corp.dev")
    body = drift_body([DriftOf("hello:1.0.0", "staging", "openai", (row,), (0, 1, 0), lines)])
    assert "ada.lovelace" not in body
    assert "sk-proj" not in body
    assert "Write to [EMAIL], [SECRET]" in body


def test_each_failing_test_comes_with_the_command_that_finds_what_broke_it() -> None:
    rows = (("test", "it's $(id)", "was 1"), ("edge", "ask", "other words"))
    body = drift_body([DriftOf("w:1.0.0", "production", "openai", rows, (0, 1, 0))])
    (command,) = (line for line in body.splitlines() if line.startswith("puppy-cli bisect"))
    assert shlex.split(command) == [
        "puppy-cli", "bisect", "w:1.0.0", "--test", "it's $(id)", "--provider", "openai",
    ]  # fmt: skip
    assert "bisect" not in drift_body([DriftOf("w:1.0.0", "p", "local", rows[1:], (0, 1, 0))])
