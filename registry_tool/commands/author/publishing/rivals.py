"""Other people's open requests for the version that is to be published."""

from __future__ import annotations

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.model import Account
from registry_tool.forge.open_requests import OpenRequest
from registry_tool.manifest.owners import Owners, load_owners
from registry_tool.store import paths
from registry_tool.store.tree import RegistryTree


def rivals_of(
    registry: GitHub, base: str, branch: str, account: Account | None
) -> tuple[OpenRequest, ...]:
    """Open requests from a branch of the version's name that somebody else opened, of the oldest thousand."""
    own = account.id if account else 0
    found = registry.open_requests.into(base)
    return tuple(one for one in found if one.branch == branch and one.author_id != own)


def demand_no_colleagues(
    rivals: tuple[OpenRequest, ...], published: RegistryTree, name: str, version: str
) -> None:
    """`RegistryError` where an owner or a collaborator proposes the version already.

    Anybody else's request stops nobody: a stranger would keep an owner from publishing.
    """
    owners = _owners(published, name)
    for rival in rivals:
        if owners.may_publish(rival.author_id):
            raise RegistryError(
                f"{rival.author} proposes {name}:{version} already, in {rival.url or f'#{rival.number}'}",
                location=f"{name}:{version}",
                hint="push to its branch together, have it closed first, or raise the version",
            )


def _owners(published: RegistryTree, name: str) -> Owners:
    path = paths.owners_file(name)
    try:
        return load_owners(published.read(path), path).owners
    except NotFoundError:
        return Owners()
