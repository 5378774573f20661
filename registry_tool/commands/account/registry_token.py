"""The token to send to a live registry: what is kept, or an access token for a refresh token that is kept."""

from __future__ import annotations

from typing import Final

from registry_tool.commands.account.provider_login import ProviderLogin
from registry_tool.core.replacing import only_one
from registry_tool.forge.tokens.found import TokenStore
from registry_tool.forge.tokens.token import HostToken
from registry_tool.security.tokens.opaque import read_opaque

REFRESHED: Final = "a refreshed login"


def registry_token(store: TokenStore, host: str, login: ProviderLogin) -> HostToken:
    """A host's token; of a login by a provider, a fresh access token, and the next refresh token is kept.

    One process at a time: a refresh token counts once, and two that use the same one would end the login.
    """
    found = store.demand(host, f"puppy-cli login --registry {login.address}")
    if read_opaque("refresh", found.secret) is None:
        return found
    with only_one(store.files.folder):
        current = store.demand(host)
        tokens = login.again(current.secret)
        store.keep(host, tokens.refresh)
    return HostToken(host, REFRESHED, tokens.access)
