from __future__ import annotations

import pytest

from registry_tool.catalogue.environments import EnvironmentSettings
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.values import Object
from registry_tool.deploy.configuration import (
    ASKED,
    REGISTRYS,
    config_digest,
    config_value,
    overlay_of,
    read_config,
    resolve_secrets,
)
from registry_tool.manifest.model import Environment, ExternalApi, Metadata, Workflow
from registry_tool.manifest.schemas import REGISTRY_SCHEMA, schema_object

PRODUCTION = EnvironmentSettings(
    "production",
    secrets=("SEARCH_KEY",),
    limits={"memory": "1Gi", "tokens_per_run": 100},
    overlay={"llm_model": "small", "variables": {"A": "1", "B": "2"}},
)

TOKEN = "sk-proj-" + "Zk3v9QpLx7Tn2RbY8sWm" + "4HdGf6JcUeA1oViXqKtN"


def workflow(*apis: ExternalApi) -> Workflow:
    return Workflow(Metadata("hello", "1.0.0"), (), (), external_apis=apis)


def test_the_request_comes_on_top_and_caps_stay_the_registrys() -> None:
    asked: Object = {"temperature": 0.1, "variables": {"B": "3"}}
    assert overlay_of(PRODUCTION, asked) == {
        "llm_model": "small",
        "temperature": 0.1,
        "variables": {"A": "1", "B": "3"},
        "limits": {"tokens_per_run": 100},
    }
    assert overlay_of(None, {}) == {}


def test_a_configuration_is_kept_whole() -> None:
    environment = Environment("production", {"debug": True}, {"A": "1"}, {"concurrency": 2})
    config = config_value(environment)
    assert config == {"debug": True, "variables": {"A": "1"}, "limits": {"concurrency": 2}}
    assert config_digest(config) == config_digest(dict(reversed(config.items())))
    assert config_digest(config) != config_digest({})


@pytest.mark.parametrize(
    ("value", "location", "reason"),
    [
        ({"limits": {}}, "request: config.limits", "belongs to the registry"),
        ({"secrets": ["A"]}, "request: config.secrets", "belongs to the registry"),
        (
            {"base_url": "https://a.example/v1"},
            "request: config.base_url",
            "belongs to the registry",
        ),
        ({"provider": "bogus"}, "request: config.provider", "one of local, openai, replay"),
        ({"llm_modell": "x"}, "request: config", "llm_modell"),
        (
            {"temperature": 9},
            "request: config.temperature",
            "temperature must be from 0 to 5, not 9",
        ),
        ({"variables": {"a b": 1}}, "request: config.variables", "a b"),
        ({"variables": {"KEY": TOKEN}}, "request: config", "looks like a secret"),
    ],
)
def test_what_a_request_may_not_say(value: Object, location: str, reason: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_config(value)
    assert caught.value.location.startswith(location)
    assert reason in str(caught.value)
    assert caught.value.hint
    assert TOKEN[8:] not in str(caught.value)


def test_every_key_of_an_environment_is_a_requests_or_the_registrys() -> None:
    """A new one is nobody's until somebody thought about who may set it."""
    known = schema_object(REGISTRY_SCHEMA)["$defs"]["environment"]["properties"]  # type: ignore[index, call-overload]
    assert set(known) == {*ASKED, *REGISTRYS}
    assert not set(ASKED) & set(REGISTRYS)


def test_what_a_required_service_lacks_is_named_and_no_value_is_reported() -> None:
    search = ExternalApi("search", secrets=("SEARCH_KEY", "SEARCH_ID"))
    with pytest.raises(RegistryError) as caught:
        resolve_secrets([workflow(search)], (), PRODUCTION, {"SEARCH_KEY": "hunter2"})
    assert "SEARCH_ID (for search)" in caught.value.reason
    assert "name SEARCH_ID in environments.production.secrets" in caught.value.hint
    found = resolve_secrets(
        [workflow(search)], (), PRODUCTION, {"SEARCH_KEY": "hunter2", "SEARCH_ID": "x"}
    )
    assert found.present == ("SEARCH_ID", "SEARCH_KEY")
    assert "hunter2" not in repr(found)


def test_a_secret_for_a_host_is_looked_for_under_the_name_that_runs_read() -> None:
    bank = ExternalApi("bank", hosts=("api-bank.example", "b.example:8443"), secrets=("TOKEN",))
    both = "TOKEN__API__H__BANK_EXAMPLE or TOKEN__B_EXAMPLE__P__8443 \\(for bank\\)"
    with pytest.raises(RegistryError, match=both):
        resolve_secrets(
            [workflow(bank)], (), PRODUCTION, {"TOKEN": "x", "TOKEN__API_BANK_EXAMPLE": "x"}
        )
    found = resolve_secrets([workflow(bank)], (), PRODUCTION, {"TOKEN__B_EXAMPLE__P__8443": "x"})
    assert found.present == ("TOKEN__B_EXAMPLE__P__8443",)
    assert found.absent == ("TOKEN__API__H__BANK_EXAMPLE",)


def test_what_is_not_required_may_be_absent() -> None:
    search = ExternalApi("search", required=False, secrets=("SEARCH_KEY",))
    found = resolve_secrets([workflow(search)], (), None, {})
    assert (found.present, found.absent) == ((), ("SEARCH_KEY",))


def test_a_provider_needs_one_of_its_names() -> None:
    names = ("OPENAI_API_KEY", "OPENAI_BASE_URL")
    with pytest.raises(RegistryError, match="OPENAI_API_KEY or OPENAI_BASE_URL"):
        resolve_secrets([], names, PRODUCTION, {"OPENAI_API_KEY": ""})
    found = resolve_secrets([], names, PRODUCTION, {"OPENAI_BASE_URL": "http://localhost"})
    assert found.present == ("OPENAI_BASE_URL",)
