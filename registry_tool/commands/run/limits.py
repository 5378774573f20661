"""What one run may spend: the request's caps, the environment's limits and the plan's rest, whichever is least."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from registry_tool.core import clock
from registry_tool.core.records import Record
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.deploy.model import Serving
from registry_tool.manifest.model import Environment, Workflow
from registry_tool.monitoring.quota import RemainingQuota

USUAL_TIMEOUT = 3600.0
"""Seconds of a run that nothing else bounds: what its job has."""


class RunLimits(Record, frozen=True):
    """Tokens and dollars; None where nothing bounds them."""

    tokens: int | None = None
    cost: float | None = None

    def words(self, timeout: float) -> str:
        """`at most 500 tokens, at most $0.5, 60 s`."""
        tokens = "no bound on tokens" if self.tokens is None else f"at most {self.tokens} tokens"
        dollars = "no bound on dollars" if self.cost is None else f"at most ${self.cost:g}"
        return f"{tokens}, {dollars}, {timeout:g} s"

    def to_value(self) -> Object:
        """As JSON."""
        return {"tokens": self.tokens, "cost": self.cost}


def limits_of(workflow: Workflow, environment: str, registry: Frozen) -> Object:
    """The limits of a run in an environment: the manifest's and the registry's, the smaller of each."""
    own = workflow.environment_by_name.get(environment, Environment(environment)).limits
    bounds: Object = {**own}
    for name, value in registry.items():
        if not isinstance(value, int | float):
            continue  # memory, storage and timeout are given when the version is deployed
        other = own.get(name)
        bounds[name] = min(value, other) if isinstance(other, int | float) else value
    return bounds


def ceiling(
    limits: Frozen,
    rest: RemainingQuota,
    max_tokens: int | None,
    max_cost: float | None,
    runs: int = 1,
) -> RunLimits:
    """The ceiling of a run, or of a shard of many runs."""
    numbers = cast(Mapping[str, float | None], limits)
    each_tokens, each_cost = numbers.get("tokens_per_run"), numbers.get("cost_per_run")
    tokens = (None if each_tokens is None else each_tokens * runs, max_tokens, rest.tokens)
    cost = (None if each_cost is None else each_cost * runs, max_cost, rest.cost)
    least = min((bound for bound in tokens if bound is not None), default=None)
    return RunLimits(
        None if least is None else int(least),
        min((bound for bound in cost if bound is not None), default=None),
    )


def timeout_of(workflow: Workflow, serving: Serving, limits: Frozen) -> float:
    """Seconds that a run has: the least of what the version asks for, was given, and the environment allows."""
    bounds: tuple[Value, ...] = (
        workflow.requirements.timeout,
        serving.allocation.get("timeout"),
        limits.get("timeout"),
    )
    return min((clock.seconds(str(text)) for text in bounds if text), default=USUAL_TIMEOUT)
