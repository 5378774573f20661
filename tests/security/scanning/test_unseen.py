"""What no page shows, by a file's ending."""

from __future__ import annotations

import pytest

from registry_tool.security.scanning.unseen import Unseen


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.md", "<!-- HERE -->"),
        ("a.md", "<!-- open HERE"),
        ("a.md", "[//]: # (HERE)"),
        ("a.html", "<i title='HERE'>"),
        ("a.html", "<p style='display: none'>HERE</p>"),
        ("a.svg", "<desc>HERE</desc>"),
        ("a.rst", ".. HERE"),
        ("a.yaml", "x: 1 # HERE"),
        ("a.py", "# HERE"),
        ("a.js", "f(); // HERE"),
        ("a.css", "/* HERE */"),
        ("a.sql", "select 1 -- HERE"),
        ("a.txt", "x" * 3000 + "HERE"),
        ("name", "<!-- HERE -->"),
    ],
)
def test_it_is_unseen(path: str, text: str) -> None:
    start = text.index("HERE")
    assert Unseen(path, text).why((start, start + 4))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.md", "# HERE"),
        ("a.md", "<b>HERE</b>"),
        ("a.html", "<p style='color: red'>HERE</p>"),
        ("a.yaml", "x: HERE"),
        ("a.js", "'http://HERE'"),
        ("a.txt", "# HERE"),
        ("a.json", '"<!-- HERE"'),
        ("a.txt", "x" * 3000 + "\nHERE"),
    ],
)
def test_it_is_seen(path: str, text: str) -> None:
    start = text.index("HERE")
    assert Unseen(path, text).why((start, start + 4)) == ""
