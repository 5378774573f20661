"""Recorded questions in words, and how a new one differs from the nearest of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry_tool.engine.providers.cassettes.cassette import Cassette, ServiceRecording, key_of
from registry_tool.engine.providers.cassettes.describe import nearest, questions, unlike
from registry_tool.engine.providers.models.base import Message, ModelRequest
from tests.engine.providers.cassettes.parrot import ANSWER, QUESTION


def asked(text: str, **more: object) -> ModelRequest:
    return replace(QUESTION, messages=(Message("user", text),), **more)  # type: ignore[arg-type]


def cassette(*texts: str) -> Cassette:
    made = Cassette()
    for text in texts:
        made.add(asked(text), ANSWER)
    return made


def test_a_question_is_reported_on_one_short_line_with_its_key() -> None:
    made = cassette("Why\n  not?", "x" * 300)
    short, long = questions(made, [key_of(asked("Why\n  not?")), key_of(asked("x" * 300))])
    assert short.startswith("m: Why not? (key ")
    assert f"m: {'x' * 99}… (key " in long


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({"service": "google", "query": "cats", "count": 3}, "google: cats (key k)"),
        ({"service": "http", "url": "https://x", "method": "GET"}, "http: https://x (key k)"),
        ({"service": "ada", "text": "y" * 200}, f"ada: {'y' * 100} (key k)"),
        ({"service": "whisper", "sha256": "00"}, "whisper:  (key k)"),
    ],
)
def test_a_service_s_request_is_reported_by_what_was_asked(
    request_: dict[str, str], expected: str
) -> None:
    made = Cassette()
    made.services["k"] = ServiceRecording("k", request_, None)  # type: ignore[arg-type]
    assert questions(made, ["k"]) == [expected]


def test_the_nearest_is_like_it_or_there_is_none() -> None:
    made = cassette("Why is the sky blue?", "How do cats purr?")
    found = nearest(made, asked("Why is the sky green?"))
    assert found is not None
    assert found.key == key_of(asked("Why is the sky blue?"))
    assert nearest(made, asked("0123456789")) is None
    assert nearest(Cassette(), QUESTION) is None


def test_a_difference_is_a_field_or_the_place_in_the_text() -> None:
    (recording,) = cassette("a" * 100 + "blue").recordings.values()
    assert unlike(asked("a" * 100 + "blue", temperature=1.0), recording) == "temperature"
    result = unlike(asked("a" * 100 + "green"), recording)
    assert result == f"it says '{'a' * 20}blue' where this one says '{'a' * 20}green'"
    both = unlike(asked("x", max_tokens=5), recording)
    assert set(both.split(", ")) == {"max_tokens", "messages"}
