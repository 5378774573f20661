"""What `sys`, `env` and `conversation` stand for."""

from __future__ import annotations

from typing import Any

from registry_tool.importers.dify.references import ValueReference
from registry_tool.importers.dify.work import first_of
from tests.importers.dify.exports import imported, outputs


def test_what_dify_knows_by_itself_a_caller_gives() -> None:
    nodes: Any = {
        "s": {"type": "start"},
        "a": {
            "type": "answer",
            "answer": "{{#sys.user_id#}}{{#sys.dialogue_count#}}{{#sys.query#}}",
        },
    }
    what = imported(nodes, "s > a")
    assert outputs(what, {"query": "q"}) == {"answer": "0q"}
    assert outputs(what, {"query": "q", "user_id": "u", "dialogue_count": 2}) == {"answer": "u2q"}


def test_the_environments_values_are_constants_and_its_secrets_empty() -> None:
    variables = [
        {"name": "url", "value": "https://x.example", "value_type": "string"},
        {"name": "key", "value": "sk-1", "value_type": "secret"},
    ]
    what = imported(
        {"s": {"type": "start"}, "a": {"type": "answer", "answer": "{{#env.url#}}-{{#env.key#}}"}},
        "s > a",
        environment_variables=variables,
    )
    assert outputs(what) == {"answer": "https://x.example-"}
    assert "the secret key" in str(what.not_carried[0])


def test_the_first_that_is_there() -> None:
    names: Any = {}
    exec(first_of([ValueReference("a", ("x",)), ValueReference("b")]), names)  # noqa: S102 - generated
    assert names["main"]({"a": {"x": None}, "b": 0}) == 0
    assert names["main"]({"a": None, "b": None}) is None
