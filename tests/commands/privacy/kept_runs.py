"""Runs of some people, with their keys, logs and artifacts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from registry_tool.security.encrypt import seal_payload
from registry_tool.security.keys import VARIABLE, parse_ring
from registry_tool.state.runs.keys import context_of, keep_key, run_key, run_keys
from tests.commands.privacy_places import NOW, OLD, LocationStandIn, make_place

RING = parse_ring(OLD[VARIABLE], "production")


@dataclass
class Payload:
    artifact: str


@dataclass
class Run:
    """A record, as far as erasure looks at it."""

    execution_id: str
    actor: str
    subject: str = ""
    payload: Payload | None = None


class Fixture:
    """Three runs by two people about two subjects, with payloads and logs."""

    def __init__(self, tmp_path: Path) -> None:
        self.location = make_place(tmp_path)
        self.runs = [
            self.run(tmp_path, "exec-1", "7", "customer-1"),
            self.run(tmp_path, "exec-2", "7", "customer-2"),
            self.run(tmp_path, "exec-3", "8", "customer-1"),
        ]
        self.log = self.location.root / ".git/registry-tool/logs/production/greeter.jsonl"
        self.log.parent.mkdir(parents=True)
        names = ("exec-1", "exec-2", "exec-1.callee", "exec-3", "exec-10")
        self.log.write_text(
            "".join(json.dumps({"workflow": {"execution_id": name}}) + "\n" for name in names)
        )

    def run(self, folder: Path, name: str, actor: str, subject: str) -> Run:
        blob, wrapped = seal_payload(name.encode(), RING, context_of("production", name))
        (folder / f"{name}.bin").write_bytes(blob)
        keep_key(self.location, run_key("production", name, wrapped, NOW))
        return Run(
            name,
            RING.pseudonym("actor", actor),
            RING.pseudonym("subject", subject),
            Payload(f"run-{name}"),
        )

    def read(self, _: LocationStandIn, environment: str) -> list[Run]:
        return self.runs if environment == "production" else []

    def left(self) -> list[str]:
        return [key.execution_id for key in run_keys(self.location, "production")]
