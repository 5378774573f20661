from __future__ import annotations

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.deploy.promote import promote
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.state.target import open_serving
from tests.commands.deploying import Make, Scene, scene_of


@pytest.fixture
def scene(make_registry: Make) -> Scene:
    registry = make_registry(git=True)
    for version in ("1.0.0", "1.1.0"):
        registry.add("hello", version)
    registry.add("caller", "1.0.0", hello="^1.0.0")
    return scene_of(registry)


def test_what_serves_below_is_taken_with_its_dependencies(scene: Scene) -> None:
    below = deploy(scene.target, "caller", "development", how=scene.how())
    state = promote(scene.target, "caller", "staging", how=scene.how())
    assert (state.main.version, state.main.digest) == ("1.0.0", below.main.digest)
    assert state.main.lock == below.main.lock
    opened = open_serving(scene.target, "caller", state.main)
    assert opened.program.callees["hello"].workflow.version == "1.1.0"
    promote(scene.target, "caller", "staging", how=scene.how())
    assert scene.said == ["caller:1.0.0 serves in staging already: nothing changes"]


def test_what_does_not_serve_below_is_refused(scene: Scene) -> None:
    with pytest.raises(NotFoundError, match="nothing of hello serves in development"):
        promote(scene.target, "hello", "staging", how=scene.how())
    with pytest.raises(UsageError, match="development has no environment below it"):
        promote(scene.target, "hello", "development", how=scene.how())
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how())
    with pytest.raises(RegistryError, match=r"development serves hello:1\.0\.0, not hello:1\.1\.0"):
        promote(scene.target, "hello:1.1.0", "staging", how=scene.how())


def test_a_rollout_below_is_waited_for(scene: Scene) -> None:
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how())
    paused = {"type": "canary", "steps": [{"weight": 5, "pause": "1h"}]}
    deploy(scene.target, "hello:1.1.0", "development", how=scene.how(strategy=paused))
    with pytest.raises(RegistryError, match=r"in the middle of a rollout of hello \(paused\)"):
        promote(scene.target, "hello", "staging", how=scene.how())


def test_a_version_that_was_tampered_with_since_is_refused(scene: Scene) -> None:
    deploy(scene.target, "hello:1.1.0", "development", how=scene.how())
    readme = scene.root / "registry/workflows/hello/1.1.0/docs/README.md"
    readme.write_text("tampered with")
    with pytest.raises(RegistryError, match="not sha256:"):
        promote(scene.target, "hello", "staging", how=scene.how())
