"""Whether a pointer file says what its events say: who edits it alone changes what serves without a trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from registry_tool.deploy.configuration import config_digest
from registry_tool.deploy.event_log import DeployEvent, Share, shares
from registry_tool.deploy.model import OK, Deployment, Serving


def pointer_problem(deployment: Deployment, events: Iterable[DeployEvent]) -> str:
    """What the pointer says otherwise than its events (oldest first), empty for nothing."""
    serving: list[Share] = []
    recorded: dict[tuple[str, str], str] = {}
    for event in events:
        if detail := event.changed:
            serving = detail.serving or []
        if event.status == OK and event.stage == "configure":
            recorded[event.deployment, "configuration"] = event.details.config_digest
        if event.status == OK and event.stage == "resolve":
            recorded[event.deployment, "lock"] = event.details.lock_digest
    if shares(deployment.serving) != serving:
        return "it says otherwise than the events what serves"
    for entry in deployment.serving:
        if wrong := _unlike(entry, recorded):
            return f"its {wrong} of {entry.version} is not what the events recorded"
    return ""


def _unlike(entry: Serving, recorded: Mapping[tuple[str, str], str]) -> str:
    found = {"configuration": config_digest(dict(entry.config)), "lock": entry.lock.digest}
    for what, digest in found.items():
        if recorded.get((entry.deployment, what)) != digest:
            return what
    return ""
