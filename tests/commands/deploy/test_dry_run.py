from __future__ import annotations

from typing import Any

import pytest

from registry_tool.commands.deploy.access import DeployerError
from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.deploy.dry_run import preview
from registry_tool.commands.deploy.provider_check import ProviderEvidence
from registry_tool.commands.deploy.stages import RegistryPlan
from registry_tool.core.errors import RegistryError, UsageError
from tests.commands.deploying import Make, Scene, scene_of

SETTINGS = """\
name: Test registry
categories: { text: Text }
environments:
  development: {}
  production:
    approval: pull-request
    approvers: ["@ada"]
    limits: { memory: 1Gi }
    strategy: { type: canary, steps: [{ weight: 10, pause: 10m }] }
    watch: { metrics: [{ metric: error_rate, max: 0.2 }] }
  tiny: { limits: { memory: 1Mi } }
"""


@pytest.fixture
def scene(make_registry: Make) -> Scene:
    registry = make_registry(git=True)
    for version in ("1.0.0", "1.1.0"):
        registry.add("hello", version)
    return scene_of(registry, SETTINGS)


def refs(scene: Scene) -> str:
    import subprocess

    return subprocess.run(
        ["git", "for-each-ref"], cwd=scene.root, capture_output=True, text=True, check=True
    ).stdout


def shown(scene: Scene, reference: str, environment: str, **how: Any) -> Any:
    """What would happen; nothing is written."""
    before = refs(scene)
    found = preview(scene.target, reference, environment, scene.how(**how))
    assert refs(scene) == before
    return found.to_value() | {"facts": dict(found.facts())}


def test_a_first_deployment(scene: Scene) -> None:
    value = shown(scene, "hello@^1.0.0", "production", config={"debug": True})
    assert value["would"] == "serve at once: nothing serves yet"
    assert value["candidate"]["version"] == "1.1.0"
    assert value["candidate"]["digest"].startswith("sha256:")
    assert value["candidate"]["config"] == {"debug": True}
    assert value["steps"] == [{"weight": 100, "pause": "0s", "metrics": "error_rate"}]
    assert value["approval"] == "a pull request into the branch deployments is merged by @ada"
    assert [stage["stage"] for stage in value["stages"]] == [
        "select", "configure", "resolve", "allocate",
    ]  # fmt: skip
    assert value["health_check"] == {"tests": 1, "answers": "recorded"}
    assert "memory" in value["facts"]["allocation"]


def test_what_follows_on_what_serves(scene: Scene) -> None:
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how())
    assert (
        shown(scene, "hello:1.0.0", "development")["would"] == "change nothing: exactly this serves"
    )
    value = shown(scene, "hello:1.1.0", "development", strategy={"type": "canary"})
    assert value["would"] == "replace 1.0.0"
    assert [step["weight"] for step in value["steps"]] == [10, 50, 100]
    assert value["steps"][0]["unmeasured"] == "wait"
    deploy(scene.target, "hello:1.1.0", "development", how=scene.how(strategy={"type": "canary"}))
    rollout = shown(scene, "hello:1.1.0", "development")["would"]
    assert rollout.startswith("go on with the rollout dep-")
    other = shown(scene, "hello:1.0.0", "development")["would"]
    assert other == "be refused: a rollout is inconclusive at step 1 of 3"


def test_what_a_stage_would_refuse(scene: Scene) -> None:
    value = shown(scene, "hello:9.9.9", "development")
    assert value["would"] == "be refused"
    assert value["refused"].startswith("at select: ")
    assert value["facts"].keys() == {"would", "version", "refused"}
    assert shown(scene, "hello:1.0.0", "tiny")["refused"].startswith("at allocate: ")


def test_a_provider_that_cannot_be_asked_is_foreseen(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(self: RegistryPlan) -> ProviderEvidence:
        raise RegistryError(f"{self.name}: the model can't be asked")

    monkeypatch.setattr(
        RegistryPlan, "proof", lambda _: ProviderEvidence(("gpt-4 answers",), ("a key",))
    )
    value = shown(scene, "hello:1.0.0", "development")
    assert value["health_check"]["providers"] == ["gpt-4 answers"]
    assert value["facts"]["unproved"] == "a key"
    monkeypatch.setattr(RegistryPlan, "proof", refuses)
    value = shown(scene, "hello:1.0.0", "development")
    assert value["refused"] == "at health-check: hello: the model can't be asked"
    assert value["would"] == "be refused"


def test_rules_are_reported_first_and_the_stage_after_them(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(_: RegistryPlan) -> None:
        raise RegistryError("no key is here")

    monkeypatch.setattr(RegistryPlan, "configure", refuses)
    own = scene.root / "registry/registry.yaml"
    own.write_text(own.read_text().replace("  tiny: {", "  tiny: { after: development,"))
    value = shown(scene, "hello:1.0.0", "tiny")
    assert value["refused"].startswith(
        "registry/registry.yaml: environments.tiny.after: hello:1.0.0 does"
    )
    assert value["refused"].endswith("; at configure: no key is here")


def test_who_may_not_deploy_is_reported_and_nothing_is_noted(scene: Scene) -> None:
    scene.environ["ACTOR_ID"] = "999"
    before = refs(scene)
    with pytest.raises(DeployerError, match="the person with the id 999"):
        preview(scene.target, "hello:1.0.0", "development")
    assert refs(scene) == before


def test_an_environment_that_is_not_there(scene: Scene) -> None:
    with pytest.raises(UsageError, match="no environment 'prodution'"):
        preview(scene.target, "hello:1.0.0", "prodution")
