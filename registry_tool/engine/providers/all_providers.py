"""Every provider that a person can name, registered by hand, and which one is meant when nobody names one."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib.util import find_spec

from registry_tool.core.errors import MissingToolError, UsageError
from registry_tool.engine.providers.models.base import ModelProvider
from registry_tool.engine.providers.models.metered import Budget, Metered, Price, free
from registry_tool.engine.providers.models.rate_limit import Limited, RateLimits

REPLAY = "replay"
NO_LIMITS = RateLimits()
_VARIABLE = "PUPPY_PROVIDER"


def _local(_: RateLimits) -> tuple[ModelProvider, Price]:
    from registry_tool.engine.providers.models.local import LocalProvider

    return LocalProvider(), free


def _openai(limits: RateLimits) -> tuple[ModelProvider, Price]:
    from registry_tool.engine.providers.models.openai_compatible import OpenAIProvider
    from registry_tool.engine.providers.models.retry import Retrying

    return Retrying(Limited(OpenAIProvider(), limits)), _openai_price


ALL_PROVIDERS: dict[str, Callable[[RateLimits], tuple[ModelProvider, Price]]] = {
    "local": _local,
    "openai": _openai,
}
"""Providers that ask a model, each with its price; `replay` needs a cassette and is made where that is known."""


def make_provider(
    name: str, limits: RateLimits = NO_LIMITS, budget: Budget | None = None
) -> ModelProvider:
    """The provider of a name within its limits, metered; `UsageError` for no such name."""
    if name not in ALL_PROVIDERS:
        raise _unknown(name)
    provider, price = ALL_PROVIDERS[name](limits)
    return Metered(provider, price, budget)


def demand_provider(name: str, location: str = "") -> None:
    """`UsageError` for a name of which no provider can be made, `replay` among those that can."""
    if name not in {*ALL_PROVIDERS, REPLAY}:
        raise _unknown(name, location)


def demand_known_providers(named: str) -> None:
    """`UsageError` where the provider that a command names is none, or else the one of this machine is none.

    It is for commands that go on past an error of one workflow: a mistyped name is nobody's but the caller's.
    """
    if named:
        demand_provider(named, "--provider")
    elif usual := os.environ.get(_VARIABLE):
        demand_provider(usual, _VARIABLE)


def _unknown(name: str, location: str = "") -> UsageError:
    return UsageError(
        f"there is no provider {name!r}",
        location=location,
        hint=f"use one of {', '.join(sorted((*ALL_PROVIDERS, REPLAY)))}",
    )


def price_of(provider: str) -> Price:
    """What a provider's questions cost."""
    return free if provider in {"local", REPLAY} else _openai_price


def _openai_price(model: str, address: str, tokens_in: int, tokens_out: int) -> float | None:
    from registry_tool.engine.providers.models.prices import price

    return price(model, address or os.environ.get("OPENAI_BASE_URL", ""), tokens_in, tokens_out)


def usual_is_chosen() -> bool:
    """Whether a person chose this machine's usual provider (`PUPPY_PROVIDER`)."""
    return bool(os.environ.get(_VARIABLE))


def usual_provider(environment: Mapping[str, str] | None = None) -> str:
    """`PUPPY_PROVIDER`; else openai where a key or an address for it is set; else the embedded model.

    `UsageError` where that variable names none.
    """
    known = os.environ if environment is None else environment
    if named := known.get(_VARIABLE):
        demand_provider(named, _VARIABLE)
        return named
    if known.get("OPENAI_API_KEY") or known.get("OPENAI_BASE_URL"):
        return "openai"
    if find_spec("xllamacpp") is not None and _has_weights():
        return "local"
    raise MissingToolError(
        "there is no model to ask",
        hint="run `puppy-cli models install` for the embedded one, or set OPENAI_API_KEY",
    )


def _has_weights() -> bool:
    from registry_tool.engine.providers.models.weights import find_weights

    return find_weights() is not None
