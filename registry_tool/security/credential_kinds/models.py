"""Keys of services that answer with models."""

from __future__ import annotations

from typing import Final

from registry_tool.security import credential_checks as checks
from registry_tool.security.credential_kinds.kind import (
    NOT_LONGER,
    UUID,
    CredentialKind,
    prefixed,
    word,
)

MODELS: Final = (
    prefixed("OpenAI key", "sk-proj- sk-svcacct- sk-admin-", r"[A-Za-z0-9_-]{20,}+"),
    prefixed("Anthropic key", "sk-ant-", r"[A-Za-z0-9_-]{20,}+"),
    prefixed("OpenRouter key", "sk-or-v1-", "[0-9a-f]{64}"),
    prefixed("Langfuse key", "sk-lf-", UUID),
    CredentialKind(
        "OpenAI key", ("T3BlbkFJ",), r"sk-[A-Za-z0-9_-]{40,}+", checks.holds("T3BlbkFJ")
    ),
    word("OpenAI-style key", "sk-", "[A-Za-z0-9]{32,}+"),
    word("Groq key", "gsk_", "[A-Za-z0-9]{40,}+"),
    word("xAI key", "xai-", "[A-Za-z0-9]{60,}+"),
    word("Perplexity key", "pplx-", "[A-Za-z0-9]{40,}+"),
    word("Hugging Face token", "hf_ api_org_", "[A-Za-z0-9]{30,}+"),
    word("Replicate token", "r8_", "[A-Za-z0-9]{37}"),
    word("Fireworks key", "fw_", "[A-Za-z0-9]{22,24}"),
    prefixed("Together key", "tgp_v1_", r"[A-Za-z0-9_-]{40,}+"),
    prefixed("NVIDIA key", "nvapi-", r"[A-Za-z0-9_-]{60,}+"),
    prefixed("LangSmith key", "lsv2_pt_ lsv2_sk_", "[0-9a-f]{32}_[0-9a-f]{10}"),
    word("Cerebras key", "csk-", "[a-z0-9]{40,}+"),
    word("Tavily key", "tvly-", r"(?:dev-|prod-)?[A-Za-z0-9]{28,}+"),
    prefixed("Pinecone key", "pcsk_", "[A-Za-z0-9_]{50,}+"),
    word("ElevenLabs key", "sk_", "[0-9a-f]{48}"),
    prefixed("Jina key", "jina_", r"[A-Za-z0-9_-]{50,}+"),
    word("Voyage key", "pa-", r"[A-Za-z0-9_-]{43}", checks.dense),
    CredentialKind(
        "Zhipu key",
        (".",),
        rf"[0-9a-f](?<![A-Za-z0-9].)[0-9a-f]{{31}}\.[A-Za-z0-9]{{16}}{NOT_LONGER}",
        checks.dense,
    ),
)
