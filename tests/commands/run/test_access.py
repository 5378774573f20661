from __future__ import annotations

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.run.access import AccessError
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admit import admit
from registry_tool.state.audit_log import entries
from registry_tool.state.runs.records import read_records
from registry_tool.state.target import Target
from tests.commands.conftest import add_version

HELLO = ExecuteRequest("hello", {"who": "Ada"})
BOB = Requester(8, "bob")


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
