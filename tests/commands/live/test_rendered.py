"""What is kept of documents."""

from __future__ import annotations

import gzip

from registry_tool.commands.live.rendered import (
    LARGEST,
    LONGEST_KEY,
    RenderedDocument,
    RenderedDocuments,
)


def text(size: int) -> RenderedDocument:
    return RenderedDocument(b"a" * size, "application/zip")


def test_those_not_asked_for_longest_go_first() -> None:
    kept = RenderedDocuments(most=10_000)
    for name in ("a", "b", "c"):
        kept.keep((name,), text(2_000))
        kept.get(("a",))
    assert [kept.get((name,)) is not None for name in ("a", "b", "c")] == [True, False, True]
    kept.keep(("a",), text(7_000))
    assert kept.get(("c",)) is None
    kept.keep(("a",), text(10))
    kept.keep(("d",), text(5_500))
    assert kept.get(("a",)) is not None


def test_what_is_too_large_is_not_kept() -> None:
    kept = RenderedDocuments()
    kept.keep(("a",), text(LARGEST + 1))
    assert kept.get(("a",)) is None


def test_a_large_text_is_compressed_once_and_the_same_each_time() -> None:
    large = RenderedDocument(b"text " * 1000, "application/json")
    assert gzip.decompress(large.compressed) == large.content
    assert large.compressed == RenderedDocument(large.content, "application/json").compressed
    assert RenderedDocument(b"{}", "application/json").compressed == b""
    assert large.headers["ETag"].startswith('W/"')


def test_many_addresses_with_small_answers_take_no_more_room_than_large_ones() -> None:
    kept = RenderedDocuments(most=100_000)
    keys = [("path", f"page={number}") for number in range(200)]
    for key in keys:
        kept.keep(key, text(1))
    assert sum(kept.get(key) is not None for key in keys) <= 50
    long = ("path", "q" * LONGEST_KEY)
    kept.keep(long, text(1))
    assert kept.get(long) is None
