"""Where `publish` goes: a clone's branch, a repository on a forge, or a live registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from registry_tool.commands.account.forge_server import ForgeServer, forge_server
from registry_tool.core.errors import UsageError
from registry_tool.forge.github.client import remote_of
from registry_tool.forge.tokens.found import forge_host
from registry_tool.forge.tokens.token import GITHUB, host_of
from registry_tool.sources.configuration.location import LocationKind, kind_of, repository_name


@dataclass(frozen=True, slots=True)
class ForgeRepository:
    """A registry's repository on a forge."""

    server: ForgeServer
    repository: str


def forge_repository(location: str, environ: Mapping[str, str]) -> ForgeRepository | None:
    """The repository that a location names: `OWNER/REPO`, or its address on github.com or the forge that is meant.

    None for a folder and for any other address.
    """
    kind = kind_of(location)
    if kind is LocationKind.REPOSITORY:
        host = GITHUB if "://" in location else ""
        return ForgeRepository(forge_server(host, environ), repository_name(location))
    if kind is LocationKind.FOLDER or host_of(location) != forge_host(environ):
        return None
    try:
        return ForgeRepository(forge_server("", environ), remote_of(location).repository)
    except UsageError:  # a page there, such as a built site's
        return None
