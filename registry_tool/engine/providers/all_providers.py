"""Every provider that a person can name, registered by hand, and which one is meant when nobody names one."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib.util import find_spec

from registry_tool.core.errors import MissingToolError, UsageError
from registry_tool.engine.providers.base import ModelProvider
from registry_tool.engine.providers.local import LocalProvider
from registry_tool.engine.providers.openai_compatible import OpenAIProvider
from registry_tool.engine.providers.retrying import Retrying
from registry_tool.engine.providers.weights import find_weights

REPLAY = "replay"

ALL_PROVIDERS: dict[str, Callable[[], ModelProvider]] = {
    "local": LocalProvider,
    "openai": lambda: Retrying(OpenAIProvider()),
}
"""Providers that ask a model; `replay` needs a cassette and is made where that is known."""


def make_provider(name: str) -> ModelProvider:
    """The provider of a name; `UsageError` for none."""
    if name not in ALL_PROVIDERS:
        raise UsageError(
            f"there is no provider {name!r}",
            way_out=f"use one of {', '.join(sorted((*ALL_PROVIDERS, REPLAY)))}",
        )
    return ALL_PROVIDERS[name]()


def usual_provider(environment: Mapping[str, str] | None = None) -> str:
    """`PUPPY_PROVIDER`; else openai where a key or an address for it is set; else the embedded model."""
    known = os.environ if environment is None else environment
    if named := known.get("PUPPY_PROVIDER"):
        return named
    if known.get("OPENAI_API_KEY") or known.get("OPENAI_BASE_URL"):
        return "openai"
    if find_spec("xllamacpp") is not None and find_weights() is not None:
        return "local"
    raise MissingToolError(
        "there is no model to ask",
        way_out="run `puppy-cli models install` for the embedded one, or set OPENAI_API_KEY",
    )
