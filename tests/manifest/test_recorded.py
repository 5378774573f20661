from __future__ import annotations

import json

import pytest

from registry_tool.manifest.recorded import recorded_models


def test_each_pair_of_models_is_reported_once() -> None:
    recordings = [
        {"request": {"model": asked}, "answer": {"model": gave}}
        for asked, gave in [("gpt-4", "small"), ("gpt-4", "small"), ("ada", "ada")]
    ]
    data = json.dumps({"recordings": recordings}).encode()
    assert recorded_models(data) == (("ada", "ada"), ("gpt-4", "small"))


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b'{"recordings": [1]}', b"\xff"])
def test_what_cannot_be_read_tells_nothing(data: bytes) -> None:
    assert recorded_models(data) == ()
