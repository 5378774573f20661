"""What servers say of questions that are too long; the words are those of their own documentation and source."""

from __future__ import annotations

import pytest

from registry_tool.engine.providers.models.context import context_of, too_long_of

SAID = [
    (
        "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
        9000,
        8192,
    ),
    (
        "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens "
        "(4900 in the messages, 100 in the completion).",
        5000,
        4096,
    ),
    (
        "request (6031 tokens) exceeds the available context size (4096 tokens), try increasing it",
        6031,
        4096,
    ),
    ("prompt is too long: 210000 tokens > 200000 maximum", 210000, 200000),
    ("the request exceeds the model's context", None, 8192),  # the table's own number of gpt-4
]


@pytest.mark.parametrize(("said", "needed", "available"), SAID)
def test_needed_and_available_tokens_are_reported(
    said: str, needed: int | None, available: int
) -> None:
    error = too_long_of(said, "gpt-4", "https://models.example/v1")
    assert error is not None
    assert (error.needed, error.available, error.transient) == (needed, available, False)
    assert f"{available:,}" in str(error)


def test_other_refusals_stay_what_they_are() -> None:
    assert too_long_of("response_format json_schema is not supported", "gpt-4", "x") is None
    assert too_long_of("rate limit reached for tokens per minute", "gpt-4", "x") is None


def test_the_table_knows_public_models_only() -> None:
    assert context_of("gpt-4") == 8192
    assert context_of("a-model-of-our-own") is None
