"""Where a forge answers, and that nothing without encryption leaves this machine."""

from __future__ import annotations

import pytest

from registry_tool.commands.account.forge_server import ForgeServer, forge_server
from registry_tool.core.errors import UsageError

ENTERPRISE = {
    "GITHUB_SERVER_URL": "https://g.example",
    "GITHUB_API_URL": "https://g.example/api/v3",
}


@pytest.mark.parametrize(
    ("host", "environ", "expected"),
    [
        ("", {}, ("github.com", "https://github.com", "https://api.github.com")),
        ("GitHub.com", {}, ("github.com", "https://github.com", "https://api.github.com")),
        ("", ENTERPRISE, ("g.example", "https://g.example", "https://g.example/api/v3")),
        ("github.com", ENTERPRISE, ("github.com", "https://github.com", "https://api.github.com")),
        ("h.example", {}, ("h.example", "https://h.example", "https://h.example/api/v3")),
        ("o.ghe.com", {}, ("o.ghe.com", "https://o.ghe.com", "https://api.o.ghe.com")),
    ],
)
def test_a_forge(host: str, environ: dict[str, str], expected: tuple[str, str, str]) -> None:
    assert forge_server(host, environ) == ForgeServer(*expected)


def test_no_encryption_no_token() -> None:
    with pytest.raises(UsageError, match="not an address of a forge's API"):
        forge_server("", {"GITHUB_API_URL": "http://g.example/api/v3"})
