from __future__ import annotations

import pytest

from registry_tool.engine.providers.models.prices import price


def test_a_price_grows_with_the_tokens() -> None:
    one = price("gpt-4o-mini", "", 1000, 1000)
    assert one is not None
    assert price("gpt-4o-mini", "", 2000, 2000) == pytest.approx(2 * one)
    assert price("gpt-4o-mini", "https://api.openai.com/v1", 1000, 1000) == pytest.approx(one)


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:8080/v1",
        "http://127.0.0.1/v1",
        "http://[::1]/v1",
        "http://10.0.0.5/v1",
        "http://[",
    ],
)
def test_a_server_of_ones_own_has_no_price(address: str) -> None:
    assert price("gpt-4o-mini", address, 1000, 1000) is None


@pytest.mark.parametrize("model", ["", "no-such-model-anywhere"])
def test_an_unknown_model_is_not_guessed(model: str) -> None:
    assert price(model, "", 1000, 1000) is None
