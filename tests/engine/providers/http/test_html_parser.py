from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.engine.providers.http.html_parser import TolerantHTMLParser


class _Texts(TolerantHTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def texts(html: str) -> str:
    reader = _Texts()
    reader.feed(html)
    reader.close()
    return "".join(reader.texts)


@pytest.mark.parametrize(
    "declaration", ["<![;>", "<![>", "<![if x]>", "<![CDATA[x]]>", "<!doctype html>", "<!x>"]
)
def test_a_declaration_is_no_text(declaration: str) -> None:
    assert texts(f"<p>a{declaration}b</p>") == "ab"


@given(st.text("<>![]-;/?=&'\" abpCDAT", max_size=60))
def test_nothing_breaks_it(html: str) -> None:
    texts(html)
