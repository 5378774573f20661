"""`login`, `logout`, `whoami`: a token is asked for, tried before it is kept, kept for one host, forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from registry_tool.commands.account.forge_server import ForgeServer
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object, Value
from registry_tool.forge.github.accounts import GitHubAccounts
from registry_tool.forge.github.device_flow import DeviceCode, DeviceFlow
from registry_tool.forge.github.errors import GitHubRefusedError
from registry_tool.forge.github.http import GitHubHttp
from registry_tool.forge.github.rate_limits import Pace
from registry_tool.forge.model import Account
from registry_tool.forge.tokens.found import TokenStore
from registry_tool.forge.tokens.token import HostToken, checked_secret

_UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True)
class LoginResult:
    """Who a token speaks for on which host (nobody where it is a job's or an app's), and where the token is."""

    token: HostToken
    account: Account | None

    def to_value(self) -> Object:
        """As the commands print it; the token is not part of it."""
        account = self.account
        scopes: Value = None if account is None or account.scopes is None else [*account.scopes]
        return {
            "host": self.token.host,
            "login": account.login if account else None,
            "id": account.id if account else None,
            "scopes": scopes,
            "expires": (account.expires or None) if account else None,
            "source": self.token.source,
        }


def login(
    store: TokenStore, server: ForgeServer, secret: str, pace: Pace | None = None
) -> LoginResult:
    """Keep a token for a forge once it has said whose it is; `RegistryError` where it refuses the token."""
    tried = HostToken(server.host, "what was given", checked_secret(secret))
    account = _who(tried, server, pace)
    return LoginResult(store.keep(server.host, tried.secret), account)


def token_by_code(
    server: ForgeServer,
    client_id: str,
    scope: str,
    show: Callable[[DeviceCode], None],
    pace: Pace | None = None,
) -> str:
    """A token that somebody agrees to on the forge's page, where they type the code that `show` gets."""
    pace = pace or Pace()
    flow = DeviceFlow(server.site, client_id, pace)
    code = flow.start(scope)
    show(code)
    return flow.wait(code, pace.notify)


def who_am_i(store: TokenStore, server: ForgeServer, pace: Pace | None = None) -> LoginResult:
    """Whom the forge takes the user for; `UsageError` where there is no token for it."""
    token = store.demand(server.host)
    return LoginResult(token, _who(token, server, pace))


def _who(token: HostToken, server: ForgeServer, pace: Pace | None) -> Account | None:
    try:
        return GitHubAccounts(GitHubHttp(token.secret, server.api, pace=pace)).who()
    except GitHubRefusedError as error:
        if error.status != _UNAUTHORIZED:
            raise
        raise RegistryError(
            f"{token.host} doesn't accept the token from {token.source}: it is unknown, revoked or expired",
            hint="run `puppy-cli login` again, or make a new one",
        ) from None
