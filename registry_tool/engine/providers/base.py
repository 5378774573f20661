"""What a model provider is: messages in, an answer and its usage out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Frozen, Value


class ProviderError(RegistryError):
    """The model could not answer. `transient` errors are worth another attempt.

    `retry_after` is the provider's own wish in seconds, where it gave one.
    """

    def __init__(
        self,
        reason: str,
        *,
        transient: bool = False,
        retry_after: float | None = None,
        place: str = "",
        way_out: str = "",
    ) -> None:
        super().__init__(reason, place=place, way_out=way_out)
        self.transient = transient
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One question.

    `schema` asks for JSON that obeys it. `repeat` counts equal questions within a run, from 0, so that
    recorded answers to the same question can differ. `base_url` overrides the provider's own.
    """

    model: str
    messages: tuple[Message, ...]
    temperature: float | None = None
    max_tokens: int | None = None
    schema: Frozen | None = None
    repeat: int = 0
    base_url: str = ""
    seed: int | None = None
    parameters: Frozen = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a call took."""

    input_tokens: int = 0
    output_tokens: int = 0
    calls: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.calls + other.calls,
        )

    def to_value(self) -> dict[str, Value]:
        """As it stands in run results and records."""
        return {
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "calls": self.calls,
        }


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What the model said. `model` is the name that the provider returned."""

    text: str
    model: str
    usage: Usage
    finish_reason: str = "stop"


OnText = Callable[[str], None]
"""Takes a piece of the answer as it comes; the pieces together are the answer's text."""


class ModelProvider(Protocol):
    """Answers questions."""

    name: str

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """The answer, also told piece by piece where `on_text` is given; `ProviderError` for none."""

    async def aclose(self) -> None:
        """Let go of connections."""


Answers = Mapping[str, ModelAnswer]
