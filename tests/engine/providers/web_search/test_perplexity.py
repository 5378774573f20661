"""Perplexity over a server on this machine."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.web_search.base import FoundPage
from tests.engine.loopback import Answer, loopback
from tests.engine.providers.web_search.searching import found


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
        FoundPage(
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
