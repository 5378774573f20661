"""Whose request it is, for honest and for lying headers."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

from registry_tool.core.errors import UsageError
from registry_tool.server.app import create_app
from registry_tool.server.authentication_gate import BAD_TOKENS
from registry_tool.server.context import Context
from registry_tool.server.forwarded import client_of, counted_as, network
from registry_tool.server.static_output import StaticOutput
from tests.conftest import RegistryFolder
from tests.server.signing_in import served

TRUSTED = (network("10.0.0.0/8"), network("fd00::/64"))
PEER = "10.0.0.1"


@pytest.mark.parametrize(
    ("peer", "lines", "client"),
    [
        (PEER, [], PEER),
        (PEER, ["203.0.113.9"], "203.0.113.9"),
        ("fd00::1", ["2001:db8::1"], "2001:db8::1"),
        (PEER, ["203.0.113.9, 10.0.0.2"], "203.0.113.9"),
        (PEER, ["203.0.113.9", "10.0.0.2"], "203.0.113.9"),
        (PEER, ["203.0.113.9:4711"], "203.0.113.9"),
        (PEER, ["[2001:db8::1]:80"], "2001:db8::1"),
        ("::ffff:10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        # Somebody who isn't trusted says what they like.
        ("203.0.113.9", ["192.0.2.1"], "203.0.113.9"),
        ("203.0.113.9", ["10.0.0.1"], "203.0.113.9"),
        # What a client wrote stands before what the proxy added.
        (PEER, ["192.0.2.1, 203.0.113.9"], "203.0.113.9"),
        (PEER, ["10.0.0.3, 203.0.113.9"], "203.0.113.9"),
        (PEER, ["192.0.2.1", "203.0.113.9, 10.0.0.2"], "203.0.113.9"),
        # What is no address ends the way.
        (PEER, ["203.0.113.9, unknown"], PEER),
        (PEER, ["unknown, 203.0.113.9"], "203.0.113.9"),
        (PEER, ["203.0.113.9, <script>, 10.0.0.2"], "10.0.0.2"),
        (PEER, [""], PEER),
        (PEER, [",,,"], PEER),
        (PEER, ["127.1"], PEER),
        (PEER, ["fe80::1%eth0"], PEER),
        (PEER, ["\x00, 203.0.113.9\t"], "203.0.113.9"),
        # Nobody is paid for a longer line.
        (PEER, ["192.0.2.1" + ", 10.0.0.2" * 100_000], "10.0.0.2"),
        ("testclient", ["192.0.2.1"], "testclient"),
    ],
)
def test_the_nearest_address_that_is_no_proxys(peer: str, lines: list[str], client: str) -> None:
    assert client_of(peer, lines, TRUSTED) == client


@pytest.mark.parametrize("text", ["", "proxy.example.com", "10.0.0.0/33", "0.0.0.0/0", "::/0"])
def test_what_is_no_network_or_everybodys_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        network(text)
    assert caught.value.hint


@pytest.mark.parametrize(("trusted", "statuses"), [((), [401, 429]), (TRUSTED, [401, 401])])
def test_limits_and_log_know_the_client(
    registry: RegistryFolder,
    caplog: pytest.LogCaptureFixture,
    trusted: tuple[object, ...],
    statuses: list[int],
) -> None:
    live = served(registry).context.registry
    shared = Context(live, StaticOutput(None), trusted_proxies=trusted)  # type: ignore[arg-type]
    for _ in range(int(BAD_TOKENS.at_once) - 1):
        shared.rate_limits.take(BAD_TOKENS, PEER)
    found = []
    with TestClient(create_app(shared), client=(PEER, 80)) as client, caplog.at_level("INFO"):
        for address in ("203.0.113.9", "203.0.113.10"):
            headers = {"Authorization": "Bearer none", "X-Forwarded-For": address}
            found.append(client.get("/api/v1/workflows", headers=headers).status_code)
    assert found == statuses
    lines = [json.loads(one.message) for one in caplog.records if "http_request" in one.message]
    heard = {line["metadata"]["client"] for line in lines}
    assert heard == ({"203.0.113.9", "203.0.113.10"} if trusted else {PEER})


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "::ffff:203.0.113.9"),
        ("testclient", "testclient"),
    ],
)
def test_a_customers_addresses_count_as_one(address: str, counted: str) -> None:
    assert counted_as(address) == counted
