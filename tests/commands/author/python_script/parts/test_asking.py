"""Models and hosts that a script asks."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.commands.author.python_script.parts import asking as parts
from tests.engine.loopback import Answer, Asked, loopback


@pytest.mark.parametrize(
    ("value", "schema", "wanted"),
    [
        (
            {"a": 1},
            {"type": "object", "properties": {"a": {"type": "number"}}, "required": ["a"]},
            True,
        ),
        ({}, {"type": "object", "required": ["a"]}, False),
        ({"a": "x"}, {"type": "object", "properties": {"a": {"type": "number"}}}, False),
        (["a"], {"type": "array", "items": {"enum": ["a", "b"]}}, True),
        (["c"], {"type": "array", "items": {"enum": ["a", "b"]}}, False),
        (None, {"type": ["string", "null"]}, True),
    ],
)
def test_an_answer_fits_its_schema_or_not(value: Any, schema: Any, wanted: bool) -> None:
    assert parts.fits(value, schema) is wanted


def test_a_host_is_asked_and_its_answer_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(asked: Asked) -> Answer:
        told = {
            "path": asked.path,
            "query": dict(asked.query),
            "key": asked.headers.get("authorization"),
        }
        status = 200 if asked.path == "/a%20b" else 404
        return Answer(told, status, {"content-type": "application/json"})

    monkeypatch.setenv("KEY", "k")
    with loopback(answer) as server:
        url = server.address
        found = parts.fetch(
            "POST", f"{url}/a b", query={"q": "x&y"}, body={"n": 1}, secret=("KEY", "bearer", "")
        )
        assert (found["query"], found["key"]) == ({"q": "x&y"}, "Bearer k")
        assert parts.fetch("GET", f"{url}/a b", response="full")["status"] == 200
        with pytest.raises(ValueError, match="404"):
            parts.fetch("GET", f"{url}/other")


def test_the_user_s_own_key_is_for_their_own_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(asked: Asked) -> Answer:
        said = {"choices": [{"message": {"content": asked.headers.get("authorization")}}]}
        return Answer(said, 200, {"content-type": "application/json"})

    monkeypatch.setenv("OPENAI_API_KEY", "own")
    monkeypatch.setenv("OPENAI_API_KEY__THEIRS", "theirs")
    question = [{"role": "user", "content": "x"}]
    with loopback(answer) as server:
        url = server.address
        assert parts.ask(question, base_url=url, key="OPENAI_API_KEY__THEIRS") == "Bearer theirs"
        assert parts.ask(question, base_url=url, key="OPENAI_API_KEY__OTHER") == "Bearer none"
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        assert parts.ask(question) == "Bearer own"
