"""The signed metadata that lies in a registry's tree: read from it, and put together with the job's key."""

from __future__ import annotations

from itertools import count, takewhile
from typing import TYPE_CHECKING, Final

from registry_tool.core.clock import Clock
from registry_tool.core.errors import RegistryError
from registry_tool.security.tuf.pin import ONLINE_KEY, demand_library
from registry_tool.store import paths
from registry_tool.store.tree import RegistryTree

if TYPE_CHECKING:
    from registry_tool.security.tuf.offline import OfflineRoles
    from registry_tool.security.tuf.online import OnlineRoles

TARGETS: Final = f"{paths.TRUST}/targets.json"


def has_root(tree: RegistryTree) -> bool:
    """Whether a registry has a root: then what it publishes is signed."""
    return tree.has(paths.root_file(1))


def offline_roles(tree: RegistryTree) -> OfflineRoles | None:
    """Roots and targets of a registry, None where it has none."""
    if not has_root(tree):
        return None
    demand_library()
    from registry_tool.security.tuf.offline import OfflineRoles

    there = takewhile(tree.has, map(paths.root_file, count(1)))
    return OfflineRoles(tuple(map(tree.read, there)), tree.read(TARGETS), paths.TRUST)


def signer_of(tree: RegistryTree, key: str, clock: Clock) -> OnlineRoles | None:
    """What signs an output of a registry with the online key (PEM); None where the registry has no root.

    `RegistryError` where it has one, and no key is given, or not its own.
    """
    offline = offline_roles(tree)
    if offline is None:
        return None
    from registry_tool.security.tuf.keys import read_signers
    from registry_tool.security.tuf.online import online_roles

    if not key:
        raise RegistryError(
            "this registry's output is signed, and the online key isn't here: who has pinned its root "
            "would take nothing any more",
            location=paths.TRUST,
            hint=f"set {ONLINE_KEY} to the private key as PEM (docs/trust.md)",
        )
    signers = read_signers(key.encode(), ONLINE_KEY)
    return online_roles(offline, signers, clock.now())
