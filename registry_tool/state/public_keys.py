"""An environment's public keys on the branch `deployments`: who checks a signature or seals inputs reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from registry_tool.core.clock import instant
from registry_tool.core.errors import NotFoundError
from registry_tool.security.keys import (
    VARIABLE,
    EnvironmentKeyError,
    KeyRing,
    environment_key,
    stored_ring,
)
from registry_tool.security.published_keys import PublishedKeys, keys_bytes, path_of, read_keys
from registry_tool.state.branches import StateLocation, home_of, state_branch, writer
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository


def published(location: StateLocation, environment: str) -> PublishedKeys:
    """What is published of an environment's keys; no keys where nothing is."""
    return published_in(state_branch(location, paths.DEPLOYMENTS_BRANCH).files(), environment)


def process_ring(location: StateLocation, environment: str, environ: Mapping[str, str]) -> KeyRing:
    """The keys with which this process signs and locks for an environment: given ones, else this machine's own.

    A machine makes itself one only where the state is its own and no key is published: a made-up one beside the
    environment's would lock what nobody else opens. `EnvironmentKeyError` says what is missing.
    """
    git_dir = Repository(location.root).git_dir
    given = environ.get(VARIABLE, "").strip() or environ.get("GITHUB_ACTIONS") == "true"
    if given:
        return environment_key(git_dir, environment, environ)
    known, home = published(location, environment), home_of(location)
    held = stored_ring(git_dir, environment, environ)
    if held is not None and (known.vouched_by(held) or held.newest.public in known.keys):
        return held
    if known.keys:
        demand_own(known, held) if held else _demand_given(environment, known.keys[0].id)
    if home:
        _demand_given(environment, "", home)
    return environment_key(git_dir, environment, environ)


def _demand_given(environment: str, key_id: str, home: str = "") -> NoReturn:
    what = f"the key {key_id}" if key_id else f"its state on {home} and no published key"
    make = "" if key_id else f"; `registry-tool keys new --env {environment}` makes one"
    raise EnvironmentKeyError(
        f"{environment} has {what}, and its key isn't here",
        location=VARIABLE,
        hint=f"bring the environment's key in {VARIABLE}{make}",
    )


def demand_own(known: PublishedKeys, ring: KeyRing) -> None:
    """Refuse keys that are not the environment's: nobody else opens what they lock, or trusts what they sign."""
    if known.keys and ring.newest.public not in known.keys and not known.vouched_by(ring):
        raise EnvironmentKeyError(
            f"{ring.environment} has the key {known.keys[0].id}; the key at hand is {ring.newest.id}",
            location=VARIABLE,
            hint=f"set {VARIABLE} to the environment's own key; where that is lost for good, take "
            f"{path_of(ring.environment)} out of the branch {paths.DEPLOYMENTS_BRANCH} and make a new one",
        )


def publish(location: StateLocation, ring: KeyRing) -> PublishedKeys:
    """Publish the ring's public parts, if its newest isn't there yet; another's keys are never put in front."""
    branch = state_branch(location, paths.DEPLOYMENTS_BRANCH)
    known = published_in(branch.files(), ring.environment)
    if ring.newest.public in known.keys:
        return known
    demand_own(known, ring)
    now = instant(location.clock.now())

    def write(tree: GitTree) -> Mapping[str, bytes | None]:
        wanted = published_in(tree, ring.environment).with_ring(ring, now)
        return {path_of(ring.environment): keys_bytes(wanted, ring)}

    branch.write(write, f"Publish the key {ring.newest.id} of {ring.environment}", writer(location))
    return published(location, ring.environment)


def published_in(tree: GitTree, environment: str) -> PublishedKeys:
    """What a tree of the branch `deployments` says of an environment's keys; no keys where it says nothing."""
    path = path_of(environment)
    try:
        return read_keys(tree.read(path), f"{paths.DEPLOYMENTS_BRANCH}:{path}")
    except NotFoundError:
        return PublishedKeys(environment)
