"""Which token goes to a live registry: a kept one as it is, a login's as a fresh access token."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.account.provider_login import ProviderLogin
from registry_tool.commands.account.registry_token import registry_token
from registry_tool.core.errors import RegistryError
from registry_tool.core.http import Answer, Ask
from registry_tool.forge.tokens.found import TokenStore
from registry_tool.forge.tokens.token_file import TokenFiles
from registry_tool.security.tokens.opaque import new_opaque

HOST = "registry.example.com"


def test_a_login_is_gone_on_with_and_the_next_token_kept(tmp_path: Path) -> None:
    store = TokenStore({}, TokenFiles(tmp_path), lambda: None)
    first, second = (new_opaque("refresh").text for _ in range(2))
    asked: list[bytes] = []

    def answer(ask: Ask) -> Answer:
        asked.append(ask.body or b"")
        if len(asked) > 1:
            return Answer(400, {}, b'{"detail": "it was revoked"}')
        return Answer(200, {}, f'{{"access_token": "a", "refresh_token": "{second}"}}'.encode())

    login = ProviderLogin(f"https://{HOST}", exchange=answer)
    store.keep(HOST, "puppyk_key")
    assert registry_token(store, HOST, login).secret == "puppyk_key"
    assert asked == []
    store.keep(HOST, first)
    assert registry_token(store, HOST, login).secret == "a"
    assert first.encode() in asked[0]
    assert store.demand(HOST).secret == second
    with pytest.raises(RegistryError, match="revoked"):
        registry_token(store, HOST, login)
    assert store.demand(HOST).secret == second
