"""What serves is opened once a command."""

from __future__ import annotations

import pytest

from registry_tool.commands.run import opening
from registry_tool.commands.run.opening import opened_once
from registry_tool.state.target import Target, deployed


def test_the_same_version_with_the_same_lock_is_read_once(
    served: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[str] = []
    real = opening.open_serving

    def noted(target: Target, name: str, serving: object) -> object:
        reads.append(name)
        return real(target, name, serving)  # type: ignore[arg-type]

    monkeypatch.setattr(opening, "open_serving", noted)
    serving = deployed(served, "hello", "production").main
    opened = opened_once()
    first = opened(served, "hello", serving)
    assert opened(served, "hello", serving.at(10)) is first
    assert reads == ["hello"]
    assert opened_once()(served, "hello", serving) is not first
    assert reads == ["hello", "hello"]
