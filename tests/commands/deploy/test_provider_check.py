"""Nothing is green without a provider, and no other model answers unless the environment lets it."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.review.check import write_compiled
from registry_tool.commands.run.execute import execute
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.deploy.render import deployment_json, deployment_rows, deployment_sentences
from registry_tool.deploy.stages import StageFailedError
from registry_tool.engine.providers.models.weights import MODEL
from registry_tool.monitoring.records import FINISHED
from registry_tool.monitoring.runs import runs_of
from registry_tool.runtime.run_program import RunOptions
from registry_tool.runtime.substitutes import SubstituteError
from registry_tool.state.runs.records import read_records
from registry_tool.store.tree import FolderTree
from tests.commands.deploying import Make, Scene, scene_of
from tests.engine.providers.fault_server import running

MANIFEST = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata:
  { name: greeter, version: "1.0.0", author: ada@example.com, description: Greets, category: text, license: MIT }
spec:
  blocks: [{ id: who, type: text }, { id: greeting, type: text }]
  edges:
    - id: greet
      source: who
      target: greeting
      type: llm
      config: { model: gpt-4, prompt: "Greet {{who}}", max_tokens: 4 }
  interface:
    inputs: [{ name: who, type: string, required: true }]
    outputs: [{ name: greeting, type: string }]
  runtime:
    environments: { forged: { provider: local, substitute: local } }
    dependencies: { external_apis: [APIS] }
"""
SETTINGS = """\
name: Test registry
categories: { text: Text }
environments:
  bare: {}
  remote: { provider: openai }
  silent: { provider: local }
  stand-in: { provider: local, substitute: local }
  forged: {}
"""


def scene_with(make_registry: Make, apis: str = "") -> Scene:
    registry = make_registry(git=True)
    folder = registry.root / "registry/workflows/greeter/1.0.0"
    (folder / "docs").mkdir(parents=True)
    (folder / "manifest.yaml").write_text(MANIFEST.replace("APIS", apis))
    (folder / "docs/README.md").write_text("# greeter\n\nGreets.\n")
    (folder.parent / "owners.yaml").write_text("owners: [{ login: ada, id: 1 }]\n")
    write_compiled(registry.root, FolderTree(registry.root))
    return scene_of(registry, SETTINGS)


@pytest.fixture
def scene(make_registry: Make, monkeypatch: pytest.MonkeyPatch) -> Scene:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "PUPPY_PROVIDER"):
        monkeypatch.delenv(name, raising=False)
    return scene_with(make_registry)


def health(scene: Scene, environment: str) -> dict[str, Any]:
    events = scene.events("greeter", environment)
    return next(event["detail"] for event in events if event["stage"] == "health-check")


@pytest.mark.parametrize("environment", ["bare", "silent", "forged"])
def test_the_embedded_model_does_not_answer_for_another(scene: Scene, environment: str) -> None:
    """Also where the manifest allows it to itself: that is the registry's to say (threat 56)."""
    with pytest.raises(StageFailedError, match=f"names gpt-4, and {MODEL} would answer") as refused:
        deploy(scene.target, "greeter", environment, how=scene.how())
    assert f"`substitute: local` in environments.{environment}" in refused.value.hint


def test_a_request_cannot_allow_it(scene: Scene) -> None:
    config = {"provider": "local", "substitute": "local"}
    with pytest.raises(UsageError, match="substitute belongs to the registry"):
        deploy(scene.target, "greeter", "remote", how=scene.how(config=config))


def test_a_request_names_no_address(scene: Scene) -> None:
    """Whoever may deploy a workflow need not be who may say to whom its inputs go (threat 36)."""
    with running() as server:
        server.models = ["gpt-4"]
        config = {"provider": "openai", "base_url": server.address}
        with pytest.raises(UsageError, match="base_url belongs to the registry"):
            deploy(scene.target, "greeter", "remote", how=scene.how(config=config))
        assert not server.asked
    assert scene.target.store().find("remote", "greeter") is None


def test_a_word_that_is_no_provider_does_not_get_to_serve(scene: Scene) -> None:
    """Wherever it comes from: each run would fail, behind a green deployment."""
    manifest = scene.root / "registry/workflows/greeter/1.0.0/manifest.yaml"
    manifest.write_text(
        manifest.read_text().replace("forged: { provider: local,", "bare: { provider: cloudy,")
    )
    write_compiled(scene.root, FolderTree(scene.root))
    with pytest.raises(StageFailedError, match="there is no provider 'cloudy'") as refused:
        deploy(scene.target, "greeter", "bare", how=scene.how())
    assert "local, openai, replay" in refused.value.hint


def test_where_it_is_allowed_everybody_says_who_answers(scene: Scene) -> None:
    state = deploy(scene.target, "greeter", "stand-in", how=scene.how())
    assert health(scene, "stand-in")["providers"] == [f"{MODEL} is installed and loads"]
    words = f"answered by {MODEL} instead of gpt-4"
    assert words in " ".join(deployment_sentences(state))
    assert words in " ".join(next(deployment_rows(state)))
    assert MODEL in str(deployment_json(state))
    result = execute(scene.target, "greeter", {"who": "Ada"}, RunOptions("stand-in"))
    assert (result.answered_by, result.instead_of) == (MODEL, "gpt-4")
    records = read_records(scene.target, "stand-in", every=True)
    (end,) = [record for record in records if record.kind == FINISHED]
    assert (end.answered_by, end.instead_of) == (MODEL, "gpt-4")
    (run,) = runs_of(records, scene.clock.now())
    assert run.to_value()["answered_by"] == MODEL


def test_a_run_cannot_name_another_provider_than_allowed(scene: Scene) -> None:
    with running() as server:
        server.models = ["gpt-4"]
        scene.environ["OPENAI_BASE_URL"] = server.address
        deploy(scene.target, "greeter", "remote", how=scene.how())
    assert health(scene, "remote")["providers"] == [f"127.0.0.1:{server.server_port} lists gpt-4"]
    with pytest.raises(SubstituteError, match="would answer instead"):
        execute(scene.target, "greeter", {"who": "Ada"}, RunOptions("remote", provider="local"))


def test_a_server_that_is_gone_keeps_a_version_out(scene: Scene) -> None:
    with running() as server:
        scene.environ["OPENAI_BASE_URL"] = server.address
    with pytest.raises(StageFailedError, match=r"health-check failed: .*can't be reached"):
        deploy(scene.target, "greeter", "remote", how=scene.how())
    assert not scene.state("greeter", "remote").serves


def test_no_key_is_found_out_before_a_run_fails(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "registry_tool.commands.deploy.provider_check.usual_provider", lambda _: "openai"
    )
    with pytest.raises(StageFailedError, match="does not bring OPENAI_API_KEY or OPENAI_BASE_URL"):
        deploy(scene.target, "greeter", "bare", how=scene.how())


@pytest.mark.parametrize("required", [True, False])
def test_the_host_of_a_service_answers_or_it_is_said(
    make_registry: Make, monkeypatch: pytest.MonkeyPatch, required: bool
) -> None:
    with running() as gone:
        port = gone.server_port
    monkeypatch.setenv("PUPPY_ALLOW_PRIVATE_HOSTS", f"127.0.0.1:{port}")
    api = f"{{ name: shop, required: {str(required).lower()}, hosts: ['127.0.0.1:{port}'] }}"
    scene = scene_with(make_registry, api)
    if required:
        with pytest.raises(StageFailedError, match=r"127\.0\.0\.1:\d+ of shop can't be reached"):
            deploy(scene.target, "greeter", "stand-in", how=scene.how())
        return
    deploy(scene.target, "greeter", "stand-in", how=scene.how())
    (output,) = health(scene, "stand-in")["unproved"]
    assert output.startswith(f"that 127.0.0.1:{port} answers: ")


def test_what_was_deployed_before_this_rule_does_not_run_on_quietly(scene: Scene) -> None:
    """A deployment whose configuration allows nothing, as older ones are: its runs say the fix."""
    from registry_tool.runtime.run_program import run_program
    from registry_tool.state.target import open_serving

    state = deploy(scene.target, "greeter", "stand-in", how=scene.how())
    program = open_serving(scene.target, "greeter", state.main).program
    with pytest.raises(RegistryError, match="would answer instead"):
        run_program(program, {"who": "Ada"}, RunOptions("silent", overlay={"provider": "local"}))
