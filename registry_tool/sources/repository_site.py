"""Where a registry that is named by its repository on the forge is read: the site that its settings name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registry_tool.catalogue.settings import read_settings
from registry_tool.core.errors import NotFoundError
from registry_tool.sources.documents import Documents
from registry_tool.store import paths

_API: Final = "https://api.github.com"
_LARGEST: Final = 2**20
_RAW: Final = {"Accept": "application/vnd.github.raw+json"}


def site_of(repository: str, environ: Mapping[str, str], documents: Documents) -> str:
    """The address that `registry.yaml` of `OWNER/REPO`'s default branch gives as `url`.

    `GITHUB_API_URL` names another server's API. No token is sent. `NotFoundError` where there is no such file, or
    it names no address.
    """
    api = environ.get("GITHUB_API_URL") or _API
    address = f"{api.rstrip('/')}/repos/{repository}/contents/{paths.REGISTRY_FILE}"
    try:
        data = documents.get(address, _LARGEST, headers=_RAW, believe_age=True)
    except NotFoundError:
        raise NotFoundError(
            f"the repository has no {paths.REGISTRY_FILE}, or isn't public",
            location=repository,
            hint="look at the spelling; a private one is cloned, and its folder named with --registry",
        ) from None
    settings = read_settings(data, f"{repository}:{paths.REGISTRY_FILE}")
    if not settings.url:
        raise NotFoundError(
            "its registry.yaml names no address of a built site",
            location=repository,
            hint="git clone it, then name the clone's folder with --registry",
        )
    return settings.url
