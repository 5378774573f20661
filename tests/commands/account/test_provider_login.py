"""Logging in by a provider's page: what a registry and its provider answer is hand-written, but for the tokens."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import pytest

from registry_tool.commands.account.provider_login import (
    LoginProvider,
    ProviderLogin,
    RegistryTokens,
    chosen_provider,
)
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.core.http import Answer, Ask
from registry_tool.forge.github.device_flow import DeviceCode
from registry_tool.forge.github.rate_limits import Pace
from tests.forge.fault_server import Naps
from tests.security.tokens.identity_provider import ISSUER

HERE = "https://registry.example.com"
CORPORATE = LoginProvider("corporate", ISSUER, "puppy-cli", "openid")
ABOUT = {
    "issuer": ISSUER,
    "device_authorization_endpoint": f"{ISSUER}/device",
    "token_endpoint": f"{ISSUER}/token",
}
CODE = {
    "user_code": "ABCD", "device_code": "secret", "verification_uri": f"{ISSUER}/code", "interval": 1,
}  # fmt: skip
GIVEN = {"access_token": "a", "refresh_token": "r"}


class Answers:
    """By address, in order; keeps the forms."""

    def __init__(self, **fields: Any) -> None:
        self.answers = {
            f"{ISSUER}/.well-known/openid-configuration": [ABOUT],
            f"{ISSUER}/device": [fields.get("device", CODE)],
            f"{ISSUER}/token": fields.get(
                "token", [{"error": "authorization_pending"}, {"id_token": "i"}]
            ),
            f"{HERE}/api/v1/auth/token": [fields.get("given", GIVEN)],
            f"{HERE}/api/v1/auth/providers": [fields.get("providers", {})],
        }
        self.forms: list[tuple[str, dict[str, list[str]]]] = []

    def __call__(self, ask: Ask) -> Answer:
        self.forms.append((ask.url, parse_qs((ask.body or b"").decode())))
        value = self.answers[ask.url].pop(0)
        status = 404 if value is None else 400 if "error" in value else 200
        return Answer(status, {}, json.dumps(value).encode())


def login(answers: Answers) -> ProviderLogin:
    naps = Naps()
    return ProviderLogin(HERE, Pace(naps.clock, naps.sleep, lambda: 0.5), answers)


def test_a_login_from_code_to_tokens() -> None:
    answers, shown = Answers(), list[DeviceCode]()
    tokens = login(answers).by(CORPORATE, shown.append)
    assert tokens == RegistryTokens("a", "r")
    assert "a" not in repr(tokens).removeprefix("RegistryTokens")
    assert (shown[0].user_code, shown[0].page) == ("ABCD", f"{ISSUER}/code")
    url, form = answers.forms[-1]
    assert (url, form["subject_token"]) == (f"{HERE}/api/v1/auth/token", ["i"])
    device = next(form for url, form in answers.forms if url == f"{ISSUER}/device")
    assert device == {"client_id": ["puppy-cli"], "scope": ["openid"]}


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        ({"token": [{"error": "access_denied"}]}, "corporate refused: access_denied"),
        ({"token": [{}]}, "no token came"),
        ({"device": {"error": "invalid_client"}}, "invalid_client"),
        ({"device": {**CODE, "verification_uri": "http://evil.example"}}, "no code to type"),
        ({"device": {**CODE, "user_code": "\x1b[2J"}}, "no code to type"),
        ({"given": {"detail": "nobody is known by it here"}}, "nobody is known"),
        ({"given": {}}, "no token"),
    ],
)
def test_what_ends_a_login(expected: dict[str, Any], words: str) -> None:
    with pytest.raises(RegistryError, match=words):
        login(Answers(**expected)).by(CORPORATE, lambda _: None)


def test_nothing_goes_unencrypted_and_missing_providers_are_none() -> None:
    with pytest.raises(UsageError, match="unencrypted"):
        ProviderLogin("http://registry.example.com").again("r")
    assert login(Answers(providers=None)).providers() == []
    with pytest.raises(NotFoundError):
        login(Answers(given=None)).again("r")
    fields = {"providers": [{"name": "corporate", "issuer": ISSUER, "client_id": "x"}, "junk"]}
    assert login(Answers(providers=fields)).providers()[0].name == "corporate"


def test_which_provider_is_meant() -> None:
    other = LoginProvider("other", ISSUER, "x", "openid")
    assert chosen_provider([], "") is None
    assert chosen_provider([CORPORATE], "") == CORPORATE
    assert chosen_provider([CORPORATE, other], "other") == other
    for known, name in (([CORPORATE, other], ""), ([CORPORATE], "x"), ([], "x")):
        with pytest.raises(UsageError):
            chosen_provider(known, name)
