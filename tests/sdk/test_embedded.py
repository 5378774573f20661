"""The embedded models are fetched from Python, too; what misses them says how."""

from __future__ import annotations

import pytest

from puppyai.workflows import install_models
from puppyai.workflows.translate import python_hint


@pytest.mark.model
def test_what_is_there_is_given_with_its_hash_looked_at() -> None:
    chat, embedding = install_models()
    assert chat.suffix == ".gguf"
    assert embedding.suffix == ".safetensors"


def test_a_hint_names_the_call() -> None:
    message = "run `puppy-cli models install` for the embedded one, or set OPENAI_API_KEY"
    assert python_hint(message) == (
        "call puppyai.workflows.install_models() for the embedded one, or set OPENAI_API_KEY"
    )
    assert python_hint("let it answer: --provider local") == 'let it answer: provider="local"'
