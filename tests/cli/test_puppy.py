"""The commands of `puppy-cli`: what each loads, and JSON where data is printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.typed import run

ROOT = Path(__file__).parents[2]


pytestmark = pytest.mark.e2e


def test_json_where_data_is_printed() -> None:
    for words in (
        ["list"],
        ["search", "nlp"],
        ["info", "sentiment-analysis"],
        ["versions", "sentiment-analysis"],
        ["doctor"],
        ["test", "keyword-extractor"],
        ["run", "keyword-extractor", "--input", "text=a dog and a dog"],
        ["status"],
    ):
        done = run(ROOT, "puppy-cli", *words, "--format", "json")
        assert done.returncode == 0, done.stderr
        json.loads(done.stdout)
