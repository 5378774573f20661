from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError
from registry_tool.engine.providers.cassettes.cassette import Cassette, key_of, read_cassette
from registry_tool.engine.providers.cassettes.replay import ReplayProvider
from registry_tool.engine.providers.models.base import Message, ModelRequest
from registry_tool.engine.providers.models.prompt_image import PromptImage
from tests.engine.providers.cassettes.parrot import ANSWER, QUESTION, ask


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


def test_a_picture_is_recorded_by_its_digest_alone() -> None:
    def showing(data: bytes) -> ModelRequest:
        image = PromptImage("image/png", data)
        return replace(QUESTION, messages=(Message("user", "Why?", (image,)),))

    shown = showing(b"pixels")
    cassette = Cassette()
    cassette.add(shown, ANSWER)
    written = cassette.to_bytes()
    assert b"pixels" not in written
    assert b"cGl4ZWxz" not in written
    assert PromptImage("image/png", b"pixels").digest.encode() in written
    again = read_cassette(written, "c.json")
    assert again.to_bytes() == written
    assert ask(ReplayProvider(again), shown) == ANSWER.text
    with pytest.raises(RegistryError, match="roles or pictures"):
        ask(ReplayProvider(again), showing(b"others"))
    assert key_of(shown) != key_of(replace(QUESTION, messages=(Message("user", "Why?"),)))
