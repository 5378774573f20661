from __future__ import annotations

import pytest

from registry_tool.commands.deploy.access import DeployerError, may_deploy
from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.deploy.rollback import rollback
from registry_tool.core.errors import UsageError
from registry_tool.state.audit_log import entries
from tests.commands.deploying import ENVIRONMENTS, Make, Scene, scene_of
from tests.commands.privacy_places import OLD

ACCESS = """\
access:
  members:
    - { login: mia, id: 7, role: maintainer }
    - { login: ada, id: 1, role: author }
    - { login: rex, id: 8, role: reader }
policy: { maintainers: [{ login: max, id: 9 }] }
"""


@pytest.fixture
def scene(make_registry: Make) -> Scene:
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")
    owners = registry.root / "registry/workflows/hello/owners.yaml"
    owners.write_text("owners: [{ login: ada, id: 1 }, { login: rex, id: 8 }]\n")
    return scene_of(registry, ENVIRONMENTS + ACCESS)


@pytest.mark.parametrize(
    ("person", "allowed"),
    [(0, True), (1, True), (7, True), (9, True), (8, False), (4711, False)],
    ids=["at this machine", "owner", "maintainer", "policy's", "reader", "stranger"],
)
def test_who_may(scene: Scene, person: int, allowed: bool) -> None:
    decision = may_deploy(scene.target, "hello", person)
    assert decision.allowed is allowed
    assert allowed or (decision.reason and decision.hint)


def test_a_refusal_changes_nothing_and_is_noted(scene: Scene) -> None:
    scene.environ.update({**OLD, "ACTOR_ID": "4711"})
    with pytest.raises(DeployerError, match="4711 may not change what serves"):
        deploy(scene.target, "hello", "development", how=scene.how())
    with pytest.raises(DeployerError):
        rollback(scene.target, "hello", "development", how=scene.how())
    assert scene.target.store().all() == []
    result = list(entries(scene.target))
    assert [entry.action for entry in result] == ["deploy-denied", "deploy-denied"]
    assert "4711" not in str(result)


def test_who_may_is_on_record_by_a_pseudonym(scene: Scene) -> None:
    scene.environ.update({**OLD, "ACTOR_ID": "1"})
    state = deploy(scene.target, "hello", "development", how=scene.how())
    assert len(state.actor) == 32
    assert scene.events("hello", "development")[0]["detail"]["actor"] == state.actor


def test_a_job_that_does_not_say_who_asked_acts_for_whom_github_names(scene: Scene) -> None:
    """Nobody sits at a job's machine: without an id it would act with a maintainer's rights."""
    scene.environ.update({**OLD, "GITHUB_ACTIONS": "true", "GITHUB_ACTOR_ID": "4711"})
    with pytest.raises(DeployerError, match="4711 may not change what serves"):
        deploy(scene.target, "hello", "development", how=scene.how())
    assert scene.target.store().all() == []


def test_a_job_whose_asker_nobody_names_changes_nothing(scene: Scene) -> None:
    scene.environ.update({**OLD, "GITHUB_ACTIONS": "true"})
    with pytest.raises(UsageError, match="does not say who asked") as caught:
        deploy(scene.target, "hello", "development", how=scene.how())
    assert caught.value.location == "ACTOR_ID"
    assert scene.target.store().all() == []


@pytest.mark.parametrize("text", ["1; rm -rf /", "0", "007", "-1", "\u0663", "1" * 19])
def test_an_id_is_a_number(scene: Scene, text: str) -> None:
    scene.environ["ACTOR_ID"] = text
    with pytest.raises(UsageError, match="is not a numeric id"):
        deploy(scene.target, "hello", "development", how=scene.how())
