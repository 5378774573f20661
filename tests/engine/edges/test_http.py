"""`http` edges through the guarded fetcher to a real server on loopback, which the operator lets a run reach."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import Services
from registry_tool.engine.events import SERVICE_CALLED, Event
from registry_tool.engine.providers.http.guarded_fetcher import GuardedFetcher
from registry_tool.engine.providers.outbound import OutboundServices
from registry_tool.engine.run import RunResult, RunSettings, run
from tests.engine.loopback import Answer, Asked, Loopback, loopback
from tests.engine.small import go, workflow

SPEC = """
  blocks: [{ id: city, type: text }, { id: weather, type: structured }]
  edges: [{ id: fetch, source: city, target: weather, type: http, config: CONFIG }]
  interface: { inputs: [{ name: city, required: true }], outputs: [{ name: weather }] }
"""


class Served:
    """A server, and runs of one http edge against it."""

    def __init__(self, server: Loopback, port: int) -> None:
        self.asked = server.asked
        self.host = f"127.0.0.1:{port}"
        self.events: list[Event] = []
        self.secrets: dict[str, frozenset[str]] = {}

    def fetch(self, config: Object, city: str = "Oslo", **settings: Any) -> RunResult:
        config = {"url": f"http://{self.host}/v1/{{{{city}}}}", **config}
        fetcher = GuardedFetcher([self.host], [self.host])
        services = Services(outbound=OutboundServices(fetcher, secrets=self.secrets))
        result = RunSettings("x", services=services, listeners=(self.events.append,), **settings)

        async def once() -> RunResult:
            try:
                flow = workflow(SPEC.replace("CONFIG", json.dumps(config)))
                return await run(flow, {"city": city}, result)
            finally:
                await fetcher.aclose()

        return asyncio.run(once())

    def value(self, config: Object, city: str = "Oslo") -> Value:
        result = self.fetch(config, city)
        assert not result.error, result.error
        return result.outputs["weather"]


def reply(asked: Asked) -> Answer:
    if asked.path.endswith("/busy"):
        return Answer("slow down", 503, {"retry-after": "1"})
    if asked.path.endswith("/nan"):
        return Answer('{"n": NaN}', headers={"content-type": "application/json"})
    if asked.path.endswith("/broken"):
        return Answer("{", headers={"content-type": "application/json"})
    if asked.path.endswith("/slow"):
        return Answer(
            "a" * 99 + "-" + "a" * 99, headers={"content-type": "text/plain; charset=punycode"}
        )
    if asked.path.endswith("/text"):
        return Answer("14 °C", headers={"content-type": "text/plain; charset=utf-8"})
    return Answer({"degrees": 14}, headers={"content-type": "application/json"})


@pytest.fixture
def served() -> Iterator[Served]:
    with loopback(reply) as server:
        yield Served(server, server._port)


def test_a_request_and_its_json(served: Served) -> None:
    config: Object = {
        "method": "post",
        "headers": {"X-City": "{{city}}"},
        "query": {"q": "{{city}}&a=b"},
        "body": {"name": "{{city}}"},
    }
    assert served.value(config) == {"degrees": 14}
    (asked,) = served.asked
    assert (asked.method, asked.path, asked.query) == ("POST", "/v1/Oslo", {"q": "Oslo&a=b"})
    assert (asked.headers["x-city"], asked.json) == ("Oslo", {"name": "Oslo"})
    (found,) = [event for event in served.events if event.name == SERVICE_CALLED]
    assert found.metadata == {"edge": "fetch", "service": "127.0.0.1"}


def test_kinds_of_answers(served: Served) -> None:
    assert served.value({}, "text") == "14 °C"
    assert served.value({"response": "text"}) == '{"degrees": 14}'
    assert served.value({"response": "base64"}, "text") == "MTQgwrBD"
    full: Any = served.value({"response": "full", "expect_status": [200, 503]}, "busy")
    assert (full["status"], full["body"]) == (503, "slow down")
    whatever: Any = served.value({"response": "full", "expect_status": "any"}, "busy")
    assert whatever["status"] == 503


def test_an_input_cannot_leave_the_path(served: Served) -> None:
    served.value({}, "a b\r\nX-Evil: 1")
    (asked,) = served.asked
    assert asked.path == "/v1/a%20b%0D%0AX-Evil:%201"
    assert "x-evil" not in asked.headers


@pytest.mark.parametrize(
    ("config", "city", "expected"),
    [
        ({}, "busy", "127.0.0.1 answered 503: slow down"),
        ({}, "nan", "not finite"),
        ({}, "broken", "the answer is not JSON"),
        ({}, "slow", "the answer is in a charset that is not read"),
        ({"response": "json"}, "text", "the answer is not JSON"),
        ({"method": "TRACE"}, "", "config.method: must be one of"),
        ({"headers": {"X-A": "{{city}}"}}, "a\r\nb: c", "is not a header"),
        ({"headers": {"A b": "c"}}, "", "is not a header"),
        ({"url": "http://{{city}}/"}, "evil.example", "evil.example is not declared"),
        ({"url": "file:///etc/passwd"}, "", "only http and https"),
        ({"timeout": "soon"}, "", "config.timeout"),
        ({"response": "xml"}, "", "config.response: must be one of"),
        ({"auth": {"secret": "KEY"}}, "", "KEY is not declared for the host 127.0.0.1:"),
        ({"largest": 3}, "", "more than 3 bytes"),
    ],
)
def test_what_goes_wrong_is_reported(
    served: Served, config: Object, city: str, expected: str
) -> None:
    result = served.fetch(config, city)
    assert expected in result.error
    assert "the http edge fetch" in result.error


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ({}, "authorization", "Bearer s3cret"),
        ({"type": "basic"}, "authorization", "Basic czNjcmV0"),
        ({"type": "header", "name": "X-Key"}, "x-key", "s3cret"),
    ],
)
def test_a_secret_goes_to_its_host(
    served: Served, auth: Object, header: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.secrets["KEY"] = frozenset({served.host})
    variable = f"KEY__127_0_0_1__P__{served.host.split(':')[1]}"
    unset = served.fetch({"auth": {"secret": "KEY", **auth}})
    assert f"set the environment variable {variable};" in unset.error
    monkeypatch.setenv(variable, "s3cret")
    served.value({"auth": {"secret": "KEY", **auth}})
    assert served.asked[-1].headers[header] == value
    assert all("s3cret" not in str(event.metadata) for event in served.events)


def test_a_secret_in_the_query(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    served.secrets["KEY"] = frozenset({served.host})
    variable = f"KEY__127_0_0_1__P__{served.host.split(':')[1]}"
    monkeypatch.setenv(variable, "s 3")
    served.value({"auth": {"secret": "KEY", "type": "query", "name": "key"}})
    assert served.asked[-1].query == {"key": "s 3"}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://api-bank.example/", "set the environment variable KEY__API__H__BANK_EXAMPLE;"),
        (
            "https://api.bank.example:8443/",
            "KEY is not declared for the host api.bank.example:8443",
        ),
        ("https://api.bank.example:444/", "KEY__API_BANK_EXAMPLE__P__444;"),
        ("http://api.bank.example/", "would go to api.bank.example without encryption"),
        ("http://api.bank.example:443/", "KEY is not declared for the host api.bank.example:443"),
        ("https://api.bank.example:x/", "this is not an address"),
    ],
)
def test_a_secret_of_one_host_goes_to_no_other_one_no_other_port_and_not_in_the_open(
    served: Served, url: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.secrets["KEY"] = frozenset(
        {"api.bank.example", "api-bank.example", "api.bank.example:444"}
    )
    monkeypatch.setenv("KEY__API_BANK_EXAMPLE", "s3cret")
    result = served.fetch({"url": url, "auth": {"secret": "KEY"}})
    assert expected in result.error
    assert served.asked == []


def test_a_busy_server_is_asked_again(served: Served) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    result = served.fetch({"retries": 2}, "busy", sleep=sleep)
    assert (len(served.asked), waits) == (3, [1.0, 1.0])
    assert "answered 503" in result.error


def test_a_run_without_doors_says_so() -> None:
    config = '{ url: "http://api.example.com/" }'
    result = go(workflow(SPEC.replace("CONFIG", config)), {"city": "x"})
    assert "no way to other hosts" in result.error
