"""Google over a server on this machine."""

from __future__ import annotations

from registry_tool.engine.providers.web_search.base import FoundPage
from tests.engine.loopback import loopback
from tests.engine.providers.web_search.searching import found, google_items


def test_google_is_asked_in_tens_and_only_as_long_as_there_is_more() -> None:
    with loopback(google_items) as fetcher:
        pages = found(fetcher, "google", count=25, options={"google_region": "UK"})
    assert len(pages) == 13
    assert pages[0] == FoundPage("T1", "https://x.example/1", "…")
    asked = [(a.host, a.path, a.query["start"], a.query["num"]) for a in fetcher.asked]
    assert asked == [
        ("www.googleapis.com", "/customsearch/v1", "1", "10"),
        ("www.googleapis.com", "/customsearch/v1", "11", "10"),
    ]
    first = fetcher.asked[0].query
    assert (first["key"], first["cx"], first["q"], first["gl"], first["cr"]) == (
        ("key/1", "engine-1", "cats", "gb", "countryGB")
    )
