from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.deploy.promote import promote
from registry_tool.commands.deploy.reconcile import continues_unattended, reconcile, wait_for
from registry_tool.commands.deploy.rollback import rollback
from registry_tool.commands.review.check import write_compiled
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.deploy.deployer import RolloutInTheWayError
from registry_tool.deploy.model import Deployment, Phase
from registry_tool.deploy.render import rollout_sentence
from registry_tool.deploy.stages import StageFailedError
from registry_tool.store.tree import FolderTree
from tests.commands.deploying import QUICK, Make, Scene, scene_of


@pytest.fixture
def scene(make_registry: Make) -> Scene:
    registry = make_registry(git=True)
    for version in ("1.0.0", "1.1.0", "2.0.0"):
        registry.add("hello", version)
    return scene_of(registry)


def weights(state: Deployment) -> list[tuple[str, int]]:
    return [(entry.version, entry.weight) for entry in state.serving]


def at_ten_percent(scene: Scene) -> Deployment:
    scene.runs.made = {"1.0.0": (30, 0)}
    deploy(scene.target, "hello:1.0.0", "production", how=scene.how())
    state = scene.state("hello", "production")
    assert weights(state) == [("1.0.0", 100)]
    return deploy(scene.target, "hello:1.1.0", "production", scene.on_event, scene.how(id="dep-a"))


def test_a_first_deployment_has_nothing_to_share_with(scene: Scene) -> None:
    scene.runs.made = {"1.0.0": (30, 0)}
    state = deploy(scene.target, "hello:1.0.0", "production", how=scene.how())
    assert state.rollout is None
    assert weights(state) == [("1.0.0", 100)]


def test_a_canary_pauses_is_promoted_and_ends(scene: Scene) -> None:
    state = at_ten_percent(scene)
    assert weights(state) == [("1.1.0", 10), ("1.0.0", 90)]
    assert state.rollout is not None
    assert (state.rollout.phase, state.rollout.step, state.rollout.steps) == (Phase.PAUSED, 1, 3)
    assert state.rollout.holder == ""
    assert scene.events_seen == [
        "select ok",
        "configure ok",
        "resolve ok",
        "allocate ok",
        "health-check ok",
        "switch ok",
    ]
    scene.runs.made["1.1.0"] = (30, 0)
    revision = state.revision
    reconcile(scene.target, "production", how=scene.how())
    assert scene.state("hello", "production").revision == revision  # nothing is due

    scene.clock.forward(601)
    reconcile(scene.target, how=scene.how())
    state = scene.state("hello", "production")
    assert weights(state) == [("1.1.0", 50), ("1.0.0", 50)]
    assert state.rollout is not None
    assert state.rollout.reason == "it waits until a human promotes it"

    scene.clock.forward(10**6)
    reconcile(scene.target, how=scene.how())
    assert weights(scene.state("hello", "production")) == [("1.1.0", 50), ("1.0.0", 50)]
    state = promote(scene.target, "hello", "production", scene.on_event, scene.how(actor="abc"))
    assert state.rollout is None
    assert weights(scene.state("hello", "production")) == [("1.1.0", 100)]
    assert state.previous is not None
    assert state.previous.version == "1.0.0"
    assert state.id == "dep-a"
    assert state.main.since == "2026-01-01T00:00:00.000Z"  # when its first run was let in
    promoted = [e for e in scene.events("hello", "production") if e["stage"] == "promote"]
    assert promoted[0]["detail"]["actor"] == "abc"


def test_runs_since_the_switch_are_asked_for(scene: Scene) -> None:
    state = at_ten_percent(scene)
    assert state.rollout is not None
    last = scene.runs.asked[-1]
    assert (last.environment, last.workflow, last.deployment) == ("production", "hello", "dep-a")
    assert last.time == state.rollout.since


def test_a_failed_watch_rolls_back_even_during_a_pause(scene: Scene) -> None:
    at_ten_percent(scene)
    scene.runs.made["1.1.0"] = (30, 25)
    done = reconcile(scene.target, how=scene.how())
    assert done[0].error is not None
    assert "error_rate of 30 runs broke the threshold; 1.0.0 serves again" in str(done[0].error)
    state = scene.state("hello", "production")
    assert weights(state) == [("1.0.0", 100)]
    assert state.rollout is None
    assert [e["stage"] for e in scene.events("hello", "production")][-2:] == ["watch", "rollback"]


def test_a_failed_watch_after_the_switch_serves_the_old_one_again(scene: Scene) -> None:
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how())
    scene.runs.made["1.1.0"] = (30, 25)
    watch: Any = {"metrics": [{"metric": "error_rate", "max": 0.2}], "min_runs": 10}
    with pytest.raises(StageFailedError, match="stage watch failed"):
        deploy(scene.target, "hello:1.1.0", "development", how=scene.how(strategy={"watch": watch}))
    assert weights(scene.state("hello", "development")) == [("1.0.0", 100)]


def test_too_few_runs_wait_for_a_human(scene: Scene) -> None:
    at_ten_percent(scene)
    scene.clock.forward(601)
    reconcile(scene.target, how=scene.how())
    state = scene.state("hello", "production")
    assert state.rollout is not None
    assert state.rollout.phase is Phase.INCONCLUSIVE
    assert state.rollout.reason == (
        "0 runs tell too little; what served before serves again at 2026-01-02T00:10:00.000Z"
    )
    events = len(scene.events("hello", "production"))
    reconcile(scene.target, how=scene.how())
    assert len(scene.events("hello", "production")) == events  # it does not repeat itself

    scene.runs.made["1.1.0"] = (30, 0)
    reconcile(scene.target, how=scene.how())
    assert weights(scene.state("hello", "production")) == [("1.1.0", 50), ("1.0.0", 50)]


def test_an_inconclusive_rollout_can_be_taken_back(scene: Scene) -> None:
    at_ten_percent(scene)
    scene.clock.forward(601)
    reconcile(scene.target, how=scene.how())
    state = rollback(scene.target, "hello", "production", how=scene.how())
    assert weights(state) == [("1.0.0", 100)]
    assert scene.state("hello", "production").rollout is None


def test_failures_are_counted_up_to_their_limit(scene: Scene) -> None:
    settings = scene.root / "registry/registry.yaml"
    settings.write_text(settings.read_text().replace("min_runs: 10", "failure_limit: 1"))
    at_ten_percent(scene)
    scene.runs.made["1.1.0"] = (30, 25)
    assert reconcile(scene.target, how=scene.how())[0].error is None
    state = scene.state("hello", "production")
    assert state.rollout is not None
    assert state.rollout.failures == 1
    assert reconcile(scene.target, how=scene.how())[0].error is not None


def test_another_version_does_not_get_in_between(scene: Scene) -> None:
    at_ten_percent(scene)
    with pytest.raises(RolloutInTheWayError, match=r"rollout of 1\.1\.0 is paused at step 1 of 3"):
        deploy(scene.target, "hello:2.0.0", "production", how=scene.how())
    assert weights(scene.state("hello", "production")) == [("1.1.0", 10), ("1.0.0", 90)]


def test_the_same_wish_again_goes_on_with_what_is_there(scene: Scene) -> None:
    at_ten_percent(scene)
    scene.clock.forward(601)
    scene.runs.made["1.1.0"] = (30, 0)
    state = deploy(scene.target, "hello:1.1.0", "production", how=scene.how())
    assert weights(state) == [("1.1.0", 50), ("1.0.0", 50)]


CANARY: Any = {"type": "canary"}


def test_a_canary_that_measures_nothing_waits_for_a_word_and_gives_way_in_the_end(
    scene: Scene,
) -> None:
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how())
    deploy(scene.target, "hello:1.1.0", "development", how=scene.how(strategy=CANARY))
    state = scene.state("hello", "development")
    assert weights(state) == [("1.1.0", 10), ("1.0.0", 90)]
    assert state.rollout is not None
    assert state.rollout.phase is Phase.INCONCLUSIVE
    limit = "what served before serves again at 2026-01-02T00:00:00.000Z"
    assert state.rollout.reason == f"nothing was measured: no threshold is set; {limit}"
    assert "more runs" not in rollout_sentence(state.rollout)  # they would measure nothing either
    assert "`puppy-cli promote` goes on with it" in rollout_sentence(state.rollout)
    assert not continues_unattended(state)
    watch = scene.events("hello", "development")[-1]
    assert (watch["stage"], watch["status"]) == ("watch", "inconclusive")
    assert watch["detail"]["measured"] == "nothing"
    assert watch["detail"]["until"] == "2026-01-02T00:00:00.000Z"
    promote(scene.target, "hello", "development", how=scene.how())
    assert weights(scene.state("hello", "development")) == [("1.1.0", 50), ("1.0.0", 50)]

    scene.clock.forward(86_399)
    assert reconcile(scene.target, how=scene.how())[0].error is None
    scene.clock.forward(1)
    error = reconcile(scene.target, how=scene.how())[0].error
    assert "no threshold is set, 86400 s after its pause; 1.0.0 serves again" in str(error)
    assert weights(scene.state("hello", "development")) == [("1.0.0", 100)]


def test_the_candidate_is_held_against_what_serves_at_the_same_time(scene: Scene) -> None:
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how(id="dep-old"))
    metric = {"metric": "error_rate", "baseline": "stable", "margin": 0.1}
    strategy = {**CANARY, "steps": [{"weight": 20, "pause": "10m"}], "watch": {"metrics": [metric]}}
    scene.runs.made = {"1.1.0": (200, 60), "1.0.0": (200, 60)}  # the model is ill, not the version
    deploy(scene.target, "hello:1.1.0", "development", how=scene.how(strategy=strategy))
    assert weights(scene.state("hello", "development")) == [("1.1.0", 20), ("1.0.0", 80)]
    asked = [(since.deployment, since.time) for since in scene.runs.asked[-2:]]
    assert asked[0] == ("dep-old", asked[1][1])
    assert reconcile(scene.target, how=scene.how())[0].error is None
    scene.runs.made["1.0.0"] = (200, 4)
    error = reconcile(scene.target, how=scene.how())[0].error
    assert "error_rate of 200 runs broke the threshold" in str(error)
    line = scene.events("hello", "development")[-2]["detail"]["metrics"][0]
    assert (line["value"], line["baseline"], line["verdict"]) == (0.3, 0.02, "failed")


def test_a_strategy_without_shared_runs_has_no_baseline(scene: Scene) -> None:
    metric = {"metric": "error_rate", "baseline": "stable", "margin": 0.1}
    for strategy in (
        {"type": "all-at-once", "watch": {"metrics": [metric]}},
        {"type": "canary", "before": {"metrics": [metric]}},
    ):
        with pytest.raises(UsageError, match="instead of baseline and margin"):
            deploy(scene.target, "hello:1.0.0", "development", how=scene.how(strategy=strategy))


def test_a_canary_that_may_pass_unmeasured_runs_on_at_once(scene: Scene) -> None:
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how())
    scene.events_seen.clear()
    state = deploy(
        scene.target,
        "hello:1.1.0",
        "development",
        scene.on_event,
        scene.how(strategy={**CANARY, "unmeasured": "advance"}),
    )
    assert state.rollout is None
    assert scene.events_seen[-6:] == ["switch ok", "watch ok"] * 3
    shares = [
        [(s["version"], s["weight"]) for s in e["detail"]["serving"]]
        for e in scene.events("hello", "development")[-6:]
        if e["stage"] == "switch"
    ]
    assert shares == [
        [("1.1.0", 10), ("1.0.0", 90)],
        [("1.1.0", 50), ("1.0.0", 50)],
        [("1.1.0", 100), ("1.0.0", 0)],
    ]


def test_blue_green_keeps_blue_for_the_way_back(scene: Scene) -> None:
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how())
    green = scene.how(strategy={"type": "blue-green"})
    state = deploy(scene.target, "hello:1.1.0", "development", how=green)
    assert weights(state) == [("1.1.0", 100), ("1.0.0", 0)]
    state = rollback(scene.target, "hello", "development", how=scene.how())
    assert weights(scene.state("hello", "development")) == [("1.0.0", 100)]


def test_the_health_checks_runs_are_judged_before_the_switch(scene: Scene) -> None:
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how())
    before: Any = {"before": {"metrics": [{"metric": "latency_p50", "min": 3600}]}}
    with pytest.raises(StageFailedError, match="health-check failed") as caught:
        deploy(
            scene.target,
            "hello:1.1.0",
            "development",
            how=scene.how(strategy={**before, "before": {**before["before"], "confidence": 0.5}}),
        )
    assert "latency_p50" in str(caught.value)
    assert weights(scene.state("hello", "development")) == [("1.0.0", 100)]


def test_a_health_check_that_tells_too_little_waits_before_the_switch(scene: Scene) -> None:
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how())
    before: Any = {"metrics": [{"metric": "error_rate", "max": 0.01}]}
    state = deploy(
        scene.target, "hello:1.1.0", "development", how=scene.how(strategy={"before": before})
    )
    assert state.rollout is not None
    assert (state.rollout.phase, state.rollout.step) == (Phase.INCONCLUSIVE, 0)
    assert weights(scene.state("hello", "development")) == [("1.0.0", 100)]
    reconcile(scene.target, how=scene.how())
    assert weights(scene.state("hello", "development")) == [("1.0.0", 100)]
    promote(scene.target, "hello", "development", how=scene.how())
    assert weights(scene.state("hello", "development")) == [("1.1.0", 100)]


def test_both_versions_are_compared_on_the_same_inputs(scene: Scene) -> None:
    folder = scene.root / "registry/workflows/hello/2.0.0"
    manifest = folder / "manifest.yaml"
    manifest.write_text(manifest.read_text().replace("Hello, ", "Good day, "))
    write_compiled(scene.root, FolderTree(scene.root))
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how())
    compare: Any = {"compare": {"inputs": "tests"}}
    state = deploy(scene.target, "hello:1.1.0", "development", how=scene.how(strategy=compare))
    assert state.rollout is None
    checks = [e for e in scene.events("hello", "development") if e["stage"] == "health-check"]
    assert checks[-1]["detail"]["comparison"] == {
        "verdict": "successful",
        "compared": 1,
        "agreed": 1,
        "differing": [],
    }
    with pytest.raises(StageFailedError, match="agree on 0 of 1 inputs"):
        deploy(scene.target, "hello:2.0.0", "development", how=scene.how(strategy=compare))
    samples = scene.root / "registry/samples.jsonl"
    samples.write_text('{"who": "Ada"}\n{"who": "Bo"}\n{"whom": "nobody"}\n')
    lax: Any = {"compare": {"inputs": "registry/samples.jsonl", "agreement": 0.0}}
    state = deploy(scene.target, "hello:2.0.0", "development", how=scene.how(strategy=lax))
    checks = [e for e in scene.events("hello", "development") if e["stage"] == "health-check"]
    assert checks[-1]["detail"]["comparison"]["compared"] == 2
    assert "Ada" not in str(scene.events("hello", "development"))


def test_waiting_goes_on_until_the_end(scene: Scene) -> None:
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how())
    steps: Any = {**CANARY, "unmeasured": "advance", "steps": [{"weight": 20, "pause": "1s"}]}
    state = deploy(scene.target, "hello:1.1.0", "development", how=scene.how(strategy=steps))
    assert state.rollout is not None
    ticking = scene.how(policy=replace(QUICK, sleep=lambda _: scene.clock.forward(0.4)))
    state = wait_for(scene.target, state, scene.on_event, ticking, 60)
    assert weights(state) == [("1.1.0", 100)]


def test_a_rollout_is_aborted_and_nothing_else(scene: Scene) -> None:
    at_ten_percent(scene)
    state = rollback(scene.target, "hello", "production", only_abort=True, how=scene.how())
    assert weights(state) == [("1.0.0", 100)]
    with pytest.raises(NotFoundError, match="no rollout of hello is in progress"):
        rollback(scene.target, "hello", "production", only_abort=True, how=scene.how())


def test_a_rollback_brings_back_configuration_and_lock(scene: Scene) -> None:
    one = scene.how(config={"temperature": 0.1})
    deploy(scene.target, "hello:1.0.0", "development", how=one)
    deploy(scene.target, "hello:1.1.0", "development", how=scene.how(config={"temperature": 0.9}))
    settings = scene.root / "registry/registry.yaml"
    settings.write_text(
        settings.read_text().replace("development: {}", "development: { debug: true }")
    )
    state = rollback(scene.target, "hello", "development", how=scene.how())
    assert dict(state.main.config) == {"temperature": 0.1}
    assert scene.state("hello", "development").previous is None


def test_a_second_rollback_goes_further_back(scene: Scene) -> None:
    for version in ("1.0.0", "1.1.0", "2.0.0"):
        deploy(scene.target, f"hello:{version}", "development", how=scene.how())
    for version in ("1.1.0", "1.0.0"):
        rollback(scene.target, "hello", "development", how=scene.how())
        assert scene.state("hello", "development").main.version == version
    with pytest.raises(NotFoundError, match=r"1\.0\.0 is the first that served") as refused:
        rollback(scene.target, "hello", "development", how=scene.how())
    assert "--to: 1.1.0, 2.0.0" in str(refused.value)
    rollback(scene.target, "hello", "development", to="2.0.0", how=scene.how())
    assert scene.state("hello", "development").main.version == "2.0.0"
    with pytest.raises(NotFoundError, match="ever ended well"):
        rollback(scene.target, "hello", "development", to="9.0.0", how=scene.how())
    with pytest.raises(RegistryError, match="serves in development already"):
        rollback(scene.target, "hello", "development", to="2.0.0", how=scene.how())


def test_going_back_from_the_first_rollout_says_that_nothing_serves(scene: Scene) -> None:
    deploy(scene.target, "hello:1.0.0", "production", how=scene.how())  # its watch saw no run yet
    state = rollback(scene.target, "hello", "production", how=scene.how())
    assert not state.serves
    assert scene.said == [
        "no version of hello served in production before: nothing of it serves now"
    ]
    with pytest.raises(NotFoundError, match="served in production so far: no rollout ended well"):
        rollback(scene.target, "hello", "production", how=scene.how())


def test_a_job_that_is_run_again_changes_nothing(scene: Scene) -> None:
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how(id="job-1"))
    deploy(scene.target, "hello:1.1.0", "development", how=scene.how(id="job-2"))
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how(id="job-1"))
    state = scene.state("hello", "development")
    assert state.main.version == "1.1.0"
    assert scene.said == ["job-1 has ended before: nothing changes"]
    rollback(scene.target, "hello", "development", how=scene.how(id="job-3"))
    deploy(scene.target, "hello:2.0.0", "development", how=scene.how(id="job-4"))
    rollback(scene.target, "hello", "development", how=scene.how(id="job-3"))
    assert scene.state("hello", "development").main.version == "2.0.0"


def test_what_serves_already_is_not_deployed_again(scene: Scene) -> None:
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how())
    before = scene.state("hello", "development")
    assert deploy(scene.target, "hello:1.0.0", "development", how=scene.how()) == before
    assert scene.said == ["hello:1.0.0 serves in development already: nothing changes"]
    changed = scene.how(config={"debug": True})
    assert deploy(scene.target, "hello:1.0.0", "development", how=changed) != before
