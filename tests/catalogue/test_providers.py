"""Whose model a name means."""

from __future__ import annotations

import pytest

from registry_tool.catalogue.providers import provider_of


@pytest.mark.parametrize(
    ("model", "provider"),
    [
        ("gpt-4o-mini", "openai"), ("OpenAI/gpt-4", "openai"), ("claude-3-5-sonnet", "anthropic"),
        ("azure/gpt-4", "azure"), ("text-embedding-3-small", "openai"), ("text-embedding-v3", "alibaba"),
        ("SmolLM2-135M-Instruct", "hugging-face"), ("deepseek-chat", "deepseek"), ("/gpt", ""),
        ("of-our-own", ""), ("", ""), ("gpt/", ""),
    ],
)  # fmt: skip
def test_a_provider_is_named_or_known(model: str, provider: str) -> None:
    assert provider_of(model) == provider
