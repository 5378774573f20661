"""A run that who asked made another than the deployment's measures nothing, whichever way it ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import yaml

from registry_tool.commands.deploy.deploy import DeployOptions, deploy
from registry_tool.commands.deploy.reconcile import reconcile
from registry_tool.commands.deploy.samples import samples_of
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.review.check import write_compiled
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admit import admit
from registry_tool.commands.run.execute import execute, execute_request
from registry_tool.commands.run.outcome import record
from registry_tool.core.errors import RegistryError
from registry_tool.deploy.analysis import RunQuery
from registry_tool.monitoring.runs import Run, runs_of
from registry_tool.runtime.run_program import RunOptions
from registry_tool.state.runs.records import read_records, ring_of
from registry_tool.store.tree import FolderTree
from tests.commands.deploying import Make, Scene, scene_of
from tests.engine.providers.fault_server import FaultServer, Reply, running

SETTINGS = """\
name: Test registry
categories: { text: Text }
environments:
  development: { provider: openai, secrets: [OPENAI_API_KEY, OPENAI_BASE_URL] }
plans:
  small: { runs_per_month: 100, tokens_per_month: 10 }
access:
  members: [{ login: sam, id: 23, role: runner, plan: small }]
"""
CANARY: Any = {
    "type": "canary",
    "steps": [{"weight": 99, "pause": "10m"}],
    "watch": {"metrics": [{"metric": "error_rate", "max": 0.3}], "min_runs": 3},
}
ASK = ExecuteRequest("hello", {"who": "Ada"})
EVE, SAM = Requester(22, "eve"), Requester(23, "sam")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    with running() as made:
        monkeypatch.setenv("OPENAI_BASE_URL", made.address)
        monkeypatch.setenv("OPENAI_API_KEY", "k")
        yield made


@pytest.fixture
def scene(make_registry: Make, server: FaultServer) -> Scene:
    """hello 1.1.0 asks a model and takes 99 % of the runs; 1.0.0 asks none."""
    registry = make_registry(git=True)
    for version in ("1.0.0", "1.1.0"):
        registry.add("hello", version)
    manifest = registry.root / "registry/workflows/hello/1.1.0/manifest.yaml"
    value = yaml.safe_load(manifest.read_text())
    (edge,) = value["spec"]["edges"]
    edge |= {"type": "llm", "config": {"model": "gpt-4o-mini", "prompt": "Greet {{who}}"}}
    del value["spec"]["tests"]
    manifest.write_text(yaml.safe_dump(value))
    write_compiled(registry.root, FolderTree(registry.root))
    made = scene_of(registry, SETTINGS)
    made.environ["OPENAI_BASE_URL"] = server.address
    server.replies = [Reply() for _ in range(9)]  # a deployment looks whether the model answers
    deploy(made.target, "hello:1.0.0", "development")
    deploy(made.target, "hello:1.1.0", "development", how=DeployOptions(strategy=CANARY))
    server.replies = []
    return made


def since(scene: Scene) -> RunQuery:
    rollout = scene.state("hello", "development").rollout
    assert rollout is not None
    return RunQuery("development", "hello", rollout.deployment, rollout.since)


def to_candidate(scene: Scene, number: int = 0) -> str:
    """An execution id whose run the candidate takes."""
    state = scene.state("hello", "development")
    names = (f"exec-{number}-{n}" for n in range(99))
    return next(name for name in names if state.choose(name).version == "1.1.0")


def ran(scene: Scene, request: ExecuteRequest, requester: Requester = EVE, number: int = 0) -> Run:
    name = to_candidate(scene, number)
    execute_request(scene.target, "development", request, requester, execution_id=name)
    records = read_records(scene.target, "development", every=True)
    return next(
        run for run in runs_of(records, scene.clock.now()) if run.start.execution_id == name
    )


STEERED = [
    ({"max_tokens": 1}, "error", "cap"),
    ({"max_cost": 0.0}, "error", "cap"),
    ({"provider": "replay"}, "error", "provider"),
]


@pytest.mark.parametrize(("words", "status", "steered"), STEERED)
def test_eleven_of_them_take_nobodys_deployment_back(
    scene: Scene, words: dict[str, Any], status: str, steered: str
) -> None:
    for number in range(11):
        run = ran(scene, replace(ASK, **words), number=number)
        assert (run.status, run.steered) == (status, steered)
    assert run.to_value()["steered"] == steered
    assert samples_of(scene.target)(since(scene)) == []
    (done,) = reconcile(scene.target, how=DeployOptions(strategy=CANARY))
    assert done.error is None
    state = scene.state("hello", "development")
    assert [serving.version for serving in state.serving] == ["1.1.0", "1.0.0"]


def test_answers_that_were_recorded_move_no_canary(scene: Scene) -> None:
    """1.0.0 asks no model, so its runs succeed with any provider."""
    target = scene.target
    name = next(
        f"exec-{n}"
        for n in range(9999)
        if scene.state("hello", "development").choose(f"exec-{n}").version == "1.0.0"
    )
    request = replace(ASK, provider="replay")
    _, outcome = execute_request(target, "development", request, EVE, execution_id=name)
    assert outcome.status == "success"
    assert samples_of(target)(since(scene)) == []


def test_a_bound_that_cut_no_answer_is_none(scene: Scene, server: FaultServer) -> None:
    server.replies = [Reply()]
    run = ran(scene, replace(ASK, max_tokens=5000))
    assert (run.status, run.steered) == ("success", "")
    assert len(samples_of(scene.target)(since(scene))) == 1


def test_an_answer_that_a_bound_cut_short_is(scene: Scene, server: FaultServer) -> None:
    """It may be what fails, or what makes the version look cheap."""
    body = {
        **Reply().body,
        "usage": {"prompt_tokens": 5, "completion_tokens": 99, "total_tokens": 104},
    }
    server.replies = [Reply(200, body)]
    run = ran(scene, replace(ASK, max_tokens=60))
    assert (run.status, run.steered) == ("success", "cap")
    assert samples_of(scene.target)(since(scene)) == []


def test_so_does_what_a_plan_has_left(scene: Scene) -> None:
    run = ran(scene, ASK, SAM)
    assert (run.status, run.steered) == ("error", "cap")


def test_the_deployments_own_provider_may_be_named(scene: Scene, server: FaultServer) -> None:
    server.replies = [Reply()]
    run = ran(scene, replace(ASK, provider="openai"))
    assert (run.status, run.steered) == ("success", "")


def test_one_that_is_lost_is_steered_all_the_same(scene: Scene) -> None:
    ring = ring_of(scene.target, "development")
    request = replace(ASK, provider="replay")
    admission = admit(scene.target, "development", request, EVE, ring=ring)
    record(scene.target, admission, None, ring)
    assert samples_of(scene.target)(since(scene)) == []


def test_refused_inputs_leave_no_run(scene: Scene) -> None:
    with pytest.raises(RegistryError, match="no input 'whom'"):
        execute_request(scene.target, "development", ExecuteRequest("hello", {"whom": "x"}), EVE)
    assert read_records(scene.target, "development", every=True) == []


def test_the_time_that_somebody_here_gave_it_is_theirs(scene: Scene, server: FaultServer) -> None:
    server.replies = [Reply(pause=30)]
    how = RunOptions("development", timeout=0.001, execution_id=to_candidate(scene))
    execute(scene.target, "hello", {"who": "Ada"}, how)
    (run,) = runs_of(read_records(scene.target, "development", every=True), scene.clock.now())
    assert (run.status, run.steered) == ("error", "timeout")
