from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.engine.edges.base import EdgeError
from registry_tool.engine.edges.text.markup_splitter import (
    html_chunks,
    markdown_chunks,
    markdown_parts,
)

HTML = "<div><h1>T</h1><p>a <b>b</b></p><br><p> </p><p>c</div>d</p>"


def test_every_elements_text_in_the_order_of_the_opening_tags() -> None:
    assert html_chunks(HTML, ["h1", "p"]) == ["T", "ab", "c"]
    assert html_chunks(HTML, ["b", "h1"]) == ["b", "T"]  # in the order that is asked for
    assert html_chunks(HTML, ["div"]) == ["Tabc"]
    assert html_chunks(HTML, ["video"]) == []


def test_entities_are_read_and_an_element_that_is_never_closed_ends() -> None:
    assert html_chunks("<p>a &amp; &lt;b&gt;", ["p"]) == ["a & <b>"]
    assert html_chunks("<p>a</x></p><p>b", ["p"]) == ["a", "b"]


def test_markdown_is_cut_by_what_it_becomes() -> None:
    text = "# T\n\na *b*\n\n- x\n- y\n\n> q\n\n```\ncode\n```\n"
    assert markdown_chunks(text, ["h1", "li"]) == ["T", "x", "y"]
    assert markdown_parts(text) == [
        "header: T",
        "paragraph: a b",
        "list_item: x",
        "list_item: y",
        "blockquote: q",
        "code: code",
    ]


def test_a_part_inside_a_part_stands_once() -> None:
    assert markdown_parts("> # T\n> text") == ["blockquote: T text"]


def test_nested_elements_are_bounded_and_read_in_linear_time() -> None:
    """Each `<b>` holds all that follows: a megabyte would become a terabyte."""
    with pytest.raises(EdgeError, match="more than 67,108,864 characters together"):
        html_chunks("<b>abcdefgh" * 5_000)
    assert html_chunks("<b>abcdefgh" * 5_000 + "<i>x</i>", ["i"]) == ["x"]
    assert len(html_chunks("<b>" * 5_000 + "x" + "</i>" * 5_000, ["b"])) == 5_000


@given(st.text("<>/pb &;!-[]= ", max_size=30))
def test_broken_html_breaks_nothing(text: str) -> None:
    assert all(chunk.strip() for chunk in html_chunks(text))
