from __future__ import annotations

from dataclasses import replace

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.run.access import AccessError
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admit import admit
from registry_tool.commands.run.opening import OpenServing
from registry_tool.core.errors import UsageError
from registry_tool.deploy.model import Serving
from registry_tool.manifest.model import Security
from registry_tool.sources.program import Program
from registry_tool.sources.reference import OpenedProgram
from registry_tool.state.audit_log import entries
from registry_tool.state.runs.records import read_records
from registry_tool.state.target import Target, open_serving
from tests.commands.conftest import add_version

HELLO = ExecuteRequest("hello", {"who": "Ada"})
BOB = Requester(8, "bob")
SECRETIVE = Security(
    execute=("team:doctors",), encryption="aes-256", data_retention="1d", pii_handling="reject"
)


def calling(security: Security) -> OpenServing:
    """Opens what serves as if it called a workflow with these promises."""

    def opened(target: Target, name: str, serving: Serving) -> OpenedProgram:
        found = open_serving(target, name, serving)
        flow = found.program.workflow
        metadata = replace(flow.metadata, name="secretive")
        callee = Program(replace(flow, metadata=metadata, security=security), {})
        return replace(found, program=replace(found.program, callees={"secretive": callee}))

    return opened


def private(target: Target, more: str = "") -> None:
    settings = target.root / "registry/registry.yaml"
    access = f"access:\n  visibility: private\n{more}"
    settings.write_text(settings.read_text().replace("access:", access.rstrip()))


def test_a_called_workflows_list_holds_for_who_runs_its_caller(served: Target) -> None:
    private(served, "  teams: { doctors: [9] }\n")
    opening = calling(SECRETIVE)
    with pytest.raises(AccessError, match=r"hello:1\.0\.0 calls secretive:1\.0\.0, and .* may not run it: "
                       r"that is for team:doctors") as caught:  # fmt: skip
        admit(served, "production", HELLO, BOB, opening=opening)
    assert caught.value.location == "secretive"
    (entry,) = [e for e in entries(served, "production") if e.action == "run-denied"]
    assert entry.detail == {"version": "1.0.0", "workflow": "hello"}
    doctor = Requester(9, "doc")
    with pytest.raises(UsageError, match="by what it calls, requires encryption"):
        admit(served, "production", HELLO, doctor, opening=opening)
    here = admit(served, "production", HELLO, doctor, opening=opening, dispatched=False)
    assert (here.encryption, here.retention) == ("aes-256", "1d")
    plain = calling(replace(SECRETIVE, encryption=""))
    assert admit(served, "production", HELLO, doctor, opening=plain).retention_days == 1


def test_who_may_not_run_it_is_refused_and_noted(served: Target) -> None:
    settings = served.root / "registry/registry.yaml"
    settings.write_text(settings.read_text().replace("access:", "access:\n  visibility: private"))
    add_version(served, "1.1.0", "\nsecurity: { access_control: { execute: [owner] } }\n")
    deploy(served, "hello:1.1.0", "production")
    with pytest.raises(AccessError, match="may not run it: that is for owner"):
        admit(served, "production", HELLO, BOB)
    assert read_records(served) == []
    (entry,) = [e for e in entries(served, "production") if e.action == "run-denied"]
    assert entry.detail == {"version": "1.1.0", "workflow": "hello"}
    assert (
        admit(served, "production", HELLO, Requester(1, "ada")).serving.version == "1.1.0"
    )  # hello's owner
    assert admit(served, "production", HELLO, Requester()).serving.version == "1.1.0"
