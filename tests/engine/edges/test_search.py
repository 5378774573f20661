"""`search` edges: what each kind asks, finds and refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object, Value
from registry_tool.engine import events
from registry_tool.engine.edges.base import EdgeError, Services
from registry_tool.engine.edges.ranking.bm25 import bm25, words
from registry_tool.engine.edges.text.readability import readable
from registry_tool.engine.events import Event
from registry_tool.engine.providers.all_services import web_searches
from registry_tool.engine.providers.outbound import OutboundServices
from registry_tool.engine.providers.web_search.base import Page
from tests.engine.edges.test_classic import call
from tests.engine.loopback import Answer, loopback
from tests.engine.small import ToldModel, go, workflow

CATS = Page("Cats", "https://cats.example/1", "All about cats.")
DOGS = Page("Dogs", "https://dogs.example/2", "All about dogs.")


class ToldSearch:
    """Finds the pages that it was told; remembers what it was asked."""

    def __init__(self, name: str, *pages: Page, error: RegistryError | None = None) -> None:
        self.name, self._pages, self._error = name, pages, error
        self.asked: list[tuple[str, int, Object]] = []

    def check(self) -> None:
        """Raise what it was told to."""
        if self._error:
            raise self._error

    async def search(self, query: str, count: int, options: Any) -> tuple[Page, ...]:
        """The first `count` pages."""
        self.check()
        self.asked.append((query, count, dict(options)))
        return self._pages[:count]


def services(*searches: ToldSearch, fetcher: Any = None, **more: Any) -> Services:
    outbound = OutboundServices(fetcher, {search.name: search for search in searches})
    return Services(outbound=outbound, **more)


def test_google_finds_titles_links_and_contents() -> None:
    google = ToldSearch("google", CATS, DOGS)
    config: Object = {
        "search_type": "web",
        "top_k": 5,
        "query_id": {"q": "Q"},
        "extra_configs": {"sub_search_type": "google_v2", "top_k": 1},
    }
    assert call("search", config, services(google), other="no", q="cats?") == [
        {"title": "Cats", "link": "https://cats.example/1", "content": "All about cats."}
    ]
    assert google.asked[0][:2] == ("cats?", 1)


def test_duckduckgo_keeps_its_own_names() -> None:
    found = call(
        "search", {"sub_search_type": "ddg"}, services(ToldSearch("duckduckgo", CATS)), q="x"
    )
    assert found == [{"title": "Cats", "href": "https://cats.example/1", "body": "All about cats."}]


def test_perplexity_s_answer_is_a_list_of_one_text() -> None:
    perplexity = ToldSearch("perplexity", CATS)
    config: Object = {"search_type": "qa", "extra_configs": {"model": "sonar"}}
    assert call("search", config, services(perplexity), q="cats?") == ["All about cats."]
    assert perplexity.asked[0][2]["model"] == "sonar"


def test_elastic_gives_the_hits() -> None:
    hit: Object = {"_id": "1", "_score": 1.5}
    elastic = ToldSearch("elasticsearch", Page("1", "", "", hit))
    assert call("search", {"search_type": "elastic", "index": "i"}, services(elastic), q="x") == [
        hit
    ]


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({"search_type": "telepathy"}, "config.search_type: must be one of web, qa"),
        ({"sub_search_type": "altavista"}, "config.sub_search_type: must be one of google"),
        (
            {"search_type": "qa", "sub_search_type": "ddg"},
            "config.sub_search_type: must be one of perplexity",
        ),
        ({"top_k": 0}, "config.top_k: must be at least 1"),
        ({"query_id": {"ghost": "ghost"}}, "the query 'ghost' is no source"),
        ({}, "can't ask Google Custom Search"),
        ({"search_type": "vector"}, "no embedder"),
        ({"search_type": "keyword", "doc_ids": ["ghost"]}, "'ghost' is no source"),
    ],
)
def test_what_makes_no_sense_is_refused(config: Object, reason: str) -> None:
    with pytest.raises(EdgeError, match=reason):
        call("search", config, Services(), q="x")


def test_missing_secrets_end_the_run_and_are_named() -> None:
    flow = workflow(SEARCHES)
    result = go(
        flow,
        {"query": "cats"},
        services=Services(outbound=OutboundServices(web_search=web_searches(None, {}))),
    )
    assert result.status == "error"
    assert "Google Custom Search needs the secrets GCP_API_KEY and CSE_ID" in result.error
    assert "set the environment variables" in result.error


SEARCHES = """
  blocks: [{ id: query, type: structured, looped: false }, { id: found, type: structured }]
  edges: [{ id: find, source: query, target: found, type: search, config: { search_type: web } }]
  interface:
    inputs: [{ name: query, type: any, required: true }]
    outputs: [{ name: found, type: any }]
"""


def test_a_looped_query_searches_for_every_item_and_tells_of_each() -> None:
    told: list[Event] = []
    flow = workflow(SEARCHES.replace("looped: false", "looped: true"))
    google = ToldSearch("google", CATS)
    result = go(flow, {"query": ["a", "b"]}, services=services(google), listeners=(told.append,))
    link: Value = {"title": "Cats", "link": CATS.url, "content": CATS.text}
    assert result.outputs["found"] == [[link], [link]]
    calls = [event.metadata for event in told if event.name == events.SERVICE_CALLED]
    assert calls == [{"edge": "find", "service": "google", "results": 1}] * 2


def test_a_looped_block_without_a_list_is_searched_once() -> None:
    flow = workflow(SEARCHES.replace("looped: false", "looped: true"))
    result = go(flow, {"query": "a"}, services=services(ToldSearch("google", CATS)))
    link: Value = {"title": "Cats", "link": CATS.url, "content": CATS.text}
    assert result.outputs["found"] == [link]


PAGE = "<head><title>x</title></head><nav>Menu</nav><main><p>Cats <b>purr</b>.</p></main>"


def read(strict: bool = False) -> Value:
    google = ToldSearch("google", CATS, DOGS)
    config: Object = {"read_pages": True, "filter_unreachable_pages": strict}
    with loopback(lambda _: Answer(PAGE), frozenset({"dogs.example"})) as fetcher:
        return call("search", config, services(google, fetcher=fetcher), q="pets")


def test_found_pages_are_read_where_their_hosts_may_be_fetched() -> None:
    found: Any = read()
    assert [item["content"] for item in found] == ["Cats purr.", "All about dogs."]
    strict: Any = read(strict=True)
    assert [item["title"] for item in strict] == ["Cats"]


def test_pages_become_text_without_menus_and_scripts() -> None:
    assert readable(PAGE) == "Cats purr."
    assert readable("<p>a<br>b</p><script>x</script><ul><li>c</ul><footer>d</footer>") == "a\nb\nc"
    assert readable("plain &amp; simple") == "plain & simple"


def test_keywords_rank_the_other_sources() -> None:
    documents = ["the dog sleeps", "cats and a cat", "a cat"]
    found: Any = call("search", {"search_type": "keyword", "top_k": 2}, q="cat", d=documents)
    assert [item["doc_index"] for item in found] == [2, 1]
    assert found[0] == {"doc_index": 2, "score": 1.0, "document": "a cat"}
    bounded = call(
        "search",
        {"search_type": "keyword", "threshold": 0.99, "doc_ids": ["D", "e"], "query": "{{q}}"},
        q="cat",
        d=documents,
        e="cat cat",
    )
    assert bounded == [{"doc_index": 3, "score": 1.0, "document": "cat cat"}]


def test_bm25_knows_rare_words_length_and_other_scripts() -> None:
    scores = bm25("rare word", ["word", "rare word", "word of many other words", "none"])
    assert scores[1] == 1
    assert scores[3] == 0
    assert 0 < scores[2] < scores[0] < 1
    assert bm25("x", ["a", "b"]) == [1, 1]
    assert bm25("x", []) == []
    assert words("Zürich 北京 x1") == ["zürich", "北", "京", "x1"]


def judging(*scores: float) -> Callable[[str], str]:
    return lambda _: f'{{"relevance": {list(scores)}}}'


def test_a_model_judges_the_other_sources() -> None:
    model = ToldModel(judging(0.2, 0.9))
    config: Object = {"search_type": "llm", "threshold": 0.5}
    assert call("search", config, Services(model=model), q="x", d=["a", "b"]) == [["b", 0.9]]
    assert "1. a\n2. b" in model.asked[0]
    short = ToldModel(judging(1))
    with pytest.raises(EdgeError, match="no usable answer"):
        call("search", config, Services(model=short), q="x", d=["a", "b"])
    assert call("search", config, Services(model=short), q="x", d=[]) == []
