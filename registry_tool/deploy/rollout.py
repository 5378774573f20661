"""From the first switch to the end: step after step, each watched, until all is done or somebody must wait."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from registry_tool.core.clock import instant
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.deploy.analysis import Measurement, RunQuery, Sample, Verdict, measure
from registry_tool.deploy.event_log import served_value
from registry_tool.deploy.model import (
    BUCKETS,
    FAILED,
    INCONCLUSIVE,
    OK,
    UNMEASURABLE,
    WAITS_FOR_A_HUMAN,
    Deployment,
    Phase,
    Rollout,
    StageEvent,
)
from registry_tool.deploy.session import RolloutSession, Transition
from registry_tool.deploy.stages import StageFailedError
from registry_tool.deploy.state import serving_value
from registry_tool.deploy.strategy import Step, Strategy, read_strategy
from registry_tool.deploy.transitions import ended, finished, switched, waiting


class Move(Enum):
    """What follows a look at a step."""

    GO_ON = "go on"
    GO_BACK = "go back"
    PAUSE = "pause"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class StepEvaluation:
    """A look at a step: what was measured, and what follows. `failures` are this step's, with this one.

    `until` is when a step without a verdict gives way to what served before, empty where it never does.
    """

    move: Move
    measurement: Measurement
    failures: int
    reason: str = ""
    seconds: float = 0.0
    until: str = ""


def strategy_in(rollout: Rollout) -> Strategy:
    """The strategy that a rollout follows."""
    return read_strategy(rollout.strategy, f"deployment {rollout.deployment}: strategy")


def next_move(  # noqa: PLR0913 - all that decides
    step: Step,
    measurement: Measurement,
    failures: int,
    left: float | None,
    *,
    promoted: bool,
    strategy: Strategy | None = None,
    hold: str = "",
) -> StepEvaluation:
    """What follows. `left` are the seconds of the pause that are left, None for until a human promotes.

    Below zero they count how long a step has been without a verdict. `hold` says who paused the rollout.
    """
    strategy = strategy or Strategy()
    failed = measurement.verdict is Verdict.FAILED
    failures += failed
    if failed and failures > step.analysis.failure_limit:
        return StepEvaluation(Move.GO_BACK, measurement, failures)
    if promoted:
        return StepEvaluation(Move.GO_ON, measurement, failures)
    if hold:
        return StepEvaluation(Move.PAUSE, measurement, failures, hold)
    if left is None:
        return StepEvaluation(Move.PAUSE, measurement, failures, WAITS_FOR_A_HUMAN)
    if left > 0:
        return StepEvaluation(Move.PAUSE, measurement, failures, "its pause is not over")
    why = _open_question(step, measurement, failures, strategy)
    if not why:
        return StepEvaluation(Move.GO_ON, measurement, failures)
    if step.weight < BUCKETS and -left >= strategy.wait_limit:
        late = f"{why}, {strategy.wait_limit:g} s after its pause"
        return StepEvaluation(Move.GO_BACK, measurement, failures, late)
    return StepEvaluation(Move.ASK, measurement, failures, why)


def _open_question(step: Step, measurement: Measurement, failures: int, strategy: Strategy) -> str:
    """Why a step may not go on by itself; empty where it may. The last one has nothing left to switch."""
    if measurement.verdict is Verdict.FAILED:
        limit = step.analysis.failure_limit
        return f"{failures} of {limit} measurements that may fail have failed"
    if measurement.is_nothing and strategy.advances_unmeasured:
        return ""
    if measurement.verdict is Verdict.INCONCLUSIVE:
        return f"{measurement.runs} runs tell too little"
    if measurement.is_nothing and step.weight < BUCKETS:
        return UNMEASURABLE
    return ""


def left_of(pause: float | None, since: str, now: datetime) -> float | None:
    """Seconds of a pause that are left. A start in the future is another machine's clock: the pause starts now."""
    if pause is None:
        return None
    began = datetime.fromisoformat(since)
    return pause - max(timedelta(0), now - began).total_seconds()


def evaluate_step(
    work: RolloutSession, rollout: Rollout, *, promoted: bool = False
) -> StepEvaluation:
    """Look at the step that a rollout is at; nothing is written."""
    started = work.context.clock.now()
    step = strategy_in(rollout).steps[rollout.step - 1]
    strategy, now = strategy_in(rollout), work.context.clock.now()
    left = left_of(step.pause, rollout.since, now)
    evaluation = next_move(
        step, _measured(work, rollout, step), rollout.failures, left,
        promoted=promoted, strategy=strategy, hold=rollout.hold,
    )  # fmt: skip
    if evaluation.move is Move.ASK and step.weight < BUCKETS and left is not None:
        until = instant(now + timedelta(seconds=strategy.wait_limit + left))
        evaluation = replace(
            evaluation,
            until=until,
            reason=f"{evaluation.reason}; what served before serves again at {until}",
        )
    return replace(
        evaluation, seconds=max(0.0, (work.context.clock.now() - started).total_seconds())
    )


def _measured(work: RolloutSession, rollout: Rollout, step: Step) -> Measurement:
    """The candidate's runs since the step began and, where they are compared, the stable version's."""
    candidate, stable = rollout.candidate, rollout.stable
    assert candidate is not None  # noqa: S101 - a rollout at a step has one

    def runs(deployment: str) -> list[Sample]:
        since = RunQuery(work.environment, work.name, deployment, rollout.since)
        return [] if not step.analysis.thresholds else work.context.samples(since)

    other: list[Sample] = []
    if step.analysis.has_baseline and stable is not None:
        other = [s for s in runs(stable.deployment) if s.version == stable.version]
    return measure(step.analysis, runs(rollout.deployment), candidate.version, other)


def changes(evaluation: StepEvaluation, rollout: Rollout, now: str) -> bool:
    """Whether a waiting rollout has to be written because of a look; also where its pause began in the future."""
    same = {Move.PAUSE: Phase.PAUSED, Move.ASK: Phase.INCONCLUSIVE}.get(evaluation.move)
    return (
        same is not rollout.phase or evaluation.failures != rollout.failures or rollout.since > now
    )


def advance(work: RolloutSession, rollout: Rollout, *, promoted: bool = False) -> Deployment:
    """Go through the steps from the present one on; the state when it ends or waits.

    `StageFailedError` where a step failed: what served before serves again then.
    """
    while True:
        with work.beating():
            evaluation = evaluate_step(work, rollout, promoted=promoted)
        promoted = False
        after = _follow(work, rollout, evaluation)
        if after.rollout is None or after.rollout.phase.waits:
            return after
        rollout = after.rollout


def _follow(work: RolloutSession, rollout: Rollout, evaluation: StepEvaluation) -> Deployment:
    event = _event(work, rollout, evaluation)
    if evaluation.move is Move.GO_BACK:
        _go_back(work, event, evaluation.reason or "the watch failed")
        raise _failed(event, rollout, evaluation)
    return work.write(
        _message(evaluation, work), lambda now, held: _made(work, now, held, evaluation, event)
    )


def begin(work: RolloutSession, *events: StageEvent) -> Deployment:
    """The first switch and what follows; `events` are written with it. A rollout that is paused waits before it.

    Where nothing serves, there is nothing to share with.
    """

    def make(now: Deployment, held: Rollout) -> Transition:
        if held.hold:
            return waiting(now, held, Phase.PAUSED, held.hold), events
        return _switch(work, now, held, 1 if held.stable else strategy_steps(held), events)

    after = work.write(f"Switch {work.deployment}", make)
    assert after.rollout is not None  # noqa: S101 - a switch does not end it
    return after if after.rollout.phase.waits else advance(work, after.rollout)


def _made(
    work: RolloutSession,
    now: Deployment,
    held: Rollout,
    evaluation: StepEvaluation,
    event: StageEvent,
) -> Transition:
    if evaluation.move is Move.GO_ON and held.hold:  # somebody paused it meanwhile
        return waiting(now, held, Phase.PAUSED, held.hold), ()
    if evaluation.move is Move.GO_ON and held.step == held.steps:
        after = finished(now, held, strategy_in(held))
        detail = {**event.detail, "finished": True, "serving": served_value(after.serving)}
        detail["entry"] = serving_value(after.serving[0])
        return after, (replace(event, detail=detail),)
    if evaluation.move is Move.GO_ON:
        return _switch(work, now, held, held.step + 1, (event,))
    held = replace(held, failures=evaluation.failures, since=min(held.since, work.now()))
    if evaluation.move is Move.PAUSE:
        return waiting(now, held, Phase.PAUSED, evaluation.reason), ()
    return waiting(now, held, Phase.INCONCLUSIVE, evaluation.reason), (event,)


def _switch(
    work: RolloutSession, now: Deployment, held: Rollout, step: int, events: tuple[StageEvent, ...]
) -> Transition:
    after = switched(now, held, strategy_in(held), step, work.now())
    detail: Object = {
        "from": held.stable.version if held.stable else "",
        "to": after.serving[0].version,
        "digest": after.serving[0].digest,
        "weight": after.serving[0].weight,
        "step": step,
        "steps": strategy_steps(held),
        "serving": served_value(after.serving),
    }
    if after.serving[0].override:
        detail["override"] = after.serving[0].override
    return after, (*events, work.stages.event("switch", OK, detail))


def strategy_steps(rollout: Rollout) -> int:
    """How many steps a rollout takes."""
    return len(strategy_in(rollout).steps)


def _event(work: RolloutSession, rollout: Rollout, evaluation: StepEvaluation) -> StageEvent:
    status = {Move.GO_ON: OK, Move.GO_BACK: FAILED}.get(evaluation.move, INCONCLUSIVE)
    detail: Object = {
        "step": rollout.step, "steps": rollout.steps, **evaluation.measurement.to_value(),
    }  # fmt: skip
    detail |= {"reason": evaluation.reason} if evaluation.reason else {}
    detail |= {"until": evaluation.until} if evaluation.until else {}
    return replace(work.stages.event("watch", status, detail), seconds=evaluation.seconds)


def _go_back(work: RolloutSession, event: StageEvent, reason: str) -> None:
    def make(now: Deployment, held: Rollout) -> Transition:
        after = ended(now, held)
        detail: Object = {"serving": served_value(after.serving), "reason": reason}
        if after.serving:
            detail["entry"] = serving_value(after.serving[0])
        return after, (event, work.stages.event("rollback", OK, detail))

    work.write(f"Roll back {work.deployment}", make)


def _failed(event: StageEvent, rollout: Rollout, evaluation: StepEvaluation) -> StageFailedError:
    bad = [
        str(m["metric"])
        for m in evaluation.measurement.metrics
        if m["verdict"] == Verdict.FAILED.value
    ]
    before = f"{rollout.stable.version} serves again" if rollout.stable else "nothing serves"
    why = (
        evaluation.reason
        or f"{', '.join(bad)} of {evaluation.measurement.runs} runs broke the threshold"
    )
    reason = f"{why}; {before}"
    return StageFailedError(RegistryError(reason, hint="see docs/deployments.md"), event)


def _message(evaluation: StepEvaluation, work: RolloutSession) -> str:
    words = {Move.GO_ON: "Go on with", Move.PAUSE: "Pause", Move.ASK: "Wait for a human in"}
    return f"{words[evaluation.move]} {work.deployment}"
