"""A proposal that its author's newer version has overtaken is closed; any that is somebody's stays."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.catalogue.load import load_catalogue
from registry_tool.commands.monitor.replacement.outdated import OutdatedProposals
from registry_tool.commands.monitor.replacement.requests import SuccessorRequests
from registry_tool.report.successors import ProposedMove
from registry_tool.store.git.repository import Repository
from registry_tool.store.registry_tree import registry_tree
from tests.commands.monitor.replacement.conftest import REGISTRY, Retiring, ScriptedAnswers
from tests.forge.stand_in.requests import event
from tests.forge.stand_in.server import StandIn

BOT, SOMEBODY = 41898282, 7


def closed(retiring: Retiring, *, dry_run: bool = False) -> list[ProposedMove]:
    assert retiring.requests is not None
    repository = Repository(retiring.made.root)
    catalogue = load_catalogue(registry_tree(retiring.made.root))
    requests = SuccessorRequests(retiring.requests.github)  # as the next night's job asks
    outdated = OutdatedProposals(repository, "origin", requests, catalogue, dry_run)
    return list(outdated.closed())


def pushed(forge: StandIn, who: int) -> None:
    """What the forge tells of the branch's last move: the clone's remote is a folder, and tells nobody."""
    (pull,) = forge.pulls(REGISTRY)
    move = {"after": pull["head.sha"], "ref": "refs/heads/successor/asker", "timestamp": forge.now}
    who_ = {"actor.id": who, "actor.login": "x", "activity_type": "push"}
    forge.repositories[REGISTRY].moves.append({**move, **who_})


@pytest.fixture
def pull(retiring: Retiring, forge: StandIn, answers: ScriptedAnswers) -> dict[str, Any]:
    assert retiring.propose()[0].state == "opened"
    (pull,) = forge.pulls(REGISTRY)
    return pull


def publish(retiring: Retiring, version: str, model: str) -> None:
    folder = retiring.made.root / "registry/workflows/asker"
    text = (folder / "1.0.0/manifest.yaml").read_text()
    retiring.made.lay("asker", version)
    text = text.replace('"1.0.0"', f'"{version}"').replace("old-7b", model)
    (folder / version / "manifest.yaml").write_text(text)
    retiring.made.compile()
    retiring.made.commit(f"Publish asker {version}")


def test_one_that_a_newer_version_has_overtaken_is_closed_with_the_reason(
    retiring: Retiring, forge: StandIn, pull: dict[str, Any]
) -> None:
    pushed(forge, BOT)
    assert closed(retiring) == []
    publish(retiring, "1.0.1", "old-7b")
    assert closed(retiring) == []  # it still asks what retires: the move goes on from it
    publish(retiring, "1.2.0", "other-9b")
    (planned,) = closed(retiring, dry_run=True)
    assert (planned.state, pull["state"], pull["comments"]) == ("planned-close", "open", [])
    (one,) = closed(retiring)
    assert (one.state, one.base, one.failed) == ("closed", "asker:1.2.0", False)
    assert pull["state"] == "closed"
    (comment,) = pull["comments"]
    assert "no longer asks old" in comment["body"]
    assert "1\\.2\\.0 is published meanwhile" in comment["body"]


def test_one_that_is_somebodys_stays(
    retiring: Retiring, forge: StandIn, pull: dict[str, Any]
) -> None:
    publish(retiring, "1.2.0", "other-9b")
    assert closed(retiring) == []  # who pushed isn't told
    pushed(forge, SOMEBODY)
    assert closed(retiring) == []
    pushed(forge, BOT)
    event(forge, pull, "reopened", (SOMEBODY, "ada"))
    assert closed(retiring) == []
    assert pull["state"] == "open"
