"""An environment's public keys on the branch `deployments`: who checks a signature or seals inputs reads them."""

from __future__ import annotations

from collections.abc import Mapping

from registry_tool.commands.branches import Place, state_branch, writer
from registry_tool.core.clock import instant
from registry_tool.core.errors import NotFoundError
from registry_tool.security.keys import KeyRing
from registry_tool.security.published_keys import PublishedKeys, keys_bytes, path_of, read_keys
from registry_tool.store import paths
from registry_tool.store.git_tree import GitTree


def published(place: Place, environment: str) -> PublishedKeys:
    """What is published of an environment's keys; no keys where nothing is."""
    return _read(state_branch(place, paths.DEPLOYMENTS_BRANCH).files(), environment)


def publish(place: Place, ring: KeyRing) -> PublishedKeys:
    """Publish the ring's public parts, if its newest one isn't there yet."""
    branch = state_branch(place, paths.DEPLOYMENTS_BRANCH)
    known = _read(branch.files(), ring.environment)
    if ring.newest.public in known.keys:
        return known
    now = instant(place.clock.now())

    def write(tree: GitTree) -> Mapping[str, bytes | None]:
        wanted = _read(tree, ring.environment).with_ring(ring, now)
        return {path_of(ring.environment): keys_bytes(wanted, ring)}

    branch.write(write, f"Publish the key {ring.newest.id} of {ring.environment}", writer(place))
    return published(place, ring.environment)


def _read(tree: GitTree, environment: str) -> PublishedKeys:
    path = path_of(environment)
    try:
        return read_keys(tree.read(path), path)
    except NotFoundError:
        return PublishedKeys(environment)
