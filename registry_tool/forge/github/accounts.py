"""Whose token it is: https://docs.github.com/rest/users/users#get-the-authenticated-user."""

from __future__ import annotations

from dataclasses import dataclass

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.forge.github.errors import GitHubRefusedError
from registry_tool.forge.github.fields import number, text
from registry_tool.forge.github.http import GitHubHttp
from registry_tool.forge.model import Account

_FORBIDDEN = 403
_SCOPES = "x-oauth-scopes"
_EXPIRES = "github-authentication-token-expiration"


@dataclass(frozen=True, slots=True)
class GitHubAccounts:
    """Who asks."""

    http: GitHubHttp

    def who(self) -> Account | None:
        """GET /user; None for the token of a job or an app, which belongs to no person."""
        try:
            found, headers = self.http.get_with_headers("/user")
        except NotFoundError:
            return None
        except GitHubRefusedError as error:
            if error.status != _FORBIDDEN:
                raise
            return None
        login, id = text(found, "login"), number(found, "id")
        if not login or not id:
            raise RegistryError("GitHub's answer names no account")
        header = headers.get(_SCOPES)
        scopes = None if header is None else tuple(filter(None, map(str.strip, header.split(","))))
        return Account(login, id, scopes, headers.get(_EXPIRES, "")[:40])
