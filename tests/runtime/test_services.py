"""A workflow's ways to other hosts: those that it declares, and what known services add."""

from __future__ import annotations

import pytest

from registry_tool.engine.providers.embeddings.local import LocalEmbedder
from registry_tool.engine.providers.models.metered import Budget
from registry_tool.manifest.model import Environment, ExternalApi, Workflow
from registry_tool.runtime.services import declared_hosts, embedder_for, hosts_of, outbound_of
from tests.engine.small import asking


def flow(*apis: ExternalApi) -> Workflow:
    return Workflow(asking().metadata, (), (), external_apis=apis)


def api(name: str, *hosts: str, secrets: tuple[str, ...] = ()) -> ExternalApi:
    return ExternalApi(name, hosts=hosts, secrets=secrets)


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ELASTICSEARCH_URL", "PERPLEXITY_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_a_known_service_brings_its_host() -> None:
    assert declared_hosts(flow()) == frozenset()
    assert declared_hosts(flow(api("google"), api("mine", "api.example.com"))) == {
        *("www.googleapis.com", "api.example.com")
    }
    assert hosts_of(api("google", "www.googleapis.com")) == ["www.googleapis.com"]


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://search.example.com/", ["search.example.com"]),
        ("http://10.0.0.5:9200/x", ["10.0.0.5:9200"]),
        ("", []),
        ("nonsense", []),
    ],
)
def test_the_operator_s_address_of_a_service_counts_where_it_is_declared(
    address: str, host: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELASTICSEARCH_URL", address)
    assert hosts_of(api("elasticsearch")) == host
    assert hosts_of(api("mine")) == []


def test_a_secret_is_for_its_services_hosts_and_never_for_a_pattern() -> None:
    doors = outbound_of(
        flow(
            api("a", "One.example:8443", "*.two.example", secrets=("KEY",)),
            api("b", "three.example", secrets=("KEY", "OTHER")),
            api("c", secrets=("LOST",)),
        )
    )
    assert doors.secrets == {
        "KEY": {"one.example:8443", "three.example"},
        "OTHER": {"three.example"},
        "LOST": frozenset(),
    }
    assert doors.hosts == {"One.example:8443", "*.two.example", "three.example"}
    assert set(doors.web_search) == {"google", "duckduckgo", "perplexity", "elasticsearch"}
    assert set(doors.rerankers) == {"cohere"}


@pytest.mark.parametrize("named", [None, "", LocalEmbedder.name, 5])
def test_vectors_are_the_embedded_model_s_unless_another_is_named(named: object) -> None:
    found = embedder_for(Environment("", {"embedding_model": named}), Budget())  # type: ignore[dict-item]
    assert isinstance(found, LocalEmbedder)
    other = embedder_for(Environment("", {"embedding_model": "ada"}), Budget())
    assert other.name == "ada"
