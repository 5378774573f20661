"""For which member an identity token stands: people by `sub`, jobs by repository and environment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from registry_tool.catalogue.settings import read_settings
from registry_tool.commands.account.provider_keys import ProviderKeys
from registry_tool.commands.live.known_identity import IdentityCheck
from registry_tool.security.tokens.access_token import BadTokenError
from tests.conftest import REGISTRY
from tests.security.tokens.identity_provider import ISSUER, Provider, claims, token

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
JOBS = "https://token.actions.githubusercontent.com"
HERE = "https://registry.example.com"
IDENTITIES = f"""\
access:
  members: [{{ login: ada, id: 1, role: author }}]
  providers:
    corporate:
      issuer: {ISSUER}/
      client_id: puppy-cli
      subjects: {{ 00u1: ada, 00u2: gone }}
      acr: [phr, phrh]
      amr: [mfa]
  publishers:
    - {{ repository: Octo/flows, repository_id: 42, environment: release, member: ada, workflows: [hello],
        workflow_file: publish.yml }}
"""
PERSON: dict[str, Any] = {"acr": "phr", "amr": ["pwd", "mfa"]}
JOB: dict[str, Any] = {
    "iss": JOBS, "aud": HERE, "sub": "repo:octo/flows:environment:release", "repository": "octo/flows",
    "repository_id": "42", "environment": "release",
    "workflow_ref": "octo/flows/.github/workflows/publish.yml@refs/tags/v1",
}  # fmt: skip


def check(issuer: str = ISSUER) -> IdentityCheck:
    settings = read_settings((REGISTRY + IDENTITIES).encode(), "registry.yaml")
    return IdentityCheck(settings, HERE, ProviderKeys(Provider(issuer)))


def test_a_person_is_known_by_their_provider() -> None:
    found = check().known(token(claims(NOW, **PERSON)), NOW)
    assert (found.member.login, found.by, found.lasting) == ("ada", "corporate", True)
    assert "admin" not in found.scopes


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"acr": "pwd"}, "acr"),
        ({"acr": None}, "acr"),
        ({"amr": ["pwd"]}, "amr mfa"),
        ({"amr": "mfa"}, "amr mfa"),
        ({"sub": "00u9"}, "nobody"),
        ({"sub": "00u2"}, "nobody"),
        ({"sub": "ada"}, "nobody"),
        ({"aud": HERE}, "somebody else"),
        ({"iss": "https://evil.example"}, "not one"),
    ],
)
def test_who_is_not_known(more: dict[str, Any], expected: str) -> None:
    with pytest.raises(BadTokenError, match=expected):
        check().known(token(claims(NOW, **{**PERSON, **more})), NOW)


def test_a_job_publishes_for_a_member_what_it_is_trusted_with() -> None:
    found = check(JOBS).known(token(claims(NOW, **JOB)), NOW)
    assert (found.member.login, found.scopes, found.workflows) == ("ada", ("publish",), ("hello",))
    assert not found.lasting
    assert found.token == f"{JOBS}\n1"


@pytest.mark.parametrize(
    "more",
    [
        {"repository_id": "43"},  # the name was given up and taken by somebody else
        {"repository": "octo/fork"},
        {"environment": "staging"},
        {"environment": None},
        {"workflow_ref": "octo/flows/.github/workflows/other.yml@refs/heads/main"},
        {
            "workflow_ref": "evil/x/.github/workflows/publish.yml@octo/flows/.github/workflows/publish.yml"
        },
        {"aud": "https://other-registry.example.com"},
    ],
)
def test_other_jobs_are_nobody(more: dict[str, Any]) -> None:
    with pytest.raises(BadTokenError):
        check(JOBS).known(token(claims(NOW, **{**JOB, **more})), NOW)


def test_a_token_without_a_name_of_its_own_is_reported_by_its_content() -> None:
    fields = {**claims(NOW, **PERSON), "jti": ""}
    first, again, other = (
        check().known(token(one), NOW).token for one in (fields, fields, {**fields, "nonce": "2"})
    )
    assert first == again != other
