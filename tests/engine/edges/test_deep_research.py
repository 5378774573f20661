"""`deep_research` edges: rounds of searches, a report, and what is missing before anyone is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import EdgeError, Services
from registry_tool.engine.providers.models.base import ContextError
from registry_tool.engine.providers.web_search.base import FoundPage
from tests.engine.edges.called import call
from tests.engine.edges.researching import WEB, research, scripted
from tests.engine.edges.searching import CATS, ScriptedSearch, services
from tests.engine.small import ScriptedModel

ANSWER = FoundPage("", "", "They purr with the larynx.", {"citations": ["https://v.example"]})


def test_it_searches_until_it_knows_enough_and_reports_with_sources() -> None:
    google, perplexity = ScriptedSearch("google", CATS), ScriptedSearch("perplexity", ANSWER)
    model = scripted([("google", "cats")], [("perplexity", "purr?")], [])
    config: Object = {**WEB, "perplexity_search_configs": {"model": "sonar"}, "max_rounds": 5}
    report = research(config, services(google, perplexity, model=model))
    assert report.startswith("Report.\nQuestion: why do cats purr")
    assert "[google: cats] https://cats.example/1\nAll about cats." in report
    assert "[perplexity: purr?] https://v.example\nThey purr" in report
    assert google.asked == [("cats", 2, config["web_config"])]
    assert perplexity.asked[0][2] == {"model": "sonar"}
    assert "none yet" in model.asked[0]
    assert "All about cats." in model.asked[1]


def test_rounds_are_bounded_and_equal_searches_are_made_once() -> None:
    google = ScriptedSearch("google")
    model = scripted([("google", "a"), ("google", "a")], [("google", "a"), ("google", "b")])
    report = research({**WEB, "max_iterations": 2}, services(google, model=model))
    assert [query for query, *_ in google.asked] == ["a", "b"]
    assert len(model.asked) == 3
    assert "nothing was found" in report
    assert research({**WEB, "max_iterations": 0}, services(google, model=scripted()))
    with pytest.raises(EdgeError, match="max_iterations: must be from 0 to 20"):
        research({**WEB, "max_iterations": 21}, services(google, model=scripted()))


def test_a_model_that_wants_a_tool_that_is_not_there_is_asked_again() -> None:
    model = scripted(*([[("telepathy", "x")]] * 4))
    with pytest.raises(EdgeError, match="no usable answer"):
        research(WEB, services(ScriptedSearch("google"), model=model))


class Words:
    """An embedder to which texts are near that have the word `purr`; keeps what it embedded."""

    name = "words"

    def __init__(self) -> None:
        self.seen: list[str] = []

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.seen += texts
        return [[1.0, 0.0] if "purr" in text else [0.0, 1.0] for text in texts]


def test_the_author_s_documents_are_searched_by_meaning() -> None:
    config: Object = {"vector_config": {"enabled": True, "top_k": 1, "data_source": [{"id": "d"}]}}
    embedder = Words()
    made = Services(model=scripted([("documents", "{{q}} purr")], []), embedder=embedder)
    documents: Value = ["Dogs bark.", "Cats purr at 25 Hz."]
    report = call("deep_research", {"extra_configs": config}, made, q="why", d=documents)
    assert "[documents: {{q}} purr]\nCats purr at 25 Hz." in str(report)
    assert "Dogs bark." not in str(report)
    assert "{{q}} purr" in embedder.seen, "a model's words are not a template"
    with pytest.raises(EdgeError, match="no embedder"):
        call(
            "deep_research",
            config,
            Services(model=scripted([("documents", "x")])),
            q="y",
            d=documents,
        )


def test_documents_that_lie_in_the_editor_s_database_alone_are_not_searched() -> None:
    elsewhere: Value = [{"index_item": {"collection_configs": {"collection_name": "c"}}}]
    config: Object = {**WEB, "vector_config": {"data_source": elsewhere}}
    model = scripted([])
    research(config, services(ScriptedSearch("google"), model=model))
    with pytest.raises(EdgeError, match="query is empty"):
        call("deep_research", WEB, services(ScriptedSearch("google"), model=model), q=" ")


def test_findings_that_the_context_can_t_hold_are_left_out_and_reported() -> None:
    pages = [FoundPage(f"https://x.example/{n}", "", f"{n}" * 3000, {}) for n in range(2)]
    planned = scripted([("google", "cats")], [])

    def small(asked: str) -> str:
        if len(asked) > 3000:
            raise ContextError("small", len(asked), 3000)
        return planned._answer(asked)

    seen: list[tuple[str, Any]] = []
    made = replace(
        services(ScriptedSearch("google", *pages), model=ScriptedModel(small)),
        emit=lambda name, scripted: seen.append((name, scripted)),
    )
    report = research(WEB, made)
    assert "1111" in report
    assert "0000" not in report
    left_out = [scripted["what"] for name, scripted in seen if name == "text_left_out"]
    assert "of a finding the model is shown the first 2,000 characters" in left_out
    assert "the model was shown the newest 1 of 2 findings" in left_out
