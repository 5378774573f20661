"""Where a forge is: its host as people know it, its site, its API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from registry_tool.forge.github.http import API, checked_api
from registry_tool.forge.tokens.found import forge_host
from registry_tool.forge.tokens.token import GITHUB, forge_of_api, host_of


@dataclass(frozen=True, slots=True)
class ForgeServer:
    """One forge; tokens for `host` are sent to `api` and `site`, which are on it."""

    host: str
    site: str
    api: str


def forge_server(host: str, environ: Mapping[str, str]) -> ForgeServer:
    """The forge at a host, or the one that the environment means where `host` is empty.

    An address in `GITHUB_API_URL` or `GITHUB_SERVER_URL` counts where it is on that host; else an enterprise
    server answers under /api/v3. `UsageError` for an address without encryption that leads to another machine.
    """
    host = host_of(host) if host else forge_host(environ)
    env_api, env_site = environ.get("GITHUB_API_URL", ""), environ.get("GITHUB_SERVER_URL", "")
    if env_api and forge_of_api(env_api) == host:
        api = env_api
    elif host == GITHUB:
        api = API
    elif host.endswith(".ghe.com"):
        api = f"https://api.{host}"
    else:
        api = f"https://{host}/api/v3"
    site = env_site if env_site and host_of(env_site) == host else f"https://{host}"
    return ForgeServer(host, checked_api(site), checked_api(api))
