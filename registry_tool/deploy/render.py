"""What serves where, for people and programs."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.values import Object
from registry_tool.deploy.model import (
    UNMEASURABLE,
    WAITS_FOR_A_HUMAN,
    Deployment,
    Phase,
    Rollout,
    Serving,
)
from registry_tool.deploy.state import deployment_value

SERVING = "serving"
PROGRESSING = "progressing"
NOTHING = "nothing"

_HINTS = {
    Phase.STAGES: "a deployer is at work; if none is, `registry-tool reconcile` completes it",
    Phase.STEP: "a deployer is at work; if none is, `registry-tool reconcile` completes it",
    Phase.PAUSED: "`registry-tool reconcile` goes on when it is due, `puppy-cli promote` at once, "
    "`puppy-cli rollback` takes it back",
    Phase.INCONCLUSIVE: "wait for more runs and `registry-tool reconcile` looks again, `puppy-cli promote` "
    "goes on all the same, `puppy-cli rollback` takes it back",
    Phase.APPROVAL: "once its pull request is merged, `registry-tool reconcile` goes on; "
    "`puppy-cli rollback` takes it back",
}

_HELD = "`puppy-cli resume` lets it go on, `puppy-cli rollback` takes it back"
_FOR_A_HUMAN = "`puppy-cli promote` goes on with it, `puppy-cli rollback` takes it back"


def status_word(deployment: Deployment) -> str:
    """serving, progressing, paused, inconclusive, awaiting-approval, or nothing."""
    if deployment.rollout is None:
        return SERVING if deployment.serves else NOTHING
    if deployment.rollout.phase in {Phase.PAUSED, Phase.INCONCLUSIVE, Phase.APPROVAL}:
        return deployment.rollout.phase.value
    return PROGRESSING


def deployment_json(deployment: Deployment) -> Object:
    """The state, with a word for it."""
    return {"status": status_word(deployment), **deployment_value(deployment)}


def deployment_sentences(deployment: Deployment) -> Iterator[str]:
    """What serves, then what goes on and what a human can do."""
    name, environment = deployment.workflow, deployment.environment
    if not deployment.serves:
        yield f"Nothing of {name} serves in {environment}."
    elif deployment.main.weight == 100:
        yield f"{name}:{deployment.main.version} serves in {environment}."
    else:
        shares = ", ".join(f"{s.version} {s.weight} %" for s in deployment.serving)
        yield f"{name} in {environment}: {shares}."
    for serving in deployment.serving:
        if answered := serving.allocation.get("answered_by"):
            other = serving.allocation.get("instead_of")
            yield f"{name}:{serving.version} is answered by {answered} instead of {other}."
        if serving.override:
            yield f"Rules were set aside for {name}:{serving.version}: {serving.override}."
    if deployment.rollout is not None:
        yield rollout_sentence(deployment.rollout)


def rollout_sentence(rollout: Rollout) -> str:
    """Where a rollout stands, why, and what a human can do."""
    version = rollout.candidate.version if rollout.candidate else "a version"
    reason = f", since {rollout.reason}" if rollout.reason else ""
    if rollout.hold and rollout.hold != rollout.reason:
        reason = f"{reason} ({rollout.hold})"
    human = rollout.phase is Phase.PAUSED and rollout.reason == WAITS_FOR_A_HUMAN
    return (
        f"The rollout of {version} is {rollout.phase.value} at step {rollout.step} of {rollout.steps}"
        f"{reason}: {_ways_out(rollout, human=human)}."
    )


def _ways_out(rollout: Rollout, *, human: bool) -> str:
    if rollout.hold:
        return _HELD
    return (
        _FOR_A_HUMAN if human or rollout.reason.startswith(UNMEASURABLE) else _HINTS[rollout.phase]
    )


def deployment_rows(deployment: Deployment) -> Iterator[list[str]]:
    """A line of `status` for each version: environment, version, share, phase, since when, who, digest."""
    rollout = deployment.rollout
    for serving in deployment.serving:
        going = rollout is not None and serving.deployment == rollout.deployment
        yield [
            deployment.environment,
            f"{deployment.workflow}:{serving.version}",
            f"{serving.weight} %",
            _word(serving, rollout if going else None),
            serving.since or deployment.updated,
            (rollout.actor if going and rollout else deployment.actor) or "-",
            serving.digest[:19],
        ]
    if rollout is not None and rollout.step == 0 and rollout.candidate is not None:
        yield [
            deployment.environment,
            f"{deployment.workflow}:{rollout.candidate.version}",
            "0 %",
            _phase(rollout),
            rollout.since,
            rollout.actor or "-",
            rollout.candidate.digest[:19],
        ]


def _word(serving: Serving, rollout: Rollout | None) -> str:
    word = _phase(rollout) if rollout else SERVING if serving.weight else "ready"
    if answered := serving.allocation.get("answered_by"):
        word = f"{word}, answered by {answered} instead of {serving.allocation.get('instead_of')}"
    return f"{word}, override: {serving.override}" if serving.override else word


def _phase(rollout: Rollout) -> str:
    held = " (held)" if rollout.hold and rollout.phase is not Phase.PAUSED else ""
    return f"{rollout.phase.value}{held} {rollout.step}/{rollout.steps}"
