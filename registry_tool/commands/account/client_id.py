"""Which OAuth app people log in by: what they name, else what the registry's own settings say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from registry_tool.catalogue.load import load_settings
from registry_tool.catalogue.model import LoginSettings
from registry_tool.catalogue.settings import read_settings
from registry_tool.commands.account.forge_server import ForgeServer
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.forge.github.client import GitHub, repository_named
from registry_tool.store import paths
from registry_tool.store.tree import FolderTree

VARIABLE = "PUPPY_CLIENT_ID"


def app_of(
    server: ForgeServer, registry: str, client_id: str, scope: str, environ: Mapping[str, str]
) -> LoginSettings:
    """The app's id and the rights to ask for; `UsageError`, with the other ways in, where no app is known.

    The order is `client_id`, `PUPPY_CLIENT_ID`, `login.client_id` of the registry's `registry.yaml`: a folder's,
    or on the forge where `registry` is `OWNER/REPO` (read as nobody, so a private one's must be named).
    """
    known = _settings(server, registry)
    named = client_id or environ.get(VARIABLE, "") or known.client_id
    if not named:
        raise UsageError(
            f"no app is known by which people log in to {server.host}",
            hint="hand over a token: `puppy-cli login --token-stdin < token.txt` (docs/github.md says which "
            "rights it needs); the registry's maintainers can set login.client_id in registry.yaml",
        )
    return replace(known, client_id=named, scope=scope or known.scope)


def _settings(server: ForgeServer, registry: str) -> LoginSettings:
    if (Path(registry) / paths.REGISTRY_FILE).is_file():
        return load_settings(FolderTree(Path(registry))).login
    repository = repository_named(registry, server.host)
    if not repository:
        return LoginSettings()
    try:
        data = GitHub(repository, "", server.api).contents.read("HEAD", paths.REGISTRY_FILE)
    except RegistryError:
        return LoginSettings()  # a private one; whoever logs in can't read it yet
    return read_settings(data, paths.REGISTRY_FILE).login if data else LoginSettings()
