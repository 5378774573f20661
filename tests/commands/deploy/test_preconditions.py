"""One rule set for laptops and jobs: what comes after what, reviewers, roles, and a maintainer's override."""

from __future__ import annotations

import json

import pytest

from registry_tool.commands.deploy.access import DeployerError
from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.deploy.job import carry_out
from registry_tool.commands.deploy.preconditions import EntryError
from registry_tool.commands.deploy.promote import promote
from registry_tool.commands.deploy.reconcile import reconcile
from registry_tool.commands.deploy.rollback import rollback
from registry_tool.core.errors import UsageError
from registry_tool.deploy.render import deployment_json, deployment_rows, deployment_sentences
from registry_tool.deploy.stages import StageFailedError
from registry_tool.state.audit_log import entries
from registry_tool.state.audit_verify import verify_audit
from tests.commands.deploying import Make, Scene, scene_of
from tests.commands.privacy_places import OLD

SETTINGS = """\
name: Test registry
categories: { text: Text }
environments:
  staging: {}
  production: { after: staging, approval: environment }
  checked: { after: staging }
  watched: { watch: { metrics: [{ metric: error_rate, max: 0.2 }] } }
policy: { maintainers: [{ login: max, id: 9 }] }
"""
JOB = {"GITHUB_ACTIONS": "true", "GITHUB_ACTOR_ID": "1"}
PAUSED = {"type": "canary", "steps": [{"weight": 10, "pause": "until-promoted"}]}


@pytest.fixture
def scene(make_registry: Make) -> Scene:
    registry = make_registry(git=True)
    for version in ("1.0.0", "1.1.0"):
        registry.add("hello", version)
    owners = registry.root / "registry/workflows/hello/owners.yaml"
    owners.write_text("owners: [{ login: ada, id: 1 }]\n")
    scene = scene_of(registry, SETTINGS)
    scene.environ.update(OLD)
    return scene


@pytest.mark.parametrize("environ", [{}, JOB], ids=["laptop", "job"])
def test_what_comes_after_must_have_served_before(scene: Scene, environ: dict[str, str]) -> None:
    scene.environ.update(environ)
    with pytest.raises(EntryError, match=r"does not serve in staging.*nothing serves") as refused:
        deploy(scene.target, "hello:1.1.0", "checked", how=scene.how())
    assert "puppy-cli deploy hello:1.1.0 --env staging" in refused.value.hint
    assert scene.target.store().all() == []
    deploy(scene.target, "hello:1.0.0", "staging", how=scene.how())
    with pytest.raises(EntryError, match=r"1\.0\.0 serves there"):
        carry_out(
            scene.target,
            json.dumps({"workflow": "hello:1.1.0"}),
            "checked",
            scene.on_event,
            scene.how(),
        )
    assert deploy(scene.target, "hello:1.0.0", "checked", how=scene.how()).main.version == "1.0.0"
    deploy(scene.target, "hello:1.1.0", "staging", how=scene.how())
    deploy(scene.target, "hello:1.0.0", "checked", how=scene.how())  # it serves: nothing changes
    assert scene.said[-1] == "hello:1.0.0 serves in checked already: nothing changes"


def test_a_candidate_in_a_rollout_below_has_not_served_yet(scene: Scene) -> None:
    deploy(scene.target, "hello:1.0.0", "staging", how=scene.how())
    almost = {"type": "canary", "steps": [{"weight": 90, "pause": "until-promoted"}]}
    deploy(scene.target, "hello:1.1.0", "staging", how=scene.how(strategy=almost))
    with pytest.raises(EntryError, match=r"1\.0\.0 serves there"):
        deploy(scene.target, "hello:1.1.0", "checked", how=scene.how())


def test_a_laptop_is_nobodys_reviewer(scene: Scene) -> None:
    deploy(scene.target, "hello:1.0.0", "staging", how=scene.how())
    for act in (deploy, promote):
        with pytest.raises(EntryError, match="wants a reviewer") as refused:
            act(scene.target, "hello:1.0.0", "production", how=scene.how())
        assert "--via github" in refused.value.hint
    scene.environ.update(JOB)
    promote(scene.target, "hello", "production", how=scene.how())
    deploy(scene.target, "hello:1.1.0", "staging", how=scene.how())
    promote(scene.target, "hello", "production", how=scene.how(strategy=PAUSED))
    del scene.environ["GITHUB_ACTIONS"]
    with pytest.raises(EntryError, match="wants a reviewer"):
        promote(scene.target, "hello", "production", how=scene.how())
    reconcile(scene.target, "production", how=scene.how())  # goes on with what was let in, if due
    assert rollback(scene.target, "hello", "production").main.version == "1.0.0"


def test_an_override_is_loud_on_record_and_audited(scene: Scene) -> None:
    scene.environ["ACTOR_ID"] = "9"
    why = "staging is down"
    state = deploy(scene.target, "hello:1.0.0", "production", how=scene.how(override=why))
    assert scene.said == [f"OVERRIDE: production's rules (after, approval) are set aside: {why}"]
    first = scene.events("hello", "production")[0]
    assert (first["stage"], first["detail"]["rules"]) == ("override", ["after", "approval"])
    assert (first["detail"]["reason"], first["detail"]["actor"]) == (why, state.actor)
    assert [entry.detail["override"] for entry in entries(scene.target)] == [why]
    assert f"serving, override: {why}" in next(deployment_rows(state))
    assert why in " ".join(deployment_sentences(state))
    assert f'"override": "{why}"' in json.dumps(deployment_json(state))
    assert scene.state("hello", "production") == state


def test_an_override_is_audited_though_what_it_let_in_failed(scene: Scene) -> None:
    how = scene.how(override="at any price", config={"provider": "openai"})
    with pytest.raises(StageFailedError):
        deploy(scene.target, "hello:1.0.0", "production", how=how)
    (entry,) = entries(scene.target)
    assert (entry.action, entry.detail["override"]) == ("deploy", "at any price")
    assert verify_audit(scene.target, environ=scene.environ).broken == ()


def test_an_override_of_nothing_is_not_noted(scene: Scene) -> None:
    state = deploy(scene.target, "hello:1.0.0", "staging", how=scene.how(override="in a hurry"))
    assert (state.main.override, scene.said) == ("", [])


def test_a_promotion_from_a_laptop_can_be_overridden(scene: Scene) -> None:
    scene.environ.update(JOB)
    deploy(scene.target, "hello:1.0.0", "staging", how=scene.how())
    promote(scene.target, "hello", "production", how=scene.how())
    deploy(scene.target, "hello:1.1.0", "staging", how=scene.how())
    promote(scene.target, "hello", "production", how=scene.how(strategy=PAUSED))
    del scene.environ["GITHUB_ACTIONS"]
    state = promote(scene.target, "hello", "production", how=scene.how(override="night shift"))
    assert (state.main.version, state.main.override) == ("1.1.0", "night shift")
    assert "OVERRIDE: production's rules (approval) are set aside: night shift" in scene.said


def test_only_maintainers_override(scene: Scene) -> None:
    scene.environ["ACTOR_ID"] = "1"
    with pytest.raises(DeployerError, match="id 1 may not override"):
        deploy(scene.target, "hello:1.0.0", "production", how=scene.how(override="please"))
    assert [entry.action for entry in entries(scene.target)] == ["deploy-denied"]
    assert scene.target.store().all() == []


def test_a_resumed_deployment_was_let_in_before(scene: Scene) -> None:
    """A job that died is completed although what serves below has moved on since."""
    deploy(scene.target, "hello:1.0.0", "staging", how=scene.how())

    class Died(BaseException):
        pass

    def die(event: object) -> None:
        if getattr(event, "stage", "") == "resolve":
            raise Died

    with pytest.raises(Died):
        deploy(scene.target, "hello:1.0.0", "checked", die, scene.how(id="dep-a"))
    deploy(scene.target, "hello:1.1.0", "staging", how=scene.how())
    with pytest.raises(EntryError):
        deploy(scene.target, "hello:1.0.0", "checked", how=scene.how(id="dep-b"))
    reconcile(scene.target, "checked", how=scene.how())
    assert scene.state("hello", "checked").main.version == "1.0.0"


def test_an_environment_that_is_not_there_is_reported_with_the_nearest(scene: Scene) -> None:
    with pytest.raises(UsageError, match="no environment 'prodution'") as refused:
        deploy(scene.target, "hello", "prodution", how=scene.how())
    listed = "it has staging, production, checked, watched"
    assert refused.value.hint == f"did you mean production? {listed}"


def test_a_request_keeps_what_guards_an_environment(scene: Scene) -> None:
    off = {"watch": {}}
    with pytest.raises(EntryError, match="changes 'watch', which guards watched") as caught:
        deploy(scene.target, "hello:1.0.0", "watched", how=scene.how(strategy=off))
    assert caught.value.location == "request: strategy.watch"
    assert "environments.watched.watch" in caught.value.hint
    assert not scene.events("hello", "watched")
    scene.environ["ACTOR_ID"] = "9"
    loud = scene.how(strategy=off, override="no runs at night")
    assert deploy(scene.target, "hello:1.0.0", "watched", how=loud).serves
    assert scene.said == [
        "OVERRIDE: watched's rules (strategy) are set aside: no runs at night",
    ]
