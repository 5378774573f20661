"""Keys stay behind, and what has no effect is said."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.core.values import Object
from registry_tool.importers.imported import Loss
from registry_tool.importers.puppyflow.fields import (
    brought_back,
    report_fields,
    set_aside,
    without_keys,
)
from registry_tool.importers.puppyflow.read import read
from registry_tool.manifest.edge_config import config_problems


def test_keys_of_services_never_reach_a_manifest() -> None:
    losses: list[Loss] = []
    config: Object = {"api_key": "k-1", "a": [{"apiKey": "k-2", "b": 1}], "openai_api_key": ""}
    assert without_keys(config, "edges.e", losses) == {"a": [{"b": 1}]}
    assert [loss.what for loss in losses] == ["api_key", "apiKey"]
    assert "k-1" not in " ".join(map(str, losses))


@pytest.mark.parametrize(
    ("type_", "config", "said"),
    [
        ("llm", {"sys_prompt": "Be kind", "hoster": "openrouter", "n": 1}, ["sys_prompt"]),
        ("llm", {"n": 3, "hoster": "huggingface", "sys_prompt": ""}, ["n", "hoster"]),
        ("chunk", {"extra_configs": {"model_name": "bert"}}, ["model_name"]),
        ("search", {"search_type": "qa"}, []),
        (
            "search",
            {"extra_configs": {"min_content_length": 9}},
            ["min_content_length", "the text of"],
        ),
        ("modify", {"hoster": "x"}, []),
    ],
)
def test_what_has_no_effect_is_reported(type_: str, config: Object, said: list[str]) -> None:
    losses: list[Loss] = []
    report_fields(config, type_, "edges.e", losses)
    assert len(losses) == len(said)
    assert all(loss.what.startswith(word) for loss, word in zip(losses, said, strict=True))


def test_what_nothing_reads_is_kept_as_an_own_key_and_reported() -> None:
    losses: list[Loss] = []
    config: Object = {
        "chunking_mode": "length",
        "colour": "red",
        "sub_chunking_mode": None,
        "extra_configs": {"overlap": 3, "shade": ""},
    }
    ours = set_aside(config, "chunk", "edges.e", losses)
    assert ours == {
        "chunking_mode": "length",
        "x-colour": "red",
        "extra_configs": {"overlap": 3, "x-shade": ""},
    }
    assert list(config_problems("chunk", ours)) == []
    assert [(loss.what, loss.where) for loss in losses] == [("colour", "edges.e")]
    del config["sub_chunking_mode"]
    assert brought_back(ours, "chunk") == config
    assert brought_back({"x-overlap": 1, "overlap": 2}, "chunk") == {"x-overlap": 1, "overlap": 2}


def test_collections_of_the_editor_s_database_are_reported() -> None:
    source = {"index_item": {"collection_configs": {"collection_name": "faq"}}}
    data: Any = {
        "inputs": {"a": "a"},
        "outputs": {"b": "b"},
        "extra_configs": {"vector_config": {"data_source": [source, {"id": "a"}]}},
    }
    block = {"type": "text", "data": {"content": ""}}
    imported = read(
        {
            "blocks": {"a": block, "b": block},
            "edges": {"e": {"type": "deep_research", "data": data}},
        },
        name="x",
    )
    assert [loss.what for loss in imported.not_carried] == ["the collection faq"]
