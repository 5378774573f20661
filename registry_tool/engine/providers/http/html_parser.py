"""Python's HTML parser, without its one way to give up."""

from __future__ import annotations

from html.parser import HTMLParser


class TolerantHTMLParser(HTMLParser):
    """Reads anything.

    `<![` with no name behind it makes the standard library's parser fail with an AssertionError. Browsers take it
    for a comment: https://html.spec.whatwg.org/multipage/parsing.html#markup-declaration-open-state.
    """

    def parse_html_declaration(self, i: int) -> int:
        """The position behind the declaration at `i`, -1 where it has no end yet."""
        if self.rawdata.startswith("<![", i):
            return self.parse_bogus_comment(i)
        return super().parse_html_declaration(i)
