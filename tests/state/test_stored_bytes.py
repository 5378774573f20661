"""Files that earlier versions of the tool wrote to state branches are read, and written again byte for byte.

`stored/` holds them as they were before the common codec: hashes and signatures of the chains depend on each byte.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from registry_tool.commands.run import heartbeat, scheduled
from registry_tool.core.codec import FileFormat
from registry_tool.core.files import pretty_json
from registry_tool.deploy import approval, event_log
from registry_tool.deploy.event_log import broken_link, read_event
from registry_tool.deploy.state import deployment_bytes, read_deployment
from registry_tool.monitoring.record_chain import read_chain
from registry_tool.monitoring.records import read_record
from registry_tool.security.audit import FILE, chain_problems, read_entry
from registry_tool.security.checkpoints import checkpoint_value, read_checkpoint
from registry_tool.security.keys import parse_ring, spelled
from registry_tool.security.published_keys import keys_bytes, read_keys
from registry_tool.security.signing import verify
from registry_tool.state.runs.keys import read_key

STORED = Path(__file__).with_name("stored")
RING = parse_ring(spelled([(2, bytes(range(32))), (1, bytes(range(32, 64)))]), "production")

Rewrite = Callable[[bytes], bytes]


def through(form: FileFormat[Any]) -> Rewrite:
    return lambda data: form.to_bytes(form.read(data, "x"))


def deployment(data: bytes) -> bytes:
    return deployment_bytes(read_deployment(data, "x"))


def record(data: bytes) -> bytes:
    return pretty_json(read_record(data, "x").to_value()).encode()


def event(data: bytes) -> bytes:
    return event_log.FILE.to_bytes(read_event(data, "x"))


def entry(data: bytes) -> bytes:
    return FILE.to_bytes(read_entry(data, "x"))


def checkpoint(data: bytes) -> bytes:
    return pretty_json(checkpoint_value(read_checkpoint(data, "x"))).encode()


def run_key(data: bytes) -> bytes:
    value = json.loads(data)
    return read_key(data, f"{value['environment']}/{value['execution_id']}.json").to_bytes()


def own_keys(data: bytes) -> bytes:
    return keys_bytes(read_keys(data, "x"), RING)


REWRITTEN: dict[str, Rewrite] = {
    "deployment*.json": deployment,
    "runs/*.json": record,
    "audit/*.json": entry,
    "events/*.json": event,
    "checkpoint*.json": checkpoint,
    "run-key*.json": run_key,
    "keys-two.json": own_keys,
    "approval.json": through(approval.FILE),
    "schedule.json": through(scheduled.STATE),
    "heartbeat.json": through(heartbeat.SIGN),
}
FILES = [(path, again) for glob, again in REWRITTEN.items() for path in sorted(STORED.glob(glob))]
ADDED_SINCE = {"deployment-before-holds.json": b'    "hold": "",\n    "holder"'}


@pytest.mark.parametrize(("path", "again"), FILES, ids=lambda item: getattr(item, "name", ""))
def test_a_stored_file_is_written_again_byte_for_byte(path: Path, again: Rewrite) -> None:
    expected = path.read_bytes()
    if added := ADDED_SINCE.get(path.name):
        assert again(expected) == expected.replace(b'    "holder"', added)
    else:
        assert again(expected) == expected


def chain(folder: str, prefix: str) -> list[tuple[str, bytes]]:
    files = sorted((STORED / folder).iterdir())
    return [(f"{prefix}/{path.name}", path.read_bytes()) for path in files]


def test_stored_chains_hold_and_their_signatures_count() -> None:
    assert broken_link(dict(chain("events", "events/development/hello"))) is None
    published = read_keys((STORED / "keys.json").read_bytes(), "x")
    audit = chain("audit", "development")
    assert list(chain_problems(audit, "development", published.keys)) == []
    runs = chain("runs", "production")
    records = read_chain(
        runs, "production", "2026-11", lambda v, s: verify(v, s, RING.public), every=True
    )
    assert [(one.kind, one.execution_id) for one in records] == [
        ("started", "exec-1"), ("finished", "exec-1"), ("started", "exec-2"), ("finished", "exec-2"),
    ]  # fmt: skip
