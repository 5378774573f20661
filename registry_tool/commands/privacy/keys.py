"""`registry-tool keys`: make an environment's key, publish its public part, move to a new one."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.values import Object
from registry_tool.security.keys import (
    VARIABLE,
    EnvironmentKey,
    EnvironmentKeyError,
    KeyRing,
    new_secret,
    spelled,
    stored_ring,
)
from registry_tool.state.audit_log import note
from registry_tool.state.branches import StateLocation, local_person, state_branch
from registry_tool.state.public_keys import process_ring, publish, published
from registry_tool.state.runs.keys import rewrap_all, to_rewrap
from registry_tool.state.tokens.registry_key import REGISTRY
from registry_tool.store import paths


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made. `secret` is what `PUPPY_ENVIRONMENT_KEY` shall hold; it is shown once."""

    environment: str
    id: str
    secret: str
    replaces: str = ""

    @property
    def how_to_store(self) -> str:
        """The command that puts it into the GitHub environment, reading it from standard input."""
        return f"gh secret set {VARIABLE} --env {self.environment}"


def new_key(
    location: StateLocation,
    environment: str,
    environ: Mapping[str, str] = os.environ,
    random: Callable[[int], bytes] = os.urandom,
) -> NewKey:
    """A new key in front of those in `PUPPY_ENVIRONMENT_KEY` (else this machine's own), its public part published.

    Where keys are published, but the newest isn't given, it is refused: what it locked could no longer be opened.
    """
    known_environment(location, environment)
    if environ.get("GITHUB_ACTIONS") == "true":
        raise UsageError(
            "a job's log would show the secret to everyone who reads it",
            hint="make the key on a machine of your own",
        )
    old = stored_ring(_git_dir(location), environment, environ)
    known = published(location, environment)
    if known.keys and (old is None or not known.vouched_by(old)):
        raise EnvironmentKeyError(
            f"{environment} has the key {known.keys[0].id} already, and {VARIABLE} doesn't bring it",
            hint=f"set {VARIABLE} to the present key, so that the new one comes in front of it",
        )
    keys = [(key.number, key.secret) for key in old.keys] if old else []
    fresh = EnvironmentKey(environment, keys[0][0] + 1 if keys else 1, new_secret(random))
    ring = KeyRing(environment, (fresh, *(old.keys if old else ())))
    publish(location, ring)
    text = spelled([(fresh.number, fresh.secret), *keys])
    who = local_person(location, environ)
    note(location, environment, who, "key-new", {"key": fresh.id}, {VARIABLE: text})
    return NewKey(environment, fresh.id, text, old.newest.id if old else "")


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation did: wrapped keys that were moved to the key `key`, and those that already were there."""

    environment: str
    key: str
    moved: int
    there: int

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "environment": self.environment,
            "key": self.key,
            "moved": self.moved,
            "there": self.there,
        }


def rotate(
    location: StateLocation, environment: str, environ: Mapping[str, str] = os.environ
) -> Rotation:
    """Wrap every data key of an environment with its newest key; doing it again or after a stop does no harm."""
    known_environment(location, environment)
    ring = process_ring(location, environment, environ)
    publish(location, ring)
    if waiting := to_rewrap(
        location, ring
    ):  # noted before it is done, so that no deed is without an entry
        detail: Object = {"key": ring.newest.id, "keys": waiting}
        note(location, environment, local_person(location, environ), "key-rotate", detail, environ)
    moved, there = rewrap_all(location, ring)
    return Rotation(environment, ring.newest.id, moved, there)


def list_keys(
    location: StateLocation, environment: str = "", environ: Mapping[str, str] = os.environ
) -> list[Object]:
    """Every published key: its environment, id, since when, and whether this process holds its secret."""
    files = state_branch(location, paths.DEPLOYMENTS_BRANCH).files().files("keys")
    names = [file.path.removeprefix("keys/").removesuffix(".json") for file in files]
    rows: list[Object] = []
    for name in names:
        if environment not in ("", name):
            continue
        ring = stored_ring(_git_dir(location), name, environ if environment else {})
        try:
            known = published(location, name)
        except RegistryError as error:
            location.notes.warn(str(error))
            continue
        rows += [
            {
                "environment": name,
                "key": key.id,
                "since": since,
                "newest": key == known.keys[0],
                "held": ring is not None and ring.get(key.id) is not None,
            }
            for key, since in zip(known.keys, known.since, strict=True)
        ]
    return rows


def known_environment(location: StateLocation, environment: str) -> None:
    """`UsageError` for an environment that the registry doesn't have (where it lists any).

    The registry itself has keys like an environment.
    """
    from registry_tool.catalogue.environments import demand_environment
    from registry_tool.catalogue.load import load_settings
    from registry_tool.store.registry_tree import registry_tree

    if environment != REGISTRY:
        demand_environment(environment, load_settings(registry_tree(location.root)).environments)


def _git_dir(location: StateLocation) -> Path:
    return state_branch(location, paths.DEPLOYMENTS_BRANCH).repository.git_dir
