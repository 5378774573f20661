"""Recorded answers: refused with place, reason and fix, or a file that is written as it is read."""

from __future__ import annotations

import random
from typing import Any

from registry_tool.core.errors import RegistryError
from registry_tool.engine.providers.cassettes.cassette import read_cassette
from registry_tool.manifest.recorded import recorded_models
from tests.fuzz import mutations, seeds
from tests.fuzz.target import Target, says_enough


def check(data: bytes) -> None:
    """Written again, it gives the same recordings, byte for byte from then on."""
    recorded_models(data)
    try:
        cassette = read_cassette(data, "cassettes.json")
    except RegistryError as error:
        says_enough(error)
        return
    written = cassette.to_bytes()
    again = read_cassette(written, "cassettes.json")
    assert again.recordings == cassette.recordings, "other recordings after it is written"
    assert again.services == cassette.services, "other answers of services after it is written"
    assert again.to_bytes() == written, "it is written otherwise the second time"


def _made(rng: random.Random) -> Any:
    text = rng.choice(("hello", "", ["a", "b"], [], ["\n"], 1, None, True, {"a": 1}))
    number = rng.choice((0, 1, -1, 1.5, 2**53, True, "1", None))
    call = {"id": "1", "function": {"name": "f", "arguments": rng.choice(("{}", text))}}
    answer = {"text": text, "model": "m", "usage": {"prompt_tokens": number}, "tool_calls": [call]}
    request = {"model": "m", "messages": [{"role": "user", "content": text}], "repeat": number}
    return rng.choice(
        (
            *(text, number, call, answer, request, {}, []),
            {"key": "0a", "request": request, "answer": answer},
            {"services": [{"key": text, "request": {"query": text}, "answer": text}]},
            {"messages": text, "content": text},
        )
    )


def _seeds() -> dict[str, bytes]:
    found = seeds.small(seeds.files(".json"), TARGET.largest)
    return {name: data for name, data in found.items() if b"cassettes/v1" in data} | {
        "empty": b'{"format": "puppyai.com/cassettes/v1", "about": "", "recordings": []}'
    }


TARGET = Target(
    "cassettes",
    "registry_tool/engine/providers/cassettes/cassette.py",
    check,
    _seeds,
    (
        '"recordings": ',
        '"answer": ',
        '"text": ',
        '"usage": ',
        "[]",
        "{}",
        "null",
        '"\\ud800"',
        "1e999",
    ),
    mutations.json_by(_made),
)
