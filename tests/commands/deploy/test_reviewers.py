from __future__ import annotations

from typing import Any

import pytest

from registry_tool.commands.deploy.reviewers import demand_reviewers
from registry_tool.core.errors import RegistryError, UsageError
from tests.commands.deploying import ENVIRONMENTS, Make, Scene, scene_of
from tests.forge.fault_server import FaultServer, Reply, running

FORWARD, BACK = '{"workflow": "hello:1.0.0"}', '{"action": "rollback", "workflow": "hello"}'
ASKED = {"type": "required_reviewers", "reviewers": [{"type": "User"}]}
TOLD: Any = {"protection_rules": [ASKED], "deployment_branch_policy": None}


@pytest.fixture
def scene(make_registry: Make) -> Scene:
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")
    asking = ENVIRONMENTS.replace("  production:\n", "  production:\n    approval: environment\n")
    return scene_of(registry, asking)


def demanded(
    scene: Scene, *replies: Reply, environment: str = "production", request: str = FORWARD
) -> str:
    with running() as server:
        server.replies = list(replies)
        scene.environ = _job(server)
        return demand_reviewers(scene.target, environment, request)


def _job(server: FaultServer) -> dict[str, str]:
    return {
        "GITHUB_TOKEN": "t",
        "GITHUB_REPOSITORY": "ada/registry",
        "GITHUB_API_URL": server.address,
    }


def test_reviewers_are_there(scene: Scene) -> None:
    assert demanded(scene, Reply(200, TOLD)) == "production-approval has 1 required reviewer"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(200, {"protection_rules": []}), "has no required reviewers"),
        (
            Reply(200, {"protection_rules": [{**ASKED, "reviewers": []}]}),
            "has no required reviewers",
        ),
        (Reply(404), "does not exist"),
        (Reply(403, {"message": "Resource not accessible by integration"}), "not accessible"),
    ],
)
def test_nobody_was_asked(scene: Scene, reply: Reply, said: str) -> None:
    with pytest.raises(RegistryError, match=said):
        demanded(scene, reply)


def test_who_need_not_be_asked(scene: Scene) -> None:
    assert "asks no reviewers" in demanded(scene, environment="staging")
    assert "the way back" in demanded(scene, request=BACK)
    overridden = '{"workflow": "hello:1.0.0", "override": "the reviewers are away"}'
    assert "refuses it to everybody else" in demanded(scene, request=overridden)


def test_a_job_that_cannot_ask_is_no_approval(scene: Scene) -> None:
    scene.environ = {"GITHUB_REPOSITORY": "ada/registry"}
    with pytest.raises(UsageError, match="no token"):
        demand_reviewers(scene.target, "production", FORWARD)


@pytest.mark.parametrize(
    "request_",
    ["[]", "x", '{"action": ["rollback"]}', '{"action": "nothing"}', '{"blob": "sha256:00"}'],
)
def test_what_is_no_way_back_is_a_deployment(scene: Scene, request_: str) -> None:
    with pytest.raises(RegistryError, match="nobody was asked"):
        demanded(scene, Reply(404), request=request_)
