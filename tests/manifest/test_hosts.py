from __future__ import annotations

import pytest

from registry_tool.manifest.hosts import host_and_port, is_declared


@pytest.mark.parametrize(
    ("host", "port", "is_known"),
    [
        ("api.example.com", 443, True),
        ("api.example.com", 8443, False),
        ("own.example.com", 8443, True),
        ("own.example.com", 443, False),
        ("a.b.example.org", 443, True),
        ("example.org", 443, False),
        ("badexample.org", 443, False),
        ("api.example.com.evil.example", 443, False),
    ],
)
def test_what_is_declared(host: str, port: int, is_known: bool) -> None:
    hosts = ["API.example.com", "own.example.com:8443", "*.example.org."]
    assert is_declared(hosts, host, port, "https") is is_known


def test_the_host_of_an_address() -> None:
    assert host_and_port("https", "API.example.com.") == ("api.example.com", 443)
    assert host_and_port("http", "[::1]:8080") == ("::1", 8080)
    for broken in ("[bad", "", "a:b"):
        with pytest.raises(ValueError, match=r"."):
            host_and_port("https", broken)
