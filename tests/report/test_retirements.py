from __future__ import annotations

from markdown_it import MarkdownIt

from registry_tool.report.retirements import retirements_markdown


def test_a_table_whose_cells_are_only_text() -> None:
    hostile = "<b>m</b> | [x](http://evil)"
    row = ("2027-01-01", "30", hostile, "newer", "w:1.0.0 (version)", "edges.a")
    page = (
        MarkdownIt("commonmark")
        .enable("table")
        .render(retirements_markdown([row], [], "2027-02-01"))
    )
    assert page.count("<td>") == 6
    assert "<b>" not in page
    assert "<a " not in page


def test_nothing_is_said_to_be_nothing() -> None:
    assert "Nothing here asks a model that retires" in retirements_markdown([], [], "2027-02-01")
