"""HTML in tokens: what browsers read, and nothing that takes longer than its length."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.html_tokens import Token, resolved, tokens


def texts(html: str) -> str:
    return "".join(token.text for token in tokens(html) if token.kind in {"text", "raw"})


def kinds(html: str) -> list[tuple[str, str]]:
    return [(token.kind, token.name or token.text) for token in tokens(html)]


@pytest.mark.parametrize(
    "markup",
    [
        *("<![;>", "<![>", "<![if x]>", "<![CDATA[x]]>", "<!doctype html>", "<!x>", "<?x?>"),
        *("<!-- <b> > -->", "<!-->", "<!--->", "<!--x--!>", "</ x>", "</>", "<b>", "</b x='>'>"),
        *("<a b='>'>", '<a b = ">">', "<a b=c/>", "<a 'b>", "<A\nb>"),
    ],
)
def test_markup_is_no_text(markup: str) -> None:
    assert texts(f"a{markup}b") == "ab"


def test_tags_texts_and_what_scripts_hold_are_distinguished() -> None:
    assert kinds("<P>a < b &amp; c<br/><script>x<b></script><title>&lt;</title>") == [
        *(("open", "p"), ("text", "a < b & c"), ("open", "br"), ("open", "script")),
        *(("raw", "script"), ("close", "script"), ("open", "title"), ("text", "title")),
        ("close", "title"),
    ]
    assert [token.closed for token in tokens("<br/><br>")] == [True, False]


@pytest.mark.parametrize("html", ["<a", "<a b='>", "<!--x->", "</a", "<?x", "<script>x</scrip"])
def test_what_never_ends_is_the_last(html: str) -> None:
    *_, last = tokens(html)
    assert not last.whole


def test_attributes_are_read_where_they_are_asked_for() -> None:
    (tag,) = tokens("<a HREF='x?a=1&amp;b' class = \"p q\" href=second bare n=1 />")
    assert tag.attributes() == {"href": "x?a=1&b", "class": "p q", "bare": "", "n": "1"}
    assert Token("open", "<a " + "b='c' " * 9_000 + ">", "a").attributes() == {}


def test_references_are_the_characters_that_they_stand_for() -> None:
    assert resolved("&lt;&#65;&#x42;&notit; & &amp") == "<AB\xacit; & &"
    assert resolved(f"&#{'9' * 5_000};") == "\ufffd"


@given(st.text("<>![]-;/?=&'\" abpCDAT#9xscriptl", max_size=60))
def test_nothing_breaks_it_and_nothing_is_lost_from_tags(html: str) -> None:
    shown = "".join(t.text for t in tokens(html) if t.kind not in {"text", "raw"})
    assert len(shown) <= len(html)
    for token in tokens(html):
        token.attributes()


_HOSTILE: dict[str, Callable[[int], str]] = {
    **{
        part: lambda n, part=part: part * n for part in ("<a ", "<a", "<!--", "<!", "<?", "</", "<")
    },  # type: ignore[misc]
    **{part: lambda n, part=part: part * n for part in ("&", "&#", "&a", "<![CDATA[", "--", "<a/")},  # type: ignore[misc]
    "values": lambda n: "<a" + " b=" * n,
    "quotes": lambda n: "<a " + "b='" * n,
    "spaces": lambda n: "<a" + " " * n + "=" + " " * n,
    "digits": lambda n: "&#" + "9" * n,
    "script": lambda n: "<script>" + "</scrip" * n,
    "scripts": lambda n: "<script></script>" * n,
    "dashes": lambda n: "<!--" + "--" * n,
    "comments": lambda n: "<!---->" * n,
    "nested": lambda n: "<b>" * n + "</a>" * n,
}


@pytest.mark.parametrize("name", _HOSTILE)
def test_the_time_is_linear(name: str) -> None:
    """A quadratic reader takes minutes for each of these; ten seconds of processor time are far too many."""
    html = _HOSTILE[name](60_000)
    began = process_time()
    for token in tokens(html):
        if token.kind == "open":
            token.attributes()
    assert process_time() - began < 10, re.sub(r"(.{9}).*", r"\1", html)
