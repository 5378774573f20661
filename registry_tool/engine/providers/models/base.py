"""What a model provider is: messages in, an answer and its usage out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, Protocol

from registry_tool.core.files import MAX_INTEGER
from registry_tool.core.records import Record, field
from registry_tool.core.values import Frozen, Value
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.prompt_image import PromptImage


class ContextError(ProviderError):
    """The question is longer than what the model can take in. Never worth another attempt as it is.

    `needed` and `available` count tokens, None where unknown; `available` is room for question and answer.
    """

    def __init__(
        self,
        model: str,
        needed: int | None,
        available: int | None,
        *,
        location: str = "",
        refusal: str = "",
    ) -> None:
        takes = f"takes {needed:,} tokens" if needed else "is too long"
        holds = f"holds {available:,}" if available else "holds fewer"
        super().__init__(
            f"the prompt {takes}, and the context of {model} {holds}, its answer included"
            + (f": {refusal}" if refusal else ""),
            location=location,
            hint="shorten what it is asked about (a chunk edge cuts texts), or name a model with more context",
        )
        self.needed, self.available = needed, available


class ImagesError(ProviderError):
    """The question's pictures are not taken: the model sees none, or not these. Never worth another attempt."""

    def __init__(self, reason: str, *, location: str = "") -> None:
        super().__init__(
            f"the pictures of the question are not taken: {reason}",
            location=location,
            hint="name a model that sees (config.model, or llm_model of the environment), or leave `images` out",
        )


class Message(Record, frozen=True):
    """One turn of a chat, with the pictures that it shows."""

    role: Literal["system", "user", "assistant"]
    content: str
    images: tuple[PromptImage, ...] = ()


class ModelRequest(Record, frozen=True):
    """One question.

    `schema` asks for JSON that obeys it; `tools` are functions that the model may call, each an object with
    `name`, `description` and `parameters` (a JSON Schema). `repeat` counts equal questions within a run, from 0,
    so that recorded answers to the same question can differ. `base_url` overrides the provider's own: unless it is
    the operator's (`trusted`), only `hosts`, which the manifest declares, are asked, and none that is private.
    """

    model: str
    messages: tuple[Message, ...]
    temperature: float | None = None
    max_tokens: int | None = None
    schema: Frozen | None = None
    repeat: int = 0
    base_url: str = ""
    hosts: frozenset[str] = frozenset()
    trusted: bool = False
    seed: int | None = None
    parameters: Frozen = field(default_factory=dict)
    tools: tuple[Frozen, ...] = ()

    @property
    def images(self) -> int:
        """How many pictures its messages show."""
        return sum(len(message.images) for message in self.messages)


class Usage(Record, frozen=True):
    """Tokens that a call took, and dollars; `cost_usd` is None where no price is known."""

    input_tokens: int = 0
    output_tokens: int = 0
    calls: int = 0
    cost_usd: float | None = 0.0

    @property
    def tokens(self) -> int:
        """Both kinds together."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: Usage) -> Usage:
        known = self.cost_usd is not None and other.cost_usd is not None
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.calls + other.calls,
            (self.cost_usd or 0.0) + (other.cost_usd or 0.0) if known else None,
        )

    def to_value(self) -> dict[str, Value]:
        """As it stands in run results and records."""
        return {
            "input_tokens": min(self.input_tokens, MAX_INTEGER),
            "output_tokens": min(self.output_tokens, MAX_INTEGER),
            "calls": min(self.calls, MAX_INTEGER),
            "cost_usd": self.cost_usd if self.cost_usd is None else round(self.cost_usd, 9),
        }

    @classmethod
    def from_value(cls, value: Frozen) -> Usage:
        """From `to_value`; what is missing is nothing, a missing price unknown.

        A figure that no record can hold counts as the largest that one can, a price so large as unknown.
        """
        cost = value.get("cost_usd")
        return cls(
            count_of(value.get("input_tokens")),
            count_of(value.get("output_tokens")),
            count_of(value.get("calls")),
            float(cost) if isinstance(cost, int | float) and 0 <= cost <= MAX_INTEGER else None,
        )


def count_of(value: Value) -> int:
    """A number from a server's answer: from 0, or a server could give a run more than its cap, to MAX_INTEGER."""
    return min(max(value, 0), MAX_INTEGER) if type(value) is int else 0


class ToolCall(Record, frozen=True):
    """A function that the model wants called; `arguments` is JSON as the model wrote it."""

    name: str
    arguments: str
    id: str = ""

    def to_value(self) -> dict[str, Value]:
        """In OpenAI's form."""
        inner: dict[str, Value] = {"name": self.name, "arguments": self.arguments}
        return {"id": self.id, "type": "function", "function": inner}


class ModelAnswer(Record, frozen=True):
    """What the model said. `model` is the name that the provider returned.

    `doubt` says in words what of the usage that a server reported is impossible; `usage` holds what is.
    """

    text: str
    model: str
    usage: Usage
    finish_reason: str = "stop"
    tool_calls: tuple[ToolCall, ...] = ()
    doubt: str = ""


OnText = Callable[[str], None]
"""Takes a piece of the answer as it comes; the pieces together are the answer's text."""


class ModelProvider(Protocol):
    """Answers questions."""

    name: str

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """The answer, also passed on piece by piece where `on_text` is given; `ProviderError` for none."""

    async def aclose(self) -> None:
        """Let go of connections."""


Answers = Mapping[str, ModelAnswer]
