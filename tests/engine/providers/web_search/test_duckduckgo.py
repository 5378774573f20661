"""DuckDuckGo's page, from a server on this machine."""

from __future__ import annotations

import pytest

from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.web_search.base import FoundPage
from registry_tool.engine.providers.web_search.duckduckgo import read_results
from tests.engine.loopback import Answer, loopback
from tests.engine.providers.web_search.searching import found

RESULTS = """<html><body>
<div class="result result--ad"><a class="result__a" href="https://duckduckgo.com/y.js?ad_domain=x">Ad</a></div>
<div class="result"><h2><a rel="nofollow" class="result__a"
 href="//duckduckgo.com/l/?uddg=https%3A%2F%2Fcats.example%2F%3Fa%3D1&amp;rut=9">All &amp; <b>cats</b></a></h2>
<a class="result__snippet" href="#">About
   <b>cats</b>.</a></div>
<div class="result"><a class="result__a" href="https://plain.example/">Plain</a></div>
<div class="result"><a class="result__a" href="javascript:alert(1)">Bad</a></div></body></html>"""


def test_duckduckgo_s_page_is_read_without_advertisements() -> None:
    assert read_results(RESULTS) == [
        FoundPage("All & cats", "https://cats.example/?a=1", "About cats."),
        FoundPage("Plain", "https://plain.example/", ""),
    ]
    with loopback(lambda _: Answer(RESULTS)) as fetcher:
        assert [page.title for page in found(fetcher, "duckduckgo", count=1)] == ["All & cats"]
    assert fetcher.asked[0].query == {"q": "cats"}


def test_duckduckgo_s_puzzle_is_no_empty_answer_but_no_results_are() -> None:
    with (
        loopback(lambda _: Answer("<form id=challenge-form>")) as fetcher,
        pytest.raises(ProviderError, match="robot"),
    ):
        found(fetcher, "duckduckgo")
    with loopback(lambda _: Answer('<div class="no-results">')) as fetcher:
        assert found(fetcher, "duckduckgo") == ()
    with pytest.raises(ProviderError, match="no search for news"):
        found(fetcher, "duckduckgo", options={"ddg_search_type": "news"})
