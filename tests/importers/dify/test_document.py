"""What an export must be to be read."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.importers.dify.document import read_app, recognises
from registry_tool.importers.imported import ForeignError
from tests.importers.dify.exports import export, form


def test_an_export_is_recognised() -> None:
    assert recognises(export({"s": form("q")}))
    assert not recognises({"blocks": []})
    assert not recognises(["app"])


@pytest.mark.parametrize(
    ("value", "where", "why"),
    [
        ([], "the document", "must be an object"),
        ({"app": {"mode": "chat"}}, "the document", "neither a graph nor"),
        ({"app": {}, "workflow": {}}, "workflow.graph", "must be an object"),
        (
            {"app": {}, "workflow": {"graph": {"nodes": 1}}},
            "workflow.graph.nodes",
            "must be a list",
        ),
        (
            {"app": {}, "workflow": {"graph": {"nodes": [1]}}},
            "workflow.graph.nodes.0",
            "must be an object",
        ),
        (
            {"app": {}, "workflow": {"graph": {"nodes": [{}]}}},
            "workflow.graph.nodes.0.id",
            "must be a text",
        ),
        (
            {"app": {}, "workflow": {"graph": {"nodes": [{"id": "a"}, {"id": "a"}]}}},
            "workflow.graph.nodes.1.id",
            "twice",
        ),
    ],
)
def test_what_is_broken_is_named(value: Any, where: str, why: str) -> None:
    with pytest.raises(ForeignError, match=why) as error:
        read_app(value)
    assert error.value.location == where


def test_wires_to_nowhere_are_left_out() -> None:
    assert read_app(export({"s": form("q")}, "s > gone")).wires == ()
