"""Which member an identity token stands for: a person by their provider, a job by its repository."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from registry_tool.catalogue.environments import Member
from registry_tool.catalogue.identities import IdentityProvider, TrustedPublisher
from registry_tool.catalogue.model import RegistrySettings
from registry_tool.commands.account.provider_keys import ProviderKeys
from registry_tool.core.records import Record
from registry_tool.security.tokens.access_token import BadTokenError
from registry_tool.security.tokens.identity_token import issuer_of, kid_of, verify_identity
from registry_tool.security.tokens.principal import PUBLISH, USUAL

_NOBODY: Final = "nobody is known by it here"


class KnownIdentity(Record, frozen=True):
    """A member, what their session is for, by what they are known, and the token's own name (issuer and `jti`).

    `lasting`: the session may be gone on with; a job's may not.
    """

    member: Member
    by: str
    scopes: tuple[str, ...]
    workflows: tuple[str, ...]
    token: str
    expires: float
    lasting: bool = False


@dataclass(frozen=True)
class IdentityCheck:
    """Of one registry, which calls itself `audience` to jobs."""

    settings: RegistrySettings
    audience: str
    keys: ProviderKeys

    def known(self, token: str, now: datetime) -> KnownIdentity:
        """Whom a token stands for; `BadTokenError` where it doesn't count, or stands for nobody here."""
        issuer = issuer_of(token)
        identities = self.settings.identities
        providers = [one for one in identities.providers if one.issuer == issuer]
        publishers = [one for one in identities.publishers if one.issuer == issuer]
        if not providers and not publishers:
            raise BadTokenError("its issuer is not one that this registry knows people by")
        keys = self.keys.of(issuer, kid_of(token))
        why = BadTokenError(_NOBODY)
        for provider in providers:
            try:
                claims = verify_identity(token, keys, issuer, provider.client_id, now)
                return self._person(provider, claims, token)
            except BadTokenError as error:
                why = error
        if publishers:
            claims = verify_identity(token, keys, issuer, self.audience, now)
            return self._job(publishers, claims, token)
        raise why

    def _person(
        self, provider: IdentityProvider, claims: dict[str, Any], token: str
    ) -> KnownIdentity:
        login = provider.subjects.get(str(claims["sub"]), "")
        if not login:
            raise BadTokenError(_NOBODY)
        if provider.acr and claims.get("acr") not in provider.acr:
            raise BadTokenError(f"this registry asks for acr {' or '.join(provider.acr)}")
        amr = claims.get("amr")
        methods = set(map(str, amr)) if isinstance(amr, list) else set()
        if missing := [method for method in provider.amr if method not in methods]:
            raise BadTokenError(f"this registry asks for amr {', '.join(missing)}")
        name = _name_of(provider.issuer, claims, token)
        member = self._member(login)
        return KnownIdentity(member, provider.name, USUAL, (), name, claims["exp"], lasting=True)

    def _job(
        self, publishers: Iterable[TrustedPublisher], claims: dict[str, Any], token: str
    ) -> KnownIdentity:
        for one in publishers:
            if _is_of(one, claims):
                by = f"{one.repository} ({one.environment})"
                name = _name_of(one.issuer, claims, token)
                member = self._member(one.member)
                return KnownIdentity(member, by, (PUBLISH,), one.workflows, name, claims["exp"])
        raise BadTokenError("no publisher of this registry is that repository in that environment")

    def _member(self, login: str) -> Member:
        for member in self.settings.access.members:
            if member.login == login:
                return member
        raise BadTokenError(_NOBODY)


def _is_of(publisher: TrustedPublisher, claims: dict[str, Any]) -> bool:
    """Whether a job is the publisher's: by the numeric id, since a name can be given up and taken by others."""
    file = f"{publisher.repository}/.github/workflows/{publisher.workflow_file}"
    ref = str(claims.get("workflow_ref", "")).partition("@")[0]
    return (
        str(claims.get("repository_id", "")) == str(publisher.repository_id)
        and str(claims.get("repository", "")).lower() == publisher.repository.lower()
        and claims.get("environment") == publisher.environment
        and (not publisher.workflow_file or ref.lower() == file.lower())
    )


def _name_of(issuer: str, claims: dict[str, Any], token: str) -> str:
    """What tells the token from every other: it counts once. Without a `jti` its whole content does."""
    jti = claims.get("jti")
    body = token.rpartition(".")[0]
    return f"{issuer}\n{jti}" if isinstance(jti, str) and jti else f"{issuer}\n{body}"
