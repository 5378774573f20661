"""Deployment state as files on the branch `deployments`.

`environments/<env>/<name>.json` points at what serves; `events/<env>/<name>/<number>.json` only ever grow, and
each holds the hash of the one before, so that a missing or changed one shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json, pretty_json
from registry_tool.core.values import Object, Value
from registry_tool.deploy.model import Deployment, Serving, StageEvent
from registry_tool.resolver.lock import Lock, Locked

FORMAT = "puppyai.com/deployment/v1"
ENVIRONMENTS = "environments"
EVENTS = "events"


def state_path(environment: str, name: str) -> str:
    """Where the pointer stands."""
    return f"{ENVIRONMENTS}/{environment}/{name}.json"


def events_folder(environment: str, name: str) -> str:
    """Where the events stand."""
    return f"{EVENTS}/{environment}/{name}"


def deployment_bytes(deployment: Deployment) -> bytes:
    """The pointer file."""
    value: Object = {
        "format": FORMAT,
        "workflow": deployment.workflow,
        "environment": deployment.environment,
        "deployment": deployment.id,
        "updated": deployment.updated,
        "serving": [
            {"version": s.version, "digest": s.digest, "weight": s.weight}
            for s in deployment.serving
        ],
        "config": dict(deployment.config),
        "config_digest": deployment.config_digest,
        "lock": {
            name: {"version": lock.version, "digest": lock.digest, "registry": lock.registry}
            for name, lock in deployment.lock.workflows.items()
        },
        "lock_digest": deployment.lock.digest,
    }
    return pretty_json(value).encode()


def read_deployment(data: bytes, place: str) -> Deployment:
    """The deployment in a pointer file; `RegistryError` where it is none."""
    try:
        value = cast(Object, parse_json(data, place=place))
        if value["format"] != FORMAT:
            raise KeyError("format")
        lock = cast(dict[str, dict[str, str]], value["lock"])
        deployment = Deployment(
            workflow=str(value["workflow"]),
            environment=str(value["environment"]),
            serving=tuple(
                Serving(str(s["version"]), str(s["digest"]), cast(int, s["weight"]))
                for s in cast(list[Object], value["serving"])
            ),
            id=str(value["deployment"]),
            updated=str(value["updated"]),
            config=cast(Object, value["config"]),
            config_digest=str(value["config_digest"]),
            lock=Lock({name: Locked(**entry) for name, entry in lock.items()}),
        )
        deployment.main  # noqa: B018 - a state that serves nothing is none
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise RegistryError(f"this is no deployment state ({error})", place=place) from None
    return deployment


def new_events(
    environment: str, name: str, events: Iterable[StageEvent], last: bytes, number: int
) -> dict[str, bytes]:
    """Event files after the `number` ones that exist, `last` being the bytes of the newest (or empty)."""
    files: dict[str, bytes] = {}
    for event in events:
        number += 1
        value: Object = {
            "number": number,
            "previous": hashlib.sha256(last).hexdigest() if last else "",
            "deployment": event.deployment,
            "workflow": name,
            "environment": environment,
            "stage": event.stage,
            "status": event.status,
            "time": event.time,
            "seconds": round(event.seconds, 3),
            "detail": dict(event.detail),
        }
        last = pretty_json(value).encode()
        files[f"{events_folder(environment, name)}/{number:08}.json"] = last
    return files


def broken_link(files: Mapping[str, bytes]) -> str:
    """The path of the first event whose hash of its predecessor is wrong, or nothing."""
    last = b""
    for number, (path, data) in enumerate(sorted(files.items()), 1):
        value = cast(dict[str, Value], parse_json(data, place=path))
        expected = hashlib.sha256(last).hexdigest() if last else ""
        if value.get("previous") != expected or value.get("number") != number:
            return path
        last = data
    return ""
