"""Which providers there are, and which one is meant where nobody names one."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import MissingToolError, UsageError
from registry_tool.engine.providers import all_providers
from registry_tool.engine.providers.all_providers import (
    ALL_PROVIDERS,
    REPLAY,
    demand_known_providers,
    demand_provider,
    make_provider,
    price_of,
    usual_provider,
)
from registry_tool.engine.providers.models import weights


@pytest.mark.parametrize("name", ALL_PROVIDERS)
def test_a_provider_is_made_by_its_name(name: str) -> None:
    assert make_provider(name).name == name
    demand_provider(name)


def test_an_unknown_name_is_reported_with_what_there_is() -> None:
    demand_provider(REPLAY)
    with pytest.raises(UsageError, match="there is no provider 'opnai'") as error:
        demand_provider("opnai", "registry.yaml")
    assert error.value.location == "registry.yaml"
    assert error.value.hint == "use one of local, openai, replay"
    with pytest.raises(UsageError, match="there is no provider 'replay'"):
        make_provider(REPLAY)  # it needs a cassette


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({"PUPPY_PROVIDER": "replay", "OPENAI_API_KEY": "k"}, "replay"),
        ({"OPENAI_API_KEY": "k"}, "openai"),
        ({"OPENAI_BASE_URL": "http://here"}, "openai"),
        ({"PUPPY_PROVIDER": "", "OPENAI_API_KEY": ""}, "local"),
        ({}, "local"),
    ],
)
def test_the_usual_provider(
    environment: dict[str, str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(all_providers, "find_spec", lambda _: object())
    monkeypatch.setattr(weights, "find_weights", object)
    assert usual_provider(environment) == name


def test_a_machines_provider_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUPPY_PROVIDER", "opnai")
    for asked in (usual_provider, lambda: demand_known_providers("")):
        with pytest.raises(UsageError, match="no provider 'opnai'") as error:
            asked()
        assert error.value.location == "PUPPY_PROVIDER"
    demand_known_providers("local")  # what is named counts before it


@pytest.mark.parametrize("missing", ["find_spec", "find_weights"])
def test_without_any_model_both_ways_out_are_reported(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in ((all_providers, "find_spec"), (weights, "find_weights")):
        found = None if name == missing else object()
        monkeypatch.setattr(module, name, lambda *_, found=found: found)
    with pytest.raises(MissingToolError, match="there is no model to ask") as error:
        usual_provider({})
    assert "models install" in error.value.hint
    assert "OPENAI_API_KEY" in error.value.hint


def test_what_asks_nobody_outside_is_free() -> None:
    for name in ("local", REPLAY):
        assert price_of(name)("gpt-4o", "", 1000, 1000) == 0
    assert price_of("openai")("no-such-model", "", 1000, 1000) is None
