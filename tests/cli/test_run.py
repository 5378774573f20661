"""`run`, as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.typed import run

ROOT = Path(__file__).parents[2]


pytestmark = pytest.mark.e2e


def test_a_run_has_the_specifications_shape() -> None:
    done = run(
        ROOT, "puppy-cli", "run", "keyword-extractor", "--input", "text=dog dog", "--format", "json"
    )
    value = json.loads(done.stdout)
    assert set(value) == {"execution_id", "status", "outputs", "blocks", "usage", "seconds"}
    assert value["outputs"] == {"keywords": [{"count": 2, "word": "dog"}]}


@pytest.mark.model
def test_words_come_as_they_are_said_and_caps_are_kept(tmp_path: Path) -> None:
    words = ("puppy-cli", "run", "text-summarizer", "--provider", "local", "--registry", ROOT)
    given = ("--input", "text=The cat sat on the mat and looked at the rain.")
    streamed = run(tmp_path, *words, *given, "--stream")
    assert streamed.returncode == 0, streamed.stderr
    first = streamed.stderr.splitlines()[0]
    assert first.removeprefix("sum-up: ") == streamed.stdout.strip().removeprefix("summary: ")
    capped = run(tmp_path, *words, *given, "--max-tokens", "10")
    assert capped.returncode == 1
    assert "the cap of 10 tokens would be passed" in capped.stderr
    assert "raise --max-tokens" in capped.stderr
    free = run(tmp_path, *words, *given, "--max-cost", "0", "--format", "json")
    assert json.loads(free.stdout)["usage"]["cost_usd"] == 0
