"""Events of deployments as files that only ever grow: `events/<env>/<name>/<number>.json`.

Each holds the hash of the one before, so that a missing or changed one shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from registry_tool.core.files import parse_json, pretty_json
from registry_tool.core.values import Object
from registry_tool.deploy.model import StageEvent

EVENTS = "events"


def events_folder(environment: str, name: str) -> str:
    """Where the events stand."""
    return f"{EVENTS}/{environment}/{name}"


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
        value = parse_json(data, place=path)
        expected = hashlib.sha256(last).hexdigest() if last else ""
        if not isinstance(value, dict) or (value.get("previous"), value.get("number")) != (
            expected,
            number,
        ):
            return path
        last = data
    return ""
