"""By whom a live registry lets people and jobs be known: `access.providers` and `access.publishers`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from registry_tool.core.records import Record, field
from registry_tool.core.values import Object

GITHUB_ACTIONS: Final = "https://token.actions.githubusercontent.com"
"""Who issues the tokens of jobs on github.com."""


class IdentityProvider(Record, frozen=True):
    """An OpenID Connect provider at `issuer`, which knows people as `subjects`: its `sub` to a member's login.

    Where `acr` or `amr` are given, a token must tell one of those classes, and all of those methods.
    """

    name: str
    issuer: str
    client_id: str
    subjects: Mapping[str, str] = field(default_factory=dict)
    acr: tuple[str, ...] = ()
    amr: tuple[str, ...] = ()
    scope: str = "openid"


class TrustedPublisher(Record, frozen=True):
    """Jobs of a repository (by name and numeric id) in one of its environments, which publish for a member.

    `workflows` are the only ones that they publish; `workflow_file` the only file of jobs, where it is given.
    """

    repository: str
    repository_id: int
    environment: str
    member: str
    workflows: tuple[str, ...]
    workflow_file: str = ""
    issuer: str = GITHUB_ACTIONS


class Identities(Record, frozen=True):
    """All of them."""

    providers: tuple[IdentityProvider, ...] = ()
    publishers: tuple[TrustedPublisher, ...] = ()


def read_identities(access: Object) -> Identities:
    """Out of the checked `access` of `registry.yaml`."""
    providers = cast(dict[str, Object], access.get("providers") or {})
    publishers = cast(list[Object], access.get("publishers") or [])
    return Identities(
        tuple(_provider(name, fields) for name, fields in providers.items()),
        tuple(_publisher(fields) for fields in publishers),
    )


def _provider(name: str, fields: Object) -> IdentityProvider:
    return IdentityProvider(
        name,
        cast(str, fields["issuer"]).rstrip("/"),
        cast(str, fields["client_id"]),
        cast(dict[str, str], fields.get("subjects") or {}),
        tuple(cast(list[str], fields.get("acr") or [])),
        tuple(cast(list[str], fields.get("amr") or [])),
        cast(str, fields.get("scope", "openid")),
    )


def _publisher(fields: Object) -> TrustedPublisher:
    return TrustedPublisher(
        cast(str, fields["repository"]),
        cast(int, fields["repository_id"]),
        cast(str, fields["environment"]),
        cast(str, fields["member"]),
        tuple(cast(list[str], fields["workflows"])),
        cast(str, fields.get("workflow_file", "")),
        cast(str, fields.get("issuer", GITHUB_ACTIONS)).rstrip("/"),
    )
