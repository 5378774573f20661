from __future__ import annotations

import shutil
from typing import Any

import pytest

from registry_tool.commands.deploy import health_check
from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.deploy.health_check import Probe, _pairs
from registry_tool.commands.review.check import write_compiled
from registry_tool.deploy.comparison import Compare
from registry_tool.deploy.stages import StageFailedError
from registry_tool.sources.reference import open_reference
from registry_tool.store.tree import FolderTree
from tests.commands.deploying import Make, Scene, scene_of
from tests.engine.providers.fault_server import FaultServer, Reply, running

MANIFEST = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata:
  name: greeter
  version: "1.0.0"
  author: ada@example.com
  description: Greets by a model
  category: text
  license: MIT
spec:
  blocks: [{ id: who, type: text }, { id: greeting, type: text }]
  edges:
    - id: greet
      source: who
      target: greeting
      type: llm
      config: { model: small, prompt: "Greet {{who}}" }
  interface:
    inputs: [{ name: who, type: string, required: true }]
    outputs: [{ name: greeting, type: string }]
  tests:
    - { name: elsewhere, environment: staging, inputs: { who: nobody }, assert: [{ type: equals, value: nobody }] }
    - { name: smoke, environment: production, inputs: { who: Ada }, assert: [{ type: contains, value: Ada }] }
"""
SETTINGS = """\
name: Test registry
categories: { text: Text }
environments:
  staging: { substitute: local }
  production: { provider: openai, llm_model: large }
"""


@pytest.fixture
def scene(make_registry: Make) -> Scene:
    registry = make_registry(git=True)
    folder = registry.root / "registry/workflows/greeter/1.0.0"
    (folder / "docs").mkdir(parents=True)
    (folder / "manifest.yaml").write_text(MANIFEST)
    (folder / "docs/README.md").write_text("# greeter\n\nGreets.\n")
    (folder.parent / "owners.yaml").write_text("owners: [{ login: ada, id: 1 }]\n")
    write_compiled(registry.root, FolderTree(registry.root))
    return scene_of(registry, SETTINGS)


def says(text: str) -> Reply:
    """A model's answer."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    usage = {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}
    return Reply(body={"id": "1", "model": "large", "choices": [choice], "usage": usage})


def ask(scene: Scene, server: FaultServer, monkeypatch: pytest.MonkeyPatch, **strategy: Any) -> Any:
    monkeypatch.setenv("OPENAI_BASE_URL", server.address)
    server.models = ["large"]
    scene.environ["OPENAI_BASE_URL"] = server.address
    return deploy(scene.target, "greeter", "production", how=scene.how(strategy=strategy))


def test_smoke_tests_are_asked_live_in_the_environment(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running() as server:
        server.replies = [says("Hello, Ada")]
        state = ask(scene, server, monkeypatch)
    assert state.main.version == "1.0.0"
    assert [asked["model"] for asked, _ in server.asked] == ["large"]
    (check,) = [e for e in scene.events("greeter", "production") if e["stage"] == "health-check"]
    assert check["detail"] == {
        "tests": 1,
        "answers": "openai",
        "proved": "1 smoke test live",
        "providers": [f"127.0.0.1:{server.server_port} lists large"],
    }


def test_a_smoke_test_that_fails_keeps_it_out(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running() as server:
        server.replies = [says("Who?")]
        with pytest.raises(StageFailedError, match="the test 'smoke' fails"):
            ask(scene, server, monkeypatch)
    state = scene.state("greeter", "production")
    assert (state.serves, state.rollout) == (False, None)


def test_the_live_runs_tokens_are_judged(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    few: Any = {"metrics": [{"metric": "tokens_per_run", "max": 5}], "confidence": 0.5}
    with running() as server:
        server.replies = [says("Hello, Ada")]
        state = ask(scene, server, monkeypatch, before=few)
    assert state.rollout is not None  # one run has no spread: nobody can tell
    assert state.rollout.reason == "the health check's runs tell too little"


def test_versions_are_compared_each_by_its_own_provider(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a request for recorded answers would later be compared with itself, whoever answers then."""
    asked: list[str] = []
    monkeypatch.setattr(health_check, "_run", lambda *given: asked.append(given[3]))
    program = open_reference("greeter", str(scene.root)).program
    probe = Probe(scene.root, "production", program, {"provider": "openai"})
    pairs = list(_pairs(probe, Compare(), program, {"provider": "replay"}, []))
    assert asked == ["openai", "replay"] * len(pairs) != []


def test_without_a_provider_recorded_answers_count(scene: Scene) -> None:
    with pytest.raises(StageFailedError, match="the test 'elsewhere' fails"):
        deploy(scene.target, "greeter", "staging", how=scene.how())


def wanting(scene: Scene, check: str, environment: str) -> None:
    settings = scene.root / "registry/registry.yaml"
    text = settings.read_text()
    settings.write_text(text.replace("staging: {", f"staging: {{ health_check: {check},"))
    manifest = scene.root / "registry/workflows/greeter/1.0.0/manifest.yaml"
    tests = manifest.read_text().partition("  tests:\n")[0]
    manifest.write_text(tests + environment)
    write_compiled(scene.root, FolderTree(scene.root))


@pytest.mark.parametrize("check", ["recorded", "live"])
def test_what_proves_nothing_is_kept_out_where_proof_is_wanted(scene: Scene, check: str) -> None:
    wanting(scene, check, "")
    with pytest.raises(StageFailedError, match=r"staging wants .*: it has no test"):
        deploy(scene.target, "greeter", "staging", how=scene.how())
    assert not scene.state("greeter", "staging").serves


def test_what_proves_nothing_says_so_where_nobody_wants_more(scene: Scene) -> None:
    wanting(scene, "any", "")
    deploy(scene.target, "greeter", "staging", how=scene.how())
    (check,) = [e for e in scene.events("greeter", "staging") if e["stage"] == "health-check"]
    assert check["detail"]["proved"] == "nothing: it has no test for this environment"


def second_version(scene: Scene) -> None:
    """greeter 1.1.0 asks in other words."""
    folder = scene.root / "registry/workflows/greeter"
    shutil.copytree(folder / "1.0.0", folder / "1.1.0")
    manifest = folder / "1.1.0/manifest.yaml"
    text = manifest.read_text().replace('"1.0.0"', '"1.1.0"').replace("Greet {{", "Please greet {{")
    manifest.write_text(text)
    write_compiled(scene.root, FolderTree(scene.root))


@pytest.mark.parametrize(("answers", "agreed"), [(["Hi", "Hi"], 1), (["Hi", "Go away"], 0)])
def test_both_versions_are_asked_the_same_live_and_compared(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, answers: list[str], agreed: int
) -> None:
    with running() as server:
        server.replies = [says("Hello, Ada")]
        ask(scene, server, monkeypatch)
        second_version(scene)
        server.replies = [says("Hello, Ada"), *map(says, answers)]
        server.asked.clear()
        if agreed:
            state = ask(scene, server, monkeypatch, compare={"inputs": "tests"})
            assert state.main.version == "1.1.0"
        else:
            with pytest.raises(StageFailedError, match="agree on 0 of 1 inputs"):
                ask(scene, server, monkeypatch, compare={"inputs": "tests"})
    asked = [body["messages"][-1]["content"] for body, _ in server.asked]
    assert asked == ["Please greet Ada", "Please greet Ada", "Greet Ada"]  # test, then both
    assert {body["model"] for body, _ in server.asked} == {"large"}
    serving = scene.state("greeter", "production").main.version
    assert serving == ("1.1.0" if agreed else "1.0.0")
    checks = [e for e in scene.events("greeter", "production") if e["stage"] == "health-check"]
    assert [e["status"] for e in checks] == ["ok", "ok" if agreed else "failed"]
