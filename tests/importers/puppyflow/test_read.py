"""What becomes of the parts of an engine-shape document."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.importers.puppyflow.read import read
from tests.importers.puppyflow.documents import edge, losses_of, text


def test_a_circle_is_reported() -> None:
    edges = {"e": edge("llm", ["a"], ["b"]), "f": edge("llm", ["b"], ["a"])}
    assert losses_of({"a": text(), "b": text("")}, edges)[0][0] == "edges"


@pytest.mark.parametrize(
    ("value", "location", "reason"),
    [
        ([], "the document", "must be an object"),
        ({"nodes": []}, "the document", "not a PuppyFlow workflow"),
        ({"blocks": {"a": 1}}, "blocks.a", "must be an object"),
        ({"blocks": {}, "edges": [1]}, "edges", "must be an object"),
        ({"blocks": {}, "edges": {"e": {}}}, "edges.e", "needs a type"),
        (
            {"blocks": {}, "edges": {"e": edge("llm", ["ghost"], [])}},
            "edges.e.data.inputs",
            "'ghost', which does not exist",
        ),
    ],
)
def test_broken_documents_are_refused(value: Any, location: str, reason: str) -> None:
    with pytest.raises(RegistryError, match=reason) as error:
        read(value, name="x")
    assert error.value.location == location


def test_depth_is_refused_without_recursion() -> None:
    value: Any = "x"
    for _ in range(5000):
        value = [value]
    with pytest.raises(RegistryError, match="nested"):
        read({"blocks": {"a": text(value)}, "edges": {}}, name="x")
