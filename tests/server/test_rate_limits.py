"""How often somebody may ask."""

from __future__ import annotations

import pytest

from registry_tool.server import rate_limits
from registry_tool.server.problems import ProblemError
from registry_tool.server.rate_limits import BAD_TOKENS, Rate, RequestRates
from tests.conftest import RegistryFolder
from tests.server.signing_in import bearer, served


def test_a_bucket_empties_and_fills_again() -> None:
    ticks = [0.0]
    limits, rate = RequestRates(ticks=lambda: ticks[0]), Rate(2, 0.5)
    limits.take(rate, "a")
    limits.take(rate, "a")
    with pytest.raises(ProblemError) as caught:
        limits.take(rate, "a")
    assert (int(caught.value.status), caught.value.headers) == (429, {"Retry-After": "2"})
    limits.take(rate, "b")
    ticks[0] = 2.0
    limits.take(rate, "a")
    with pytest.raises(ProblemError):
        limits.take(rate, "a")


def test_workers_share_a_bucket_out() -> None:
    workers = [RequestRates(4, ticks=lambda: 0.0) for _ in range(4)]
    let = 0
    for worker in workers:
        for _ in range(9):
            try:
                worker.take(Rate(8, 1), "a")
            except ProblemError as error:
                assert error.headers == {"Retry-After": "4"}
            else:
                let += 1
    assert let == 8


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "_MOST_BUCKETS", 3)
    limits = RequestRates(ticks=lambda: 0.0)
    for number in range(9):
        limits.take(Rate(1, 1), number)
    assert len(limits._left) == 3


def test_a_flood_of_bad_tokens_keeps_nobody_out(registry: RegistryFolder) -> None:
    live = served(registry)
    live.context.__dict__["rate_limits"] = RequestRates(ticks=lambda: 0.0)
    good, bad = live.headers("ada"), bearer("puppyk_" + "0" * 16 + "_" + "0" * 48)
    path = "/api/v1/index.json"
    codes = [
        live.client.get(path, headers=bad).status_code for _ in range(int(BAD_TOKENS.at_once) + 2)
    ]
    assert codes == [401] * int(BAD_TOKENS.at_once) + [429, 429]
    assert live.client.get(path, headers=good).status_code == 200
    assert live.client.get(path).status_code == 200
