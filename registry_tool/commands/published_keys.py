"""An environment's public keys on the branch `deployments`: who checks a signature or seals inputs reads them."""

from __future__ import annotations

from collections.abc import Mapping

from registry_tool.commands.branches import Place, state_branch, writer
from registry_tool.core.clock import instant
from registry_tool.core.errors import NotFoundError
from registry_tool.security.keys import VARIABLE, EnvironmentKeyError, KeyRing
from registry_tool.security.published_keys import PublishedKeys, keys_bytes, path_of, read_keys
from registry_tool.store import paths
from registry_tool.store.git_tree import GitTree


def published(place: Place, environment: str) -> PublishedKeys:
    """What is published of an environment's keys; no keys where nothing is."""
    return _read(state_branch(place, paths.DEPLOYMENTS_BRANCH).files(), environment)


def demand_own(known: PublishedKeys, ring: KeyRing) -> None:
    """Refuse keys that are not the environment's: nobody else opens what they lock, or trusts what they sign."""
    if known.keys and ring.newest.public not in known.keys and not known.vouched_by(ring):
        raise EnvironmentKeyError(
            f"{ring.environment} has the key {known.keys[0].id}; the key at hand is {ring.newest.id}",
            place=VARIABLE,
            way_out=f"set {VARIABLE} to the environment's own key; where that is lost for good, take "
            f"{path_of(ring.environment)} out of the branch {paths.DEPLOYMENTS_BRANCH} and make a new one",
        )


def publish(place: Place, ring: KeyRing) -> PublishedKeys:
    """Publish the ring's public parts, if its newest isn't there yet; another's keys are never put in front."""
    branch = state_branch(place, paths.DEPLOYMENTS_BRANCH)
    known = _read(branch.files(), ring.environment)
    if ring.newest.public in known.keys:
        return known
    demand_own(known, ring)
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
