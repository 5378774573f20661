from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError
from registry_tool.engine.providers.cassettes.cassette import Cassette, key_of, read_cassette
from registry_tool.engine.providers.cassettes.repeat_count import Counting
from registry_tool.engine.providers.cassettes.replay import RecordingProvider, ReplayProvider
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.base import Message, ModelAnswer, ModelRequest, Usage

QUESTION = ModelRequest("m", (Message("user", "Why?"),), temperature=0.2)
ANSWER = ModelAnswer("Because.", "m-1", Usage(3, 2, 1))


class Parrot:
    """A model that counts its questions; it stands in for one that costs money."""

    name = "parrot"

    def __init__(self) -> None:
        self.asked = 0

    async def complete(self, request: ModelRequest, on_text: object = None) -> ModelAnswer:
        self.asked += 1
        return replace(ANSWER, text=f"answer {self.asked}")

    async def aclose(self) -> None:
        pass


def ask(provider: object, request: ModelRequest = QUESTION) -> str:
    return asyncio.run(provider.complete(request)).text  # type: ignore[attr-defined]


def test_what_is_recorded_is_replayed_from_the_file() -> None:
    cassette, parrot = Cassette(about="a parrot"), Parrot()
    assert ask(RecordingProvider(parrot, cassette)) == "answer 1"
    again = read_cassette(cassette.to_bytes(), "tests/cassettes.json")
    assert ask(ReplayProvider(again)) == "answer 1"
    assert again.to_bytes() == cassette.to_bytes()


def test_a_known_question_costs_nothing_and_refresh_asks_again() -> None:
    cassette, parrot = Cassette(), Parrot()
    ask(RecordingProvider(parrot, cassette))
    assert ask(RecordingProvider(parrot, cassette)) == "answer 1"
    assert ask(RecordingProvider(parrot, cassette, refresh=True)) == "answer 2"
    assert parrot.asked == 2


def test_a_miss_is_an_error_with_the_way_out() -> None:
    with pytest.raises(ProviderError) as caught:
        ask(ReplayProvider(Cassette()))
    assert not caught.value.transient
    assert "--record" in caught.value.hint


def test_a_miss_says_how_the_nearest_question_differs() -> None:
    cassette = Cassette()
    cassette.add(replace(QUESTION, messages=(Message("user", "Why is the sky blue?"),)), ANSWER)
    green = replace(QUESTION, messages=(Message("user", "Why is the sky green?"),))
    with pytest.raises(ProviderError, match=r"'.*blue\?' where this one says '.*green\?'"):
        ask(ReplayProvider(cassette), green)
    warm = replace(QUESTION, messages=(Message("user", "Why is the sky blue?"),), temperature=1.0)
    with pytest.raises(ProviderError, match="differs: temperature"):
        ask(ReplayProvider(cassette), warm)


def test_equal_questions_can_have_different_answers() -> None:
    cassette, parrot = Cassette(), Parrot()
    recording = Counting(RecordingProvider(parrot, cassette))
    assert [ask(recording), ask(recording)] == ["answer 1", "answer 2"]
    replaying = Counting(ReplayProvider(cassette))
    assert [ask(replaying), ask(replaying)] == ["answer 1", "answer 2"]


@pytest.mark.parametrize(
    "other",
    [
        replace(QUESTION, model="n"),
        replace(QUESTION, temperature=0.3),
        replace(QUESTION, max_tokens=5),
        replace(QUESTION, schema={}),
        replace(QUESTION, repeat=1),
        replace(QUESTION, messages=(Message("system", "Why?"),)),
    ],
)
def test_what_makes_another_answer_makes_another_key(other: ModelRequest) -> None:
    assert key_of(other) != key_of(QUESTION)


@given(st.integers(0, 1000), st.sampled_from(["", "http://127.0.0.1:1/v1"]))
def test_seed_and_address_are_no_part_of_the_key(seed: int, address: str) -> None:
    assert key_of(replace(QUESTION, seed=seed, base_url=address)) == key_of(QUESTION)


def test_a_secret_never_reaches_the_file() -> None:
    token = "ghp_" + "a1B2" * 9
    cassette = Cassette()
    cassette.add(replace(QUESTION, messages=(Message("user", f"my token is {token}"),)), ANSWER)
    assert token.encode() not in cassette.to_bytes()
    assert b"[SECRET]" in cassette.to_bytes()


def test_no_secret_of_an_answer_or_a_parameter_is_kept() -> None:
    token = "ghp_" + "a1B2" * 9
    cassette = Cassette()
    asked = replace(QUESTION, parameters={"user": [token]}, schema={"title": token})
    cassette.add(asked, replace(ANSWER, text=f"it is {token}"))
    assert token.encode() not in cassette.to_bytes()
    assert ask(ReplayProvider(cassette), asked) == "it is [SECRET]"


def test_the_file_is_made_for_reading() -> None:
    def question(text: str) -> ModelRequest:
        return replace(QUESTION, messages=(Message("user", text),))

    cassette = Cassette()
    for text in ("b\nsecond line", "a", "c"):
        cassette.add(question(text), replace(ANSWER, text=f"to {text}"))
    lines = [line.strip() for line in cassette.to_bytes().decode().splitlines()]
    locations = [
        lines.index(line) for line in ('"content": "a",', '"second line"', '"content": "c",')
    ]
    assert locations == sorted(locations)
    again = read_cassette(cassette.to_bytes(), "x")
    assert again.to_bytes() == cassette.to_bytes()
    assert ask(ReplayProvider(again), question("b\nsecond line")) == "to b\nsecond line"


@pytest.mark.parametrize("text", ["[]", "{}", '{"format": "x"}', "nonsense", '{"a": 1, "a": 2}'])
def test_another_file_is_refused(text: str) -> None:
    with pytest.raises(RegistryError):
        read_cassette(text.encode(), "x.json")
