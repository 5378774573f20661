"""A move's request: opened, kept, changed in its place, or left closed."""

from __future__ import annotations

from dataclasses import replace

from registry_tool.commands.monitor.replacement.branch import Proposal
from tests.commands.monitor.replacement.conftest import REGISTRY, Retiring
from tests.forge.stand_in.server import StandIn

PROPOSAL = Proposal("", "key", "Move asker to new", "Why", "Why")
BRANCH = "successor/asker"


def test_one_request_for_a_branch(retiring: Retiring, forge: StandIn) -> None:
    retiring.made.git("commit", "--quiet", "--allow-empty", "-m", "x")
    retiring.made.git("push", "--quiet", "origin", f"HEAD:{BRANCH}")
    proposal = replace(PROPOSAL, commit=retiring.made.git("rev-parse", "HEAD"))
    assert retiring.requests is not None
    opened, url = retiring.requests.ensure(BRANCH, proposal, pushed=True)
    assert opened == "opened"
    assert retiring.requests.ensure(BRANCH, proposal, pushed=False) == ("kept", url)
    changed = replace(proposal, body="Why not")
    assert retiring.requests.ensure(BRANCH, changed, pushed=True) == ("updated", url)
    (pull,) = forge.pulls(REGISTRY)
    assert pull["body"] == "Why not"
    pull["state"] = "closed"
    assert retiring.requests.ensure(BRANCH, proposal, pushed=False) == ("declined", url)
    assert len(forge.pulls(REGISTRY)) == 1
