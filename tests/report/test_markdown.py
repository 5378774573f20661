"""Strangers' text in Markdown, read back by a real Markdown reader."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from registry_tool.report.markdown import fenced, plain
from registry_tool.report.summary import summary
from registry_tool.report.text import inert
from tests.report.test_text import HOSTILE

MARKS = st.text("ab \\`*_{}[]()#+-.!|~@:/&$<>\"'=\n1", max_size=30)
READER = MarkdownIt("gfm-like", {"linkify": False, "html": True})


@given(MARKS)
def test_markdown_shows_it_as_it_is(text: str) -> None:
    shown = READER.render(f"| a |\n| --- |\n| x {plain(text)} y |\n")
    cell = re.search(r"<td>(.*)</td>", shown, re.DOTALL)
    assert cell is not None
    assert "<" not in cell[1]
    flat = re.sub(r"\s+", " ", html.unescape(cell[1]))
    line = inert(text.replace("\n", " "))
    assert flat == re.sub(r"\s+", " ", f"x {line} y")


@given(st.text("`~a\n", max_size=30))
def test_no_text_closes_its_own_fence(text: str) -> None:
    (block,) = READER.parse(fenced(text, "yaml"))
    assert (block.type, block.info, block.content) == ("fence", "yaml", f"{text}\n")


def test_a_long_text_is_cut() -> None:
    assert len(plain("x" * 1000)) == 400
    assert plain("x" * 1000).endswith("…")


def test_markdown_of_strangers_is_only_text() -> None:
    hostile = "<script>x</script> [a](javascript:b) `c` | d\n# e @team"
    shown = plain(hostile)
    assert "<script" not in shown
    assert "\n" not in shown
    assert "&#64;team" in shown
    assert "&#35; e" in shown
    for sign in "[]()`|":
        assert f"\\{sign}" in shown
    assert summary((), [HOSTILE]).count("\n| warning |") == 1
