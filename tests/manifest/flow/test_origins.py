from __future__ import annotations

from typing import Any

import pytest

from registry_tool.manifest.flow.origins import (
    DataOrigin,
    authority,
    input_origin,
    origins_of,
    secret_of,
)
from tests.manifest.flow.build import CRM, HOOK, edge, text_input, workflow


def brought(type_: str, **config: Any) -> set[tuple[str, bool, bool]]:
    flow = workflow(
        edge("e", type_, "a", "out", **config),
        inputs=(text_input("a"),),
        runtime={
            "dependencies": {
                "external_apis": [{"name": "b", "hosts": ["crm.example.com", "hooks.example.com"]}],
                "workflows": [{"name": "ours", "registry": "company"}, {"name": "theirs"}],
            }
        },
    )
    return {(o.words, o.untrusted, o.private) for o in origins_of(flow, flow.edges[0])}


@pytest.mark.parametrize(
    ("type_", "config", "found"),
    [
        ("llm", {"prompt": "x"}, set()),
        ("code", {"code": "def main(a): return a"}, set()),
        ("retrieve", {"query": "x"}, set()),
        ("retrieve", {"collection": "notes"}, {("the collection notes", True, False)}),
        ("http", {"url": HOOK}, {("the answer of hooks.example.com", True, False)}),
        ("http", CRM, {("the answer of crm.example.com", True, False),
                       ("what CRM_TOKEN opens at crm.example.com", False, True)}),
        ("search", {"search_type": "web"}, {("what Google Custom Search finds", True, False)}),
        ("search", {"search_type": "keyword"}, set()),
        ("search", {"search_type": "elastic"}, {("what Elasticsearch finds", True, False),
                                                ("the documents in Elasticsearch", False, True)}),
        ("rerank", {"reranker_type": "cohere"}, set()),
        ("load", {"path": "faq.md"}, {("the file that e loads", True, False)}),
        ("load", {}, set()),
        ("external", {"service": "Mail"}, {("what Mail gives", True, False)}),
        ("workflow", {"name": "theirs"}, {("the outputs of theirs", True, False)}),
        ("workflow", {"name": "ours"}, {("the outputs of ours", True, False),
                                        ("the private workflow ours", False, True)}),
        ("map", {"edge": {"type": "http", "config": {"url": HOOK}}},
         {("the answer of hooks.example.com", True, False)}),
    ],
)  # fmt: skip
def test_what_an_edge_brings_in(
    type_: str, config: dict[str, Any], found: set[tuple[str, bool, bool]]
) -> None:
    assert brought(type_, **config) == found


@pytest.mark.parametrize("handling", ["keep", "mask", "strip", "reject"])
def test_a_personal_input_is_private_unless_it_is_hidden_first(handling: str) -> None:
    flow = workflow(inputs=(text_input("a", pii=True),))
    hidden = flow.__class__(
        flow.metadata,
        flow.blocks,
        flow.edges,
        flow.interface,
        security=flow.security.__class__(pii_handling=handling),
    )
    found = input_origin(hidden, hidden.interface.inputs[0])
    assert found.untrusted
    assert found.private is (handling == "keep")


def test_a_secret_is_acted_with_where_something_is_written() -> None:
    def acts(**config: Any) -> DataOrigin | None:
        flow = workflow(edge("e", "http", "a", "out", **{**CRM, **config}))
        return authority(flow, flow.edges[0])

    assert acts() is None
    assert acts(method="POST", auth=None) is None
    found = acts(method="POST")
    assert found is not None
    assert (found.words, found.opened_by) == (
        "the secret CRM_TOKEN",
        ("CRM_TOKEN", "crm.example.com"),
    )


def test_no_secret_where_none_is_named() -> None:
    assert secret_of({"auth": "x"}) == secret_of({}) == ""
