"""A stranger's Markdown becomes HTML that does nothing."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.site.markdown import clean_html


class Seen(HTMLParser):
    """The tags and attributes that a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# T", "<h3>T</h3>"),
        ("a **b** ~~c~~", "<p>a <strong>b</strong> <s>c</s></p>"),
        ("| a |\n| - |\n| b |", "<td>b</td>"),
        (
            "[a](https://x.org)",
            '<a href="https://x.org" rel="nofollow noopener noreferrer">a</a>',
        ),
        ("![a](https://x.org/i.png)", "<p></p>"),  # nothing is loaded from elsewhere
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
        ("[a](javascript:x)", "[a](javascript:x)"),
        ("[a](data:text/html,x)", "[a](data:text/html,x)"),
    ],
)
def test_what_is_shown(text: str, html: str) -> None:
    assert html in clean_html(text)


PIECES = st.lists(
    st.sampled_from(
        [
            *("<script>", "<img src=x onerror=y>", "<svg/onload=x>", "<style>", "<iframe src=//x>"),
            *(
                "[a](",
                "javascript:x",
                "https://x",
                ")",
                "![",
                "]",
                "`",
                "\n",
                "> ",
                "<a href='",
                "'>",
            ),
            *(
                "<https://x>",
                "<form>",
                "&#x3c;script&#x3e;",
                "\\",
                '"',
                " style=x ",
                "| a |\n|-|\n",
            ),
        ]
    ),
    max_size=8,
).map("".join)


@given(PIECES)
def test_no_text_brings_anything_that_runs_or_loads(text: str) -> None:
    seen = Seen(clean_html(text))
    assert not seen.tags & {"script", "style", "iframe", "img", "svg", "form", "input", "object"}
    for name, value in seen.attributes:
        assert name in {"href", "title", "rel", "start"} or (name, value) in {
            ("class", "wide"),
            ("tabindex", "0"),
        }
        if name == "href":
            assert not str(value).lower().startswith(("javascript:", "data:", "vbscript:"))


def test_headings_stand_below_the_pages_own() -> None:
    html = clean_html("# A\n\nB\n===\n\n## C\n\n###### D\n")
    assert "<h3>A</h3>" in html
    assert "<h3>B</h3>" in html
    assert "<h4>C</h4>" in html
    assert "<h6>D</h6>" in html
