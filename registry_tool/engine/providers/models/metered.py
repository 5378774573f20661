"""The one place where calls to models leave: what they cost is counted here, and caps are kept.

A cap is kept before a question leaves: what it may take at most is set aside until the answer tells what it took,
so that questions in flight together can't pass it either. An answer is bounded by what is left. An attempt that
failed counts as nothing: servers don't tell what it took. Of what a server tells, what is possible counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from registry_tool.core.errors import RegistryError
from registry_tool.engine.providers.models.base import (
    ModelAnswer,
    ModelProvider,
    ModelRequest,
    OnText,
    Usage,
)
from registry_tool.engine.providers.models.plausible import bounded_usage
from registry_tool.engine.providers.models.prompt_image import MOST_TOKENS

Price = Callable[[str, str, int, int], float | None]
"""Dollars for (model, address, tokens in, tokens out); None where no price is known."""

_USUAL_ANSWER = 4096  # tokens that are set aside for an answer that nobody bounded
_CHARS_A_TOKEN = 3  # careful: dense text has fewer characters a token than prose
_A_MESSAGE = 8  # tokens around each message


class CapError(RegistryError):
    """A question was not asked, because a cap on tokens or dollars would be passed."""


def guessed_tokens(text: str) -> int:
    """Tokens of a text, generously guessed."""
    return len(text) // _CHARS_A_TOKEN + _A_MESSAGE


def free(_model: str, _address: str, _input: int, _output: int) -> float | None:
    """The price of what runs on this machine."""
    return 0.0


@dataclass(slots=True)
class Budget:
    """Caps of a run or a batch (None: no cap), what is spent, and what is set aside for questions in flight.

    `reached` says that a cap kept a question back, or cut an answer short.
    """

    max_tokens: int | None = None
    max_cost: float | None = None
    tokens: int = 0
    cost: float = 0.0
    tokens_aside: int = 0
    cost_aside: float = 0.0
    reached: bool = False

    @property
    def tokens_left(self) -> int | None:
        """Tokens that nobody spent or set aside; None without a cap."""
        if self.max_tokens is None:
            return None
        return self.max_tokens - self.tokens - self.tokens_aside

    def set_aside(self, tokens: int, cost: float | None) -> None:
        """Before a question leaves; `CapError` where it might pass a cap."""
        left = self.tokens_left
        if left is not None and tokens > left:
            self.reached = True
            raise CapError(
                f"the cap of {self.max_tokens} tokens would be passed: {self.tokens} are spent, "
                f"{self.tokens_aside} are set aside, and this question may take {tokens}",
                hint="raise --max-tokens, or set max_tokens on the edge",
            )
        self._check_cost(cost)
        self.tokens_aside += tokens
        self.cost_aside += cost or 0.0

    def _check_cost(self, cost: float | None) -> None:
        if self.max_cost is None:
            return
        if cost is None:
            self.reached = True
            raise CapError(
                "no price is known for the model, so a cap on dollars can't be kept",
                hint="use --max-tokens instead",
            )
        if self.cost + self.cost_aside + cost > self.max_cost:
            self.reached = True
            raise CapError(
                f"the cap of ${self.max_cost:g} would be passed: ${self.cost:.6f} are spent, "
                f"${self.cost_aside:.6f} are set aside, and this question may take ${cost:.6f}",
                hint="raise --max-cost, or set max_tokens on the edge",
            )

    def settle(self, tokens: int, cost: float | None, usage: Usage) -> None:
        """After the question: what was set aside is free again, and what it took is spent."""
        self.tokens_aside -= tokens
        self.cost_aside -= cost or 0.0
        self.tokens += usage.tokens
        self.cost += usage.cost_usd or 0.0


class Metered:
    """Wraps a provider; every answer leaves it with its price."""

    def __init__(self, inner: ModelProvider, price: Price, budget: Budget | None = None) -> None:
        self.name = inner.name
        self._inner, self._price = inner, price
        self._budget = budget

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """The answer; `CapError` where it might cost too much."""
        budget = self._budget
        if budget is None or (budget.max_tokens is None and budget.max_cost is None):
            return self._priced(request, await self._inner.complete(request, on_text))
        bounded, prompt = _bounded(request, budget)
        most = bounded.max_tokens or _USUAL_ANSWER
        aside = self._price(request.model, request.base_url, prompt, most)
        budget.set_aside(prompt + most, aside)
        usage = Usage()
        try:
            answer = self._priced(bounded, await self._inner.complete(bounded, on_text))
            usage = answer.usage
            shortened = bounded.max_tokens is not None and bounded.max_tokens != request.max_tokens
            budget.reached |= shortened and usage.output_tokens >= (bounded.max_tokens or 0)
        finally:
            budget.settle(prompt + most, aside, usage)
        return answer

    async def aclose(self) -> None:
        """Close the provider."""
        await self._inner.aclose()

    def _priced(self, request: ModelRequest, answer: ModelAnswer) -> ModelAnswer:
        usage, doubt = bounded_usage(request, answer)
        cost = None
        if usage.tokens:  # a server that tells no tokens tells no price
            names = (answer.model, request.model)
            costs = (
                self._price(name, request.base_url, usage.input_tokens, usage.output_tokens)
                for name in names
                if name
            )
            cost = next((cost for cost in costs if cost is not None), None)
        return replace(answer, usage=replace(usage, cost_usd=cost), doubt=doubt)


def _bounded(request: ModelRequest, budget: Budget) -> tuple[ModelRequest, int]:
    """The question with an answer that fits what is left, and its own tokens, generously guessed."""
    prompt = sum(guessed_tokens(message.content) for message in request.messages) + _A_MESSAGE
    prompt += request.images * MOST_TOKENS
    left = budget.tokens_left
    if left is None:
        return request, prompt
    room = max(left - prompt, 1)
    most = min(request.max_tokens or max(room, 1), room) if room > 0 else 1
    return replace(request, max_tokens=most), prompt
