"""Whether a pointer file says what its events say: who edits it alone changes what serves without a trace."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from registry_tool.core.values import Object, Value
from registry_tool.deploy.configuration import config_digest
from registry_tool.deploy.history import served_value
from registry_tool.deploy.model import OK, Deployment, Serving

_RECORDED = {"configure": "config_digest", "resolve": "lock_digest"}


def pointer_problem(deployment: Deployment, events: Iterable[Object]) -> str:
    """What the pointer says otherwise than its events (oldest first), empty for nothing."""
    serving: Value = []
    recorded: dict[tuple[str, str], Value] = {}
    for event in events:
        detail = event.get("detail")
        if not isinstance(detail, dict):
            continue
        if "serving" in detail and (event.get("status") == OK or event.get("stage") == "rollback"):
            serving = detail["serving"]
        key = _RECORDED.get(str(event.get("stage")))
        if key and event.get("status") == OK:
            recorded[str(event.get("deployment")), key] = detail.get(key)
    if served_value(deployment.serving) != serving:
        return "it says otherwise than the events what serves"
    for entry in deployment.serving:
        if wrong := _unlike(entry, recorded):
            return f"its {wrong} of {entry.version} is not what the events recorded"
    return ""


def _unlike(entry: Serving, recorded: dict[tuple[str, str], Value]) -> str:
    found = {
        "config_digest": config_digest(cast(Object, dict(entry.config))),
        "lock_digest": entry.lock.digest,
    }
    for key, digest in found.items():
        if recorded.get((entry.deployment, key)) != digest:
            return "configuration" if key == "config_digest" else "lock"
    return ""
