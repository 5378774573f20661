"""Search services over a server on this machine: what they ask, what they make of answers, what they lack."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from registry_tool.core.values import Frozen
from registry_tool.engine.providers.all_services import rerankers, web_searches
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.web_search.base import Page
from registry_tool.engine.providers.web_search.duckduckgo import read_results
from registry_tool.engine.providers.web_search.service_client import MissingSecretError
from registry_tool.manifest.services import SERVICES
from tests.engine.loopback import Answer, Asked, Loopback, loopback

SECRETS = {
    "GCP_API_KEY": "key/1",
    "CSE_ID": "engine-1",
    "PERPLEXITY_API_KEY": "p-1",
    "ELASTICSEARCH_URL": "https://search.example.com/",
    "ELASTICSEARCH_API_KEY": "e-1",
    "COHERE_API_KEY": "c-1",
}


def found(
    fetcher: Loopback | None,
    name: str,
    query: str = "cats",
    count: int = 3,
    options: Frozen | None = None,
    **more: str,
) -> tuple[Page, ...]:
    search = web_searches(fetcher, {**SECRETS, **more})[name]
    return asyncio.run(search.search(query, count, options or {}))


def google_items(asked: Asked) -> Answer:
    start, count = int(asked.query["start"]), int(asked.query["num"])
    items = [
        {"title": f"T{n}", "link": f"https://x.example/{n}", "snippet": "…"}
        for n in range(start, start + count)
        if n <= 13
    ]
    return Answer({"items": items})


def test_google_is_asked_in_tens_and_only_as_long_as_there_is_more() -> None:
    with loopback(google_items) as fetcher:
        pages = found(fetcher, "google", count=25, options={"google_region": "UK"})
    assert len(pages) == 13
    assert pages[0] == Page("T1", "https://x.example/1", "…")
    asked = [(a.host, a.path, a.query["start"], a.query["num"]) for a in fetcher.asked]
    assert asked == [
        ("www.googleapis.com", "/customsearch/v1", "1", "10"),
        ("www.googleapis.com", "/customsearch/v1", "11", "10"),
    ]
    first = fetcher.asked[0].query
    assert (first["key"], first["cx"], first["q"], first["gl"], first["cr"]) == (
        ("key/1", "engine-1", "cats", "gb", "countryGB")
    )


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
        Page("All & cats", "https://cats.example/?a=1", "About cats."),
        Page("Plain", "https://plain.example/", ""),
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


@pytest.mark.parametrize(
    ("model", "asked", "base"),
    [
        (None, "sonar", ""),
        ("perplexity/sonar-pro", "sonar-pro", ""),
        ("llama-3.1-sonar-large-128k-online", "sonar-pro", ""),
        ("llama-3.1-sonar-small-128k-online", "sonar", ""),
        ({"sonar-reasoning-pro": {}}, "sonar-reasoning-pro", ""),
        ("openai/gpt-4o-mini", "sonar", ""),
        ("sonar", "perplexity/sonar", "https://router.example/api/v1/"),
    ],
)
def test_perplexity_answers_with_its_sources(model: Any, asked: str, base: str) -> None:
    reply = {
        "choices": [{"message": {"content": "Cats purr [1]."}}],
        "search_results": [{"title": "Cats", "url": "https://cats.example"}],
    }
    with loopback(lambda _: Answer(reply)) as fetcher:
        pages = found(fetcher, "perplexity", options={"model": model}, PERPLEXITY_BASE_URL=base)
    assert pages == (
        Page(
            "Cats",
            "https://cats.example",
            "Cats purr [1].",
            {"citations": ["https://cats.example"]},
        ),
    )
    request = fetcher.asked[0]
    assert request.json["model"] == asked
    assert request.json["messages"] == [{"role": "user", "content": "cats"}]
    assert request.headers["authorization"] == "Bearer p-1"
    assert request.host == ("router.example" if base else "api.perplexity.ai")


def test_perplexity_is_not_asked_nothing_and_must_say_something() -> None:
    with pytest.raises(ProviderError, match="empty"):
        found(None, "perplexity", query=" ")
    with (
        loopback(lambda _: Answer({"choices": []})) as fetcher,
        pytest.raises(ProviderError, match="no answer") as error,
    ):
        found(fetcher, "perplexity")
    assert error.value.transient


def test_elasticsearch_gives_hits_as_they_are() -> None:
    hit = {"_id": "1", "_score": 2.5, "_source": {"content": "cats"}}
    with loopback(lambda _: Answer({"hits": {"hits": [hit]}})) as fetcher:
        pages = found(fetcher, "elasticsearch", options={"index": "pets"})
    assert [page.fields for page in pages] == [hit]
    request = fetcher.asked[0]
    assert (request.host, request.path) == ("search.example.com", "/pets/_search")
    assert request.json == {"size": 3, "query": {"match": {"content": "cats"}}}


@pytest.mark.parametrize("index", ["", "..", ".", "../_all", "a/b", "a,..", "_all", "a?x=y"])
def test_elasticsearch_asks_indexes_and_nothing_else(index: str) -> None:
    with (
        loopback(lambda _: Answer({})) as fetcher,
        pytest.raises(ProviderError, match="name of an index"),
    ):
        found(fetcher, "elasticsearch", options={"index": index})
    assert fetcher.asked == []


def test_cohere_ranks_by_position() -> None:
    reply = {"results": [{"index": 1, "relevance_score": 0.9}, {"index": 0, "relevance_score": 0}]}
    with loopback(lambda _: Answer(reply)) as fetcher:
        cohere = rerankers(fetcher, SECRETS)["cohere"]
        assert asyncio.run(cohere.rank("q", ["a", "b"], 2, "")) == ((1, 0.9), (0, 0.0))
        with pytest.raises(ProviderError, match="no ranking of these"):
            asyncio.run(cohere.rank("q", ["a"], 2, "m"))
    assert fetcher.asked[0].json == {
        "model": "rerank-v3.5",
        "query": "q",
        "documents": ["a", "b"],
        "top_n": 2,
    }


@pytest.mark.parametrize("name", [name for name, s in SERVICES.items() if s.secrets])
def test_missing_secrets_are_all_named_before_anyone_is_asked(name: str) -> None:
    service = SERVICES[name]
    with pytest.raises(MissingSecretError) as error:
        if name == "cohere":
            asyncio.run(rerankers(None, {})[name].rank("q", ["a"], 1, ""))
        else:
            web_searches(None, {})[name].check()
            asyncio.run(web_searches(None, {})[name].search("q", 1, {"index": "i"}))
    assert error.value.secrets == service.secrets
    for secret in service.secrets:
        assert secret in error.value.reason
        assert secret in error.value.hint
    assert service.title in error.value.reason


def test_without_a_fetcher_nobody_is_asked() -> None:
    with pytest.raises(ProviderError, match="no way to other hosts"):
        found(None, "google")


@pytest.mark.parametrize(
    ("status", "transient", "hint"),
    [(429, True, ""), (503, True, ""), (403, False, "GCP_API_KEY and CSE_ID"), (404, False, "")],
)
def test_statuses_become_errors(status: int, transient: bool, hint: str) -> None:
    said = Answer({"error": "x"}, status, {"retry-after": "7"})
    with loopback(lambda _: said) as fetcher, pytest.raises(ProviderError, match=str(status)) as e:
        found(fetcher, "google")
    assert e.value.transient is transient
    assert e.value.retry_after == 7
    assert hint in e.value.hint


def test_answers_that_are_no_json_may_pass() -> None:
    with loopback(lambda _: Answer("<html>")) as fetcher, pytest.raises(ProviderError) as error:
        found(fetcher, "google")
    assert error.value.transient


def test_a_secret_in_an_address_never_stands_in_an_error() -> None:
    with (
        loopback(google_items, frozenset({"www.googleapis.com"})) as fetcher,
        pytest.raises(ProviderError) as error,
    ):
        found(fetcher, "google")
    assert fetcher.asked == []
    assert "key%2F1" not in str(error.value)
    assert "engine-1" not in str(error.value)
    assert "[GCP_API_KEY]" in str(error.value)
