"""The registry's own key: it signs what the branch `access` holds, access tokens, and the registry's audit log.

It is made and changed like an environment's (`registry-tool keys new --env registry`); a process gets it in
`PUPPY_REGISTRY_KEY`, else from the repository's git folder.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from registry_tool.core.values import Frozen
from registry_tool.security.keys import VARIABLE, EnvironmentKeyError, KeyRing, parse_ring, spelled
from registry_tool.state.audit_log import note
from registry_tool.state.branches import StateLocation
from registry_tool.state.public_keys import demand_own, process_ring, published

REGISTRY: Final = "registry"
"""What its chain of the audit log and its key are filed under, beside those of environments."""
REGISTRY_KEY: Final = "PUPPY_REGISTRY_KEY"


def registry_ring(location: StateLocation, environ: Mapping[str, str] = os.environ) -> KeyRing:
    """The registry's keys, newest first; made on a machine whose state is its own.

    `EnvironmentKeyError` where it is another machine that has them.
    """
    if text := environ.get(REGISTRY_KEY, "").strip():
        ring = parse_ring(text, REGISTRY, REGISTRY_KEY)
        demand_own(published(location, REGISTRY), ring)
        return ring
    try:
        return process_ring(location, REGISTRY, {})
    except EnvironmentKeyError as error:
        raise EnvironmentKeyError(
            "the registry's own key isn't here",
            location=REGISTRY_KEY,
            hint=f"bring it in {REGISTRY_KEY}; `registry-tool keys new --env {REGISTRY}` makes one",
        ) from error


def note_in_registry(
    location: StateLocation, ring: KeyRing, actor: str, action: str, detail: Frozen
) -> None:
    """Note what was done with the registry itself, by whom (a name, or the id of a person, which is not shown)."""
    who = ring.pseudonym("actor", actor) if actor.isdecimal() else actor
    keys = [(key.number, key.secret) for key in ring.keys]
    note(location, REGISTRY, who, action, detail, {VARIABLE: spelled(keys)})
