from __future__ import annotations

from registry_tool.report.run_summary import run_summary


def test_facts_stand_in_a_table_and_empty_ones_are_left_out() -> None:
    text = run_summary("A run", {"seconds": 0.50, "error": "", "dollars": None, "calls": 0})
    assert "## A run" in text
    assert r"| seconds | 0\.5 |" in text
    assert "| calls | 0 |" in text
    assert "error" not in text


def test_nothing_in_it_is_obeyed() -> None:
    text = run_summary("x | y\n::error::z", {"error": "<img src=x>\n## h ![a](http://evil)"})
    assert "\n::" not in text
    assert "<img" not in text
    assert "![a](" not in text
