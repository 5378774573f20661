"""What `sys`, `env` and `conversation` stand for."""

from __future__ import annotations

from typing import Any

from tests.importers.dify.exports import form, imported, outputs


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


def test_a_part_that_no_input_has_is_empty_and_reported() -> None:
    nodes: Any = {"s": form("q"), "a": {"type": "answer", "answer": "{{#s.q#}}{{#s.q.z#}}."}}
    what = imported(nodes, "s > a")
    assert outputs(what, {"q": "x"}) == {"answer": "x."}
    assert "a reference to s.q.z" in str(what.not_carried)
