"""`search` edges: what each kind asks, finds and refuses."""

from __future__ import annotations

import pytest

from registry_tool.core.values import Object, Value
from registry_tool.engine import events
from registry_tool.engine.edges.base import EdgeError, Services
from registry_tool.engine.events import Event
from registry_tool.engine.providers.all_services import web_searches
from registry_tool.engine.providers.outbound import OutboundServices
from registry_tool.engine.providers.web_search.base import FoundPage
from tests.engine.edges.called import call
from tests.engine.edges.searching import CATS, DOGS, ScriptedSearch, services
from tests.engine.small import go, workflow


def test_google_finds_titles_links_and_contents() -> None:
    google = ScriptedSearch("google", CATS, DOGS)
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
        "search", {"sub_search_type": "ddg"}, services(ScriptedSearch("duckduckgo", CATS)), q="x"
    )
    assert found == [{"title": "Cats", "href": "https://cats.example/1", "body": "All about cats."}]


def test_perplexity_s_answer_is_a_list_of_one_text() -> None:
    perplexity = ScriptedSearch("perplexity", CATS)
    config: Object = {"search_type": "qa", "extra_configs": {"model": "sonar"}}
    assert call("search", config, services(perplexity), q="cats?") == ["All about cats."]
    assert perplexity.asked[0][2]["model"] == "sonar"


def test_elastic_gives_the_hits() -> None:
    hit: Object = {"_id": "1", "_score": 1.5}
    elastic = ScriptedSearch("elasticsearch", FoundPage("1", "", "", hit))
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
        ({"query_id": {"ghost": "ghost"}}, "the query 'ghost' is not a source"),
        ({}, "can't ask Google Custom Search"),
        ({"search_type": "vector"}, "no embedder"),
        ({"search_type": "keyword", "doc_ids": ["ghost"]}, "'ghost' is not a source"),
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
    heard: list[Event] = []
    flow = workflow(SEARCHES.replace("looped: false", "looped: true"))
    google = ScriptedSearch("google", CATS)
    result = go(flow, {"query": ["a", "b"]}, services=services(google), listeners=(heard.append,))
    link: Value = {"title": "Cats", "link": CATS.url, "content": CATS.text}
    assert result.outputs["found"] == [[link], [link]]
    calls = [event.metadata for event in heard if event.name == events.SERVICE_CALLED]
    assert calls == [{"edge": "find", "service": "google", "results": 1}] * 2


def test_a_looped_block_without_a_list_is_searched_once() -> None:
    flow = workflow(SEARCHES.replace("looped: false", "looped: true"))
    result = go(flow, {"query": "a"}, services=services(ScriptedSearch("google", CATS)))
    link: Value = {"title": "Cats", "link": CATS.url, "content": CATS.text}
    assert result.outputs["found"] == [link]
