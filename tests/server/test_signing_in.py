"""Logging in over HTTP: an identity token becomes tokens of the registry's own, which rotate and end."""

from __future__ import annotations

import pytest

from registry_tool.commands.account.provider_keys import ProviderKeys
from registry_tool.server.signing_in import EXCHANGE, ID_TOKEN
from registry_tool.state.audit_log import entries
from tests.conftest import RegistryFolder
from tests.security.tokens.identity_provider import ISSUER, Provider, claims, token
from tests.server.signing_in import MEMBERS, NOW, Served, bearer, served

TOKEN, REVOKE, WHO = (f"/api/v1/auth/{name}" for name in ("token", "revoke", "whoami"))
PROVIDERS = f"""\
  providers:
    corporate: {{ issuer: {ISSUER}, client_id: puppy-cli, subjects: {{ 00u1: ada }} }}
"""


@pytest.fixture
def live(registry: RegistryFolder) -> Served:
    found = served(registry, MEMBERS + PROVIDERS)
    found.context.__dict__["provider_keys"] = ProviderKeys(Provider())
    return found


def exchanged(live: Served, text: str) -> tuple[int, dict[str, str]]:
    data = {"grant_type": EXCHANGE, "subject_token": text, "subject_token_type": ID_TOKEN}
    answer = live.client.post(TOKEN, data=data)
    return answer.status_code, answer.json()


def refreshed(live: Served, text: str) -> tuple[int, dict[str, str]]:
    answer = live.client.post(TOKEN, data={"grant_type": "refresh_token", "refresh_token": text})
    return answer.status_code, answer.json()


def test_a_login_from_its_begin_to_its_end(live: Served) -> None:
    status, first = exchanged(live, token(claims(NOW)))
    assert (status, first["token_type"], first["expires_in"]) == (200, "Bearer", 600)
    me = live.client.get(WHO, headers=bearer(first["access_token"])).json()
    assert (me["login"], me["id"]) == ("ada", 1)
    status, second = refreshed(live, first["refresh_token"])
    assert status == 200
    assert live.client.post(REVOKE, data={"token": second["refresh_token"]}).status_code == 200
    for used in (first, second):
        assert live.client.get(WHO, headers=bearer(used["access_token"])).status_code == 401
    assert refreshed(live, second["refresh_token"])[0] == 400
    noted = [entry.action for entry in entries(live.target, "registry")]
    assert noted == ["session-new", "token-revoke"]


def test_a_stolen_refresh_token_is_noted(live: Served) -> None:
    _, first = exchanged(live, token(claims(NOW)))
    refreshed(live, first["refresh_token"])
    status, problem = refreshed(live, first["refresh_token"])
    assert (status, problem["error"]) == (400, "invalid_grant")
    assert [entry.action for entry in entries(live.target, "registry")][-1] == "token-reuse"


def test_an_identity_token_is_exchanged_once_and_only_where_it_is_for(live: Served) -> None:
    one = token(claims(NOW))
    assert exchanged(live, one)[0] == 200
    for bad in (one, token(claims(NOW, sub="00u9")), token(claims(NOW, aud="x")), "a.b.c"):
        status, problem = exchanged(live, bad)
        assert (status, problem["error"]) == (400, "invalid_grant")
        assert bad not in str(problem)


def test_nobody_ends_what_is_not_theirs(live: Served) -> None:
    _, tokens = exchanged(live, token(claims(NOW)))
    sid = tokens["refresh_token"].split("_")[1]
    for junk in (f"puppyr_{sid}_{'0' * 48}", sid, "junk"):
        assert live.client.post(REVOKE, data={"token": junk}).status_code == 200
    assert refreshed(live, tokens["refresh_token"])[0] == 200
    key = live.key("ada")
    live.client.post(REVOKE, data={"token": key.secret})
    assert live.client.get(WHO, headers=bearer(key.secret)).status_code == 401


def test_what_is_no_request_for_a_token(live: Served) -> None:
    cases: tuple[tuple[dict[str, str], int], ...] = (
        ({}, 415),
        ({"grant_type": "password"}, 400),
        ({"grant_type": "refresh_token"}, 400),
        ({"grant_type": EXCHANGE, "subject_token": "x", "subject_token_type": "x"}, 400),
        ({"grant_type": "refresh_token", "refresh_token": "x" * 40_000}, 413),
        ({str(number): "x" for number in range(40)}, 400),
    )
    for data, status in cases:
        assert live.client.post(TOKEN, data=data).status_code == status


def test_other_bodies_and_what_is_reported_to_clients(live: Served) -> None:
    assert live.client.post(TOKEN, json={}).status_code == 415
    twice = "grant_type=a&grant_type=b"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert live.client.post(TOKEN, content=twice, headers=form).status_code == 400
    assert live.client.post(TOKEN, content=b"\xff=%ff", headers=form).status_code == 400
    document = live.client.get("/api/v1/auth/providers").json()
    assert document["audience"].startswith("urn:workflow-registry:")
    assert document["providers"][0]["client_id"] == "puppy-cli"
    assert live.client.get(WHO).json()["login"] is None
