"""Whose model a name means: what people filter the catalogue by. It says nothing of where a registry runs it."""

from __future__ import annotations

_BY_BEGINNING = {
    "openai": (
        "gpt-",
        "chatgpt-",
        "o1",
        "o3",
        "o4",
        "text-embedding-",
        "dall-e",
        "whisper",
        "tts-",
    ),
    "anthropic": ("claude",),
    "google": ("gemini", "gemma", "text-bison"),
    "meta": ("llama", "meta-llama"),
    "mistral": ("mistral", "mixtral", "codestral", "ministral"),
    "deepseek": ("deepseek",),
    "alibaba": ("qwen", "qwq", "text-embedding-v"),
    "zhipu": ("glm-", "chatglm"),
    "moonshot": ("moonshot", "kimi"),
    "bytedance": ("doubao",),
    "baidu": ("ernie",),
    "tencent": ("hunyuan",),
    "cohere": ("command-", "embed-", "rerank-"),
    "xai": ("grok",),
    "microsoft": ("phi-",),
    "hugging-face": ("smollm",),
}


def provider_of(model: str) -> str:
    """The provider that a model's name begins with (`openai/gpt-4o`) or is known for, else empty."""
    named, slash, rest = model.casefold().partition("/")
    if slash and rest:
        return named
    fitting = [
        (len(beginning), provider)
        for provider, beginnings in _BY_BEGINNING.items()
        for beginning in beginnings
        if named.startswith(beginning)
    ]
    return max(fitting)[1] if fitting else ""
