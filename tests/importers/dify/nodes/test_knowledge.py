"""Retrieval of knowledge: over the documents of a file that waits to be filled."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from registry_tool.core.values import Object
from registry_tool.engine.edges.base import Services
from registry_tool.importers.imported import Imported
from registry_tool.manifest.load import workflow_from
from tests.engine.small import ScriptedModel, go
from tests.importers.dify.exports import MODEL, HereSandbox, form, given, imported


class Subjects:
    """An embedder: whether a text is about cats, about dogs."""

    name = "subjects"

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text."""
        return [[float("cats" in one), float("dogs" in one), 0.1] for one in texts]


NODE: Object = {
    "type": "knowledge-retrieval",
    "query_variable_selector": ["s", "q"],
    "dataset_ids": ["d1"],
    "retrieval_mode": "multiple",
    "multiple_retrieval_config": {"top_k": 1, "reranking_enable": False},
}
ASKING: Object = {
    "type": "llm",
    "model": MODEL,
    "context": {"enabled": True, "variable_selector": ["k", "result"]},
    "prompt_template": [{"role": "user", "text": "Of {{#context#}}: {{#s.q#}}"}],
}


def knowing(**more: Any) -> Imported:
    nodes = {
        "s": form("q"),
        "k": {**NODE, **more},
        "m": ASKING,
        "e": given("x=m.text", "k=k.result"),
    }
    return imported(nodes, "s > k, k > m, m > e")


def config(what: Imported) -> Any:
    edges: Any = what.manifest["spec"]
    (edge,) = (one for one in edges["edges"] if one["type"] == "retrieve")
    return edge["config"]


def ran(what: Imported, folder: Path, documents: Any, inputs: Object) -> Any:
    """A run whose file was filled."""
    assert what.files["resources/knowledge.json"] == b"[]\n"
    (folder / "knowledge.json").write_text(json.dumps(documents))
    services = Services(
        model=ScriptedModel(),
        sandbox=HereSandbox(),
        embedder=Subjects(),
        resources=folder,
    )
    return go(workflow_from(what.manifest, "m.yaml"), inputs, services=services)


def test_the_nearest_documents_are_the_context(tmp_path: Path) -> None:
    documents = [{"title": "A", "content": "cats purr"}, {"content": "dogs bark"}]
    result = ran(knowing(), tmp_path, documents, {"q": "why do dogs bark"})
    assert not result.error
    assert dict(result.outputs) == {
        "x": "OF DOGS BARK: WHY DO DOGS BARK",
        "k": [{"content": "dogs bark"}],
    }


def test_a_file_that_nobody_filled_ends_the_run(tmp_path: Path) -> None:
    result = ran(knowing(), tmp_path, [], {"q": "why"})
    assert "documents" in result.error
    report = {node.id: node for node in knowing().nodes}["k"]
    assert report.status.value == "needs"
    assert "resources/knowledge.json" in report.why


def test_each_choice_of_data_sets_has_its_file() -> None:
    nodes = {
        "s": form("q"),
        **{name: {**NODE, "dataset_ids": ids} for name, ids in
           (("a", ["d1"]), ("b", ["d2"]), ("c", ["d1"]))},
    }  # fmt: skip
    what = imported(nodes, "s > a, a > b, b > c")
    assert set(what.files) == {"resources/knowledge.json", "resources/knowledge-2.json"}
    whys = [node.why for node in what.nodes if node.type == "knowledge-retrieval"]
    assert ["knowledge-2.json" in why for why in whys] == [False, True, False]


def test_items_of_an_iteration_are_looked_up_each(tmp_path: Path) -> None:
    nodes: Any = {
        "s": {"type": "start", "variables": [{"variable": "qs", "type": "json_object"}]},
        "i": {
            "type": "iteration",
            "iterator_selector": ["s", "qs"],
            "output_selector": ["k", "result"],
        },
        "k": {**NODE, "query_variable_selector": ["i", "item"], "inside": "i"},
        "e": given("x=i.output"),
    }
    what = imported(nodes, "s > i, i > e")
    documents = [{"content": "cats purr"}, {"content": "dogs bark"}]
    spec: Any = what.manifest["spec"]
    spec["interface"]["inputs"][0]["type"] = "array"
    result = ran(what, tmp_path, documents, {"qs": ["cats", "dogs"]})
    assert dict(result.outputs) == {"x": documents}
    assert {node.id: node.status.value for node in what.nodes}["k"] == "needs"


@pytest.mark.parametrize(
    ("more", "reported"),
    [
        ({}, "positions and scores"),
        ({"dataset_ids": ["a", "b"]}, "which of its 2 data sets"),
        ({"retrieval_mode": "single"}, "choice of one data set"),
        ({"metadata_filtering_mode": "manual"}, "filter on metadata"),
        ({"query_attachment_selector": ["sys", "files"]}, "pictures as its query"),
        (
            {"multiple_retrieval_config": {"reranking_enable": True,
             "reranking_model": {"model": "bge"}}},
            "ranking again by the model bge",
        ),
        (
            {"multiple_retrieval_config": {"reranking_mode": "weighted_score",
             "weights": {"keyword_setting": {"keyword_weight": 0.3}}}},
            "words with weight 0.3 beside meaning",
        ),
        ({"multiple_retrieval_config": {"score_threshold": 0.5}}, "the threshold 0.5"),
    ],
)  # fmt: skip
def test_a_setting_that_has_no_equal_is_reported(more: Any, reported: str) -> None:
    what = knowing(**more)
    assert any(reported in str(loss) for loss in what.not_carried)


def test_settings_that_have_one_come_along() -> None:
    weights = {"vector_setting": {"embedding_model_name": "bge-m3", "vector_weight": 0.7}}
    several = {"top_k": 6, "score_threshold": 0.4, "weights": weights}
    found = config(knowing(multiple_retrieval_config=several))
    assert found == {
        "query": "{{q}}",
        "doc_ids": ["knowledge"],
        "top_k": 6,
        "threshold": 0.4,
        "model": "bge-m3",
    }
    assert config(knowing(multiple_retrieval_config={"top_k": "x"}))["top_k"] == 4


def test_the_start_of_first_versions_gives_what_the_user_says() -> None:
    what = knowing(query_variable_selector=["s", "sys.query"])
    assert config(what)["query"] == "{{query}}"
