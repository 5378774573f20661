from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.engine.providers.models.base import Message, ModelAnswer, ModelRequest, Usage
from registry_tool.engine.providers.models.metered import Budget, CapError, Metered, free
from registry_tool.engine.providers.models.prices import price
from registry_tool.engine.providers.models.prompt_image import MOST_TOKENS, PromptImage


class Model:
    """Answers as long as it may."""

    name = "model"

    def __init__(self, usage: Usage | None = None) -> None:
        self.asked: list[ModelRequest] = []
        self._usage = usage

    async def complete(self, request: ModelRequest, on_text: object = None) -> ModelAnswer:
        self.asked.append(request)
        await asyncio.sleep(0)
        prompt = sum(len(m.content) for m in request.messages) // 4
        return ModelAnswer("x", "m-1", self._usage or Usage(prompt, request.max_tokens or 100, 1))

    async def aclose(self) -> None:
        pass


def question(length: int = 40, most: int | None = None) -> ModelRequest:
    return ModelRequest("m", (Message("user", "x" * length),), max_tokens=most)


def cent_a_token(_m: str, _a: str, tokens_in: int, tokens_out: int) -> float | None:
    return (tokens_in + tokens_out) / 100


def test_an_answer_has_its_price() -> None:
    answer = asyncio.run(Metered(Model(Usage(10, 5, 1)), cent_a_token).complete(question()))
    assert answer.usage.cost_usd == pytest.approx(0.15)
    assert asyncio.run(Metered(Model(), free).complete(question())).usage.cost_usd == 0
    untold = asyncio.run(Metered(Model(Usage(0, 0, 1)), cent_a_token).complete(question()))
    assert untold.usage.cost_usd is None


@given(st.integers(20, 400), st.lists(st.integers(1, 60), min_size=1, max_size=12))
def test_questions_asked_together_never_pass_the_cap(cap: int, lengths: list[int]) -> None:
    budget = Budget(max_tokens=cap)
    metered = Metered(Model(), free, budget)

    async def together() -> list[object]:
        asked = (metered.complete(question(length, 30)) for length in lengths)
        return await asyncio.gather(*asked, return_exceptions=True)

    results = asyncio.run(together())
    assert all(isinstance(r, ModelAnswer | CapError) for r in results)
    assert budget.tokens == sum(r.usage.tokens for r in results if isinstance(r, ModelAnswer))
    assert budget.tokens <= cap
    assert (budget.tokens_aside, budget.cost_aside) == (0, 0)


@pytest.mark.parametrize("expected", [5_000, 2**53 - 1])
def test_a_server_that_lies_takes_no_more_of_a_cap_than_was_set_aside(expected: int) -> None:
    budget = Budget(max_tokens=2_000)
    metered = Metered(Model(Usage(3, expected, 1)), cent_a_token, budget)
    answer = asyncio.run(metered.complete(question()))
    assert budget.tokens == answer.usage.tokens <= 2_000
    assert answer.usage.cost_usd == pytest.approx(answer.usage.tokens / 100)
    assert f"reported 3 + {expected} tokens, which is implausible" in answer.doubt


def test_an_unbounded_answer_is_bounded_by_what_is_left() -> None:
    model = Model()
    asyncio.run(Metered(model, free, Budget(max_tokens=100)).complete(question()))
    assert 1 <= (model.asked[0].max_tokens or 0) < 100


@pytest.mark.parametrize(
    ("cap", "wanted", "tokens", "reached"),
    [(100, None, 1, False), (100, None, 99, True), (10_000, 30, 30, False), (1, 30, 1, True)],
)
def test_it_is_known_whether_a_cap_cut_an_answer_short(
    cap: int, wanted: int | None, tokens: int, reached: bool
) -> None:
    """An answer as long as the edge itself asked for was cut by nobody else."""
    budget = Budget(max_tokens=cap)
    metered = Metered(Model(Usage(5, tokens, 1)), free, budget)
    with suppress(CapError):
        asyncio.run(metered.complete(question(30, wanted)))
    assert budget.reached is reached


def test_a_cap_on_dollars_is_kept_and_reported() -> None:
    model, budget = Model(Usage(10, 10, 1)), Budget(max_cost=0.9)
    metered = Metered(model, cent_a_token, budget)

    async def ask() -> None:
        await metered.complete(question(30, 20))
        await metered.complete(question(30, 20))
        with pytest.raises(CapError, match=r"\$0\.9 would be passed: \$0\.4"):
            await metered.complete(question(30, 60))

    asyncio.run(ask())
    assert len(model.asked) == 2


def test_a_cap_on_dollars_needs_a_price() -> None:
    metered = Metered(Model(), lambda *_: None, Budget(max_cost=1))
    with pytest.raises(CapError, match="no price is known"):
        asyncio.run(metered.complete(question()))


def test_prices_are_known_or_not_never_guessed() -> None:
    assert price("gpt-4o-mini", "", 1_000_000, 0) == pytest.approx(0.15, rel=0.5)
    assert price("gpt-4o-mini-2024-07-18", "", 1000, 100) == price("gpt-4o-mini", "", 1000, 100)
    assert price("text-embedding-3-small", "", 1_000_000, 0) == pytest.approx(0.02, rel=0.5)
    for model, address in (("nonsense", ""), ("", ""), ("gpt-4o-mini", "http://127.0.0.1:1/v1")):
        assert price(model, address, 1, 1) is None


@given(st.lists(st.tuples(st.integers(0, 9), st.none() | st.floats(0, 9)), max_size=5))
def test_a_sum_is_unknown_where_a_part_is(parts: list[tuple[int, float | None]]) -> None:
    total = sum((Usage(n, n, 1, cost) for n, cost in parts), Usage())
    assert (total.cost_usd is None) == any(cost is None for _, cost in parts)
    assert Usage.from_value(total.to_value()).tokens == total.tokens


def test_what_a_picture_may_take_is_set_aside() -> None:
    shown = Message("user", "What?", (PromptImage("image/png", b"x"),))
    asked = ModelRequest("m", (shown,), max_tokens=10)
    model = Model()
    with pytest.raises(CapError, match="may take"):
        asyncio.run(Metered(model, free, Budget(max_tokens=MOST_TOKENS)).complete(asked))
    assert model.asked == []
    asyncio.run(Metered(model, free, Budget(max_tokens=MOST_TOKENS + 100)).complete(asked))
    assert model.asked == [asked]
