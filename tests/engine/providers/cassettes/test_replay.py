"""Recording asks a model once; replaying asks nobody, and says what it lacks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry_tool.engine.providers.cassettes.cassette import Cassette, read_cassette
from registry_tool.engine.providers.cassettes.repeat_count import RepeatCounter
from registry_tool.engine.providers.cassettes.replay import RecordingProvider, ReplayProvider
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.base import Message
from tests.engine.providers.cassettes.parrot import ANSWER, QUESTION, Parrot, ask


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
    recording = RepeatCounter(RecordingProvider(parrot, cassette))
    assert [ask(recording), ask(recording)] == ["answer 1", "answer 2"]
    replaying = RepeatCounter(ReplayProvider(cassette))
    assert [ask(replaying), ask(replaying)] == ["answer 1", "answer 2"]
