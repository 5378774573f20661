"""Tools whose like we have, and those that stay declared."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.dify.exports import form, given, imported, statuses


def using(provider: str, name: str, **parameters: Any) -> Any:
    node: Any = {
        "type": "tool",
        "provider_id": provider,
        "tool_name": name,
        "tool_parameters": {
            key: {"type": "mixed", "value": value} for key, value in parameters.items()
        },
    }
    return imported({"s": form("q"), "t": node, "e": given("x=t.text")}, "s > t, t > e")


def edge_of(what: Any) -> Any:
    return next(edge for edge in what.manifest["spec"]["edges"] if edge["id"] == "t")


@pytest.mark.parametrize(
    ("provider", "name", "parameter", "status", "type_"),
    [
        ("duckduckgo", "ddgo_search", "query", "runs", "search"),
        ("langgenius/duckduckgo/duckduckgo", "ddgo_search", "query", "runs", "search"),
        ("google", "google_search", "query", "needs", "search"),
        ("perplexity", "perplexity", "query", "needs", "search"),
        ("tavily", "tavily_search", "query", "needs", "http"),
        ("jina", "jina_reader", "url", "runs", "http"),
        ("wikipedia", "wikipedia_search", "query", "runs", "http"),
        ("amap", "weather", "query", "carried", "external"),
        ("webscraper", "webscraper", "url", "carried", "external"),
    ],
)
def test_what_becomes_of_a_tool(
    provider: str, name: str, parameter: str, status: str, type_: str
) -> None:
    what = using(provider, name, **{parameter: "{{#s.q#}}"})
    assert (statuses(what)["t"], edge_of(what)["type"]) == (status, type_)


def test_a_page_whose_host_is_written_out_is_asked_for() -> None:
    what = using("webscraper", "webscraper", url="https://a.example/{{#s.q#}}")
    assert edge_of(what)["config"] == {"url": "https://a.example/{{q}}", "response": "text"}
    apis = what.manifest["spec"]["runtime"]["dependencies"]["external_apis"]
    assert apis == [{"name": "a.example", "hosts": ["a.example"]}]


def test_a_language_is_part_of_the_host() -> None:
    what = using("wikipedia", "wikipedia_search", query="x", language="German")
    assert edge_of(what)["config"]["url"].startswith("https://de.wikipedia.org/")
    assert (
        statuses(using("wikipedia", "wikipedia_search", query="x", language="{{#s.q#}}"))["t"]
        == "carried"
    )


def test_without_its_parameter_it_is_declared() -> None:
    assert statuses(using("jina", "jina_reader"))["t"] == "carried"
