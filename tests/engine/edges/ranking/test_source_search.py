"""What the sources hold, found by words or by a judging model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from registry_tool.core.values import Object
from registry_tool.engine.edges.base import EdgeError, Services
from tests.engine.edges.called import call
from tests.engine.small import ScriptedModel


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


def judging(*scores: float) -> Callable[[str], str]:
    return lambda _: f'{{"relevance": {list(scores)}}}'


def test_a_model_judges_the_other_sources() -> None:
    model = ScriptedModel(judging(0.2, 0.9))
    config: Object = {"search_type": "llm", "threshold": 0.5}
    assert call("search", config, Services(model=model), q="x", d=["a", "b"]) == [["b", 0.9]]
    assert "1. a\n2. b" in model.asked[0]
    short = ScriptedModel(judging(1))
    with pytest.raises(EdgeError, match="no usable answer"):
        call("search", config, Services(model=short), q="x", d=["a", "b"])
    assert call("search", config, Services(model=short), q="x", d=[]) == []
