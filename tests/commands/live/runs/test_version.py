"""Which version a request means."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry_tool.commands.live.live_registry import LiveRegistry
from registry_tool.commands.live.runs.settings import LIVE, LiveRunSettings
from registry_tool.commands.live.runs.version import Programs, finder
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.state.target import Target


def test_the_embedded_model_may_answer_where_whoever_serves_chose_it(served: Target) -> None:
    snapshot = LiveRegistry(served.root).snapshot()
    for provider, config in (
        ("", {}),
        ("replay", {"provider": "replay"}),
        ("local", {"provider": "local", "substitute": "local"}),
    ):
        find = finder(snapshot, Programs(), LiveRunSettings(provider=provider), "")
        assert find(served, "hello", LIVE).main.config == config


def test_a_program_is_read_once_and_is_what_was_deployed(served: Target) -> None:
    snapshot, programs = LiveRegistry(served.root).snapshot(), Programs()
    find = finder(snapshot, programs, LiveRunSettings(), "^1")
    serving = find(served, "hello", "production").main
    assert programs.at(snapshot, served, "hello", serving) is programs.at(
        snapshot, served, "hello", serving
    )
    with pytest.raises(RegistryError, match="was deployed"):
        programs.at(snapshot, served, "hello", replace(serving, digest="sha256:0"))
    with pytest.raises(NotFoundError, match="not latest-ish"):
        finder(snapshot, programs, LiveRunSettings(), "latest-ish")(served, "hello", "production")
