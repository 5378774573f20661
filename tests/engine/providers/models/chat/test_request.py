"""Bodies in the dialects that servers speak, and how one learns which."""

from __future__ import annotations

import pytest

from registry_tool.engine.providers.models.base import Message, ModelRequest
from registry_tool.engine.providers.models.chat.request import Dialect, body_of, refusal_of, simpler

SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}
REQUEST = ModelRequest(
    "m",
    (Message("system", "Be brief"), Message("user", "Hi")),
    temperature=0.0,
    max_tokens=9,
    schema=SCHEMA,
    seed=1,
)


def test_the_usual_body() -> None:
    assert body_of(REQUEST, Dialect(), stream=True) == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Be brief"},
            {"role": "user", "content": "Hi"},
        ],
        "temperature": 0.0,
        "max_tokens": 9,
        "seed": 1,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "schema": SCHEMA},
        },
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_what_is_not_asked_for_is_not_sent() -> None:
    body = body_of(ModelRequest("m", ()), Dialect())
    assert body == {"model": "m", "messages": []}
    anything = body_of(ModelRequest("m", (), schema={"type": "object"}), Dialect())
    assert anything["response_format"] == {"type": "json_object"}


@pytest.mark.parametrize(
    ("refusal", "gone", "new"),
    [
        ("Use 'max_completion_tokens' instead", "max_tokens", "max_completion_tokens"),
        ("temperature does not support 0", "temperature", ""),
        ("unknown field: seed", "seed", ""),
        ("stream_options is not allowed", "stream_options", ""),
    ],
)
def test_what_a_server_refuses_is_left_out(refusal: str, gone: str, new: str) -> None:
    learnt = simpler(Dialect(), REQUEST, refusal)
    assert learnt is not None
    before, after = (body_of(REQUEST, d, stream=True) for d in (Dialect(), learnt))
    assert before.keys() - after.keys() == {gone}
    assert after.keys() - before.keys() == ({new} if new else set())
    assert simpler(learnt, REQUEST, refusal) is None  # nothing is left out twice


def test_a_schema_becomes_any_json_then_words() -> None:
    forms = [Dialect()]
    while (learnt := simpler(forms[-1], REQUEST, "response_format is not supported")) is not None:
        forms.append(learnt)
    bodies = [body_of(REQUEST, form).get("response_format") for form in forms]
    assert [body and body["type"] for body in bodies] == ["json_schema", "json_object", None]  # type: ignore[index,call-overload]


@pytest.mark.parametrize("refusal", ["no such model", "", "context length exceeded"])
def test_another_refusal_teaches_nothing(refusal: str) -> None:
    assert simpler(Dialect(), REQUEST, refusal) is None
    plain = ModelRequest("m", ())
    assert simpler(Dialect(), plain, "temperature, seed and response_format") is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"error": {"message": "Bad", "param": "seed", "code": 5}}, "Bad seed"),
        ({"error": "Bad"}, "Bad"),
        ({"detail": "Bad"}, "Bad"),
        (["Bad"], ""),
        (None, ""),
    ],
)
def test_the_words_of_a_refusal(value: object, words: str) -> None:
    assert refusal_of(value) == words  # type: ignore[arg-type]
