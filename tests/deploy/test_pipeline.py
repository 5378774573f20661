"""From a wish to the first switch: every stage on record, and a refusal ends the rollout."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.core.values import Object
from registry_tool.deploy.comparison import ComparedRun
from registry_tool.deploy.intervals import Sample
from registry_tool.deploy.model import Deployment, Phase
from registry_tool.deploy.pipeline import claim, run_stages
from registry_tool.deploy.plan import Health
from registry_tool.deploy.stages import StageFailedError
from tests.deploy.scratch import CANARY, A, B, Board, FixedPlan, version

STRICT: Object = {"metrics": [{"metric": "error_rate", "max": 0.2}]}


def samples(errors: int, runs: int = 40) -> tuple[Sample, ...]:
    return tuple(
        Sample("1.1.0", "error" if n < errors else "success", 1.0, 1, 0.0, "") for n in range(runs)
    )


def through(board: Board, plan: FixedPlan, **more: Any) -> Deployment:
    work = board.session(**more)
    seen = board.store().find(work.environment, work.name)
    selected = work.stages.run("select", plan.select)
    return run_stages(work, plan, claim(work, plan, seen, selected, plan.demand_entry()))


def test_a_first_version_serves_after_every_stage(board: Board) -> None:
    plan = FixedPlan(A)
    done = through(board, plan)
    assert plan.asked == ["select", "configure", "resolve", "allocate", "health-check"]
    assert (board.weights(), done.rollout) == ([("1.0.0", 100)], None)
    stages = [*plan.asked, "switch", "watch"]
    assert board.events_seen == [f"{stage} ok" for stage in stages]


@pytest.mark.parametrize("stage", ["configure", "resolve", "allocate", "health-check"])
def test_a_stage_that_refuses_leaves_what_serves(board: Board, stage: str) -> None:
    board.serve(A)
    with pytest.raises(StageFailedError, match=f"the stage {stage} failed: {stage} is refused"):
        through(board, FixedPlan(B, refusing=stage))
    assert (board.weights(), board.state().rollout) == ([("1.0.0", 100)], None)
    assert board.events_seen[-1] == f"{stage} failed"
    assert "is refused" in str(board.details(stage)[-1]["reason"])


def test_a_canary_begins_with_its_weight(board: Board) -> None:
    board.serve(A)
    done = through(board, FixedPlan(B, CANARY))
    assert board.weights() == [("1.1.0", 10), ("1.0.0", 90)]
    assert done.rollout is not None
    assert (done.rollout.phase, done.rollout.steps) == (Phase.PAUSED, 2)


def test_where_people_decide_nothing_switches(board: Board) -> None:
    board.serve(A)
    done = through(board, FixedPlan(B, needs_approval=True))
    assert done.rollout is not None
    assert (done.rollout.phase, done.rollout.holder) == (Phase.APPROVAL, "")
    assert board.weights() == [("1.0.0", 100)]


@pytest.mark.parametrize(("errors", "runs", "phase"), [(0, 40, None), (1, 2, Phase.INCONCLUSIVE)])
def test_the_health_checks_runs_are_judged(
    board: Board, errors: int, runs: int, phase: Phase | None
) -> None:
    board.serve(A)
    health = Health({"tests": 1}, samples(errors, runs))
    done = through(board, FixedPlan(B, {"before": STRICT}, health=health))
    assert (done.rollout.phase if done.rollout else None) is phase
    (output,) = board.details("health-check")
    assert (output["tests"], isinstance(output["analysis"], dict)) == (1, True)


def test_runs_that_break_the_threshold_keep_it_out(board: Board) -> None:
    board.serve(A)
    plan = FixedPlan(B, {"before": STRICT}, health=Health({}, samples(30)))
    with pytest.raises(StageFailedError, match=r"break the threshold: error_rate 0\.75"):
        through(board, plan)
    assert board.weights() == [("1.0.0", 100)]


def test_versions_that_disagree_keep_it_out(board: Board) -> None:
    board.serve(A)
    pairs = tuple(ComparedRun(f"case {n}", {"x": 1}, {"x": 2 if n else 1}) for n in range(4))
    plan = FixedPlan(B, {"compare": {"agreement": 0.9}}, health=Health(pairs=pairs))
    with pytest.raises(StageFailedError, match="agree on 1 of 4 inputs, 90% is wanted"):
        through(board, plan)


def test_what_was_left_before_its_switch_gives_way(board: Board) -> None:
    board.serve(A)
    through(board, FixedPlan(B, needs_approval=True))
    other = version("1.2.0", "dep-y")
    work, plan, seen = board.session("dep-y"), FixedPlan(other), board.state()
    claim(work, plan, seen, work.stages.run("select", plan.select))
    assert board.details("abandon") == [{"deployment": "dep-x", "phase": "awaiting-approval"}]


def test_rules_that_are_set_aside_are_loud_and_on_record(board: Board) -> None:
    through(board, FixedPlan(A, set_aside=("after", "approval")), actor="ada")
    assert board.said == ["OVERRIDE: production's rules (after, approval) are set aside: "]
    assert board.details("override") == [
        {"rules": ["after", "approval"], "reason": "", "actor": "ada"}
    ]
