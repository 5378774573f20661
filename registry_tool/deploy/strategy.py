"""How a candidate takes over: strategies as a list of weights with what must hold at each.

All strategies are the same thing to the rollout: steps. All-at-once and blue-green have one, a canary several;
blue-green keeps the version that served, at weight 0, when it ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.deploy.analysis import Analysis, read_analysis
from registry_tool.deploy.comparison import Compare, read_compare
from registry_tool.deploy.settings import Part, as_part

HUMAN = "until-promoted"
_MOST_STEPS = 20
_USUAL = (10, 50, 100)
WAIT, ADVANCE = "wait", "advance"
WAIT_LIMIT = 86_400.0
"""Seconds that a step below weight 100 may stay without a verdict, where nothing else is said."""
_OF_ALL_TYPES = frozenset({"watch", "before", "compare", "unmeasured", "wait_limit"})
_KEYS = ("type", "steps", *sorted(_OF_ALL_TYPES))
_PLACE = "strategy"


class Kind(StrEnum):
    """The strategies."""

    ALL_AT_ONCE = "all-at-once"
    BLUE_GREEN = "blue-green"
    CANARY = "canary"


@dataclass(frozen=True, slots=True)
class Step:
    """The candidate's weight in percent; `pause` in seconds before the next, None for until a human promotes."""

    weight: int
    pause: float | None = 0.0
    analysis: Analysis = field(default_factory=Analysis)


@dataclass(frozen=True, slots=True)
class Strategy:
    """`before` judges the health check's runs, `compare` the candidate against what serves.

    A step below weight 100 of which nothing was measured goes on only with `advances_unmeasured`; what has had no
    verdict for `wait_limit` seconds after its pause gives way to what served before.
    """

    kind: Kind = Kind.ALL_AT_ONCE
    steps: tuple[Step, ...] = (Step(100),)
    before: Analysis = field(default_factory=Analysis)
    compare: Compare | None = None
    advances_unmeasured: bool = False
    wait_limit: float = WAIT_LIMIT

    @property
    def keeps_stable(self) -> bool:
        """Whether the version that served stays ready at weight 0."""
        return self.kind is Kind.BLUE_GREEN


def strategy_value(requested: Frozen, registry: Frozen, watch: Frozen) -> Object:
    """What a rollout follows: the request on top of the environment's strategy, and the environment's watch.

    A request for another type takes none of the registry's steps.
    """
    kind = requested.get("type", registry.get("type", Kind.ALL_AT_ONCE.value))
    same = kind == registry.get("type", Kind.ALL_AT_ONCE.value)
    kept = {key: item for key, item in registry.items() if same or key in _OF_ALL_TYPES}
    watched: Object = {"watch": dict(watch)} if watch else {}
    return {**watched, **kept, **requested, "type": kind}


def weakened_guard(requested: Frozen, registry: Frozen, watch: Frozen) -> str:
    """The key of a request's strategy that would take away what guards the environment; empty where none does.

    What the environment sets stays, a canary's steps also where they are the usual ones: a request adds to it.
    Nor may it answer by itself where the environment's canary waits for people, or keep a candidate for longer.
    """
    own: Object = {**({"watch": dict(watch)} if watch else {}), **dict(registry)}
    is_canary = own.get("type") == Kind.CANARY
    fixed = {**({"steps": None} if is_canary else {}), **own}
    changed = sorted(key for key in requested.keys() & fixed.keys() if requested[key] != fixed[key])
    if changed:
        return changed[0]
    if own.get("watch") and any("analysis" in step for step in _objects(requested.get("steps"))):
        return (
            "" if requested["steps"] == own.get("steps") else "steps"
        )  # it stands in for the watch
    if not is_canary:
        return ""
    before = read_strategy(own, _PLACE)
    after = read_strategy(strategy_value(requested, registry, watch), _PLACE)
    if after.wait_limit > before.wait_limit:
        return "wait_limit"
    if before.advances_unmeasured:
        return ""
    added = requested.keys() - own.keys()
    return next((k for k in ("unmeasured", "watch") if k in added and requested[k] != WAIT), "")


def _objects(value: Value) -> list[Frozen]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def read_strategy(value: Frozen, location: str) -> Strategy:
    """The strategy in the settings; `UsageError` names place and fix."""
    part = as_part(dict(value), location)
    part.only(_KEYS)
    kind = Kind(part.choice("type", [kind.value for kind in Kind], Kind.ALL_AT_ONCE.value))
    watch, last = _read_watch(part.part("watch"))
    if kind is not Kind.CANARY and watch.has_baseline:
        raise part.error(
            "watch", f"{kind.value} leaves the stable version no runs to compare with",
            "use the type canary, or max instead of baseline and margin",
        )  # fmt: skip
    if kind is Kind.CANARY:
        steps = _read_steps(part, watch)
    elif "steps" in part.value:
        raise part.error("steps", f"{kind.value} has no steps", "use the type canary")
    else:
        steps = (Step(100),)
    return Strategy(
        kind,
        (*steps[:-1], _last_step(steps[-1], watch, last)),
        _read_before(part.part("before")),
        read_compare(part.part("compare")),
        part.choice("unmeasured", (WAIT, ADVANCE), WAIT) == ADVANCE,
        part.duration("wait_limit") if "wait_limit" in part.value else WAIT_LIMIT,
    )


def _last_step(step: Step, watch: Analysis, seconds: float) -> Step:
    """Watched for some seconds, or until people say so; the stable version has no runs then to compare with."""
    pause = None if step.pause is None else seconds or step.pause
    return replace(step, pause=pause, analysis=watch.without_baseline())


def _read_before(part: Part | None) -> Analysis:
    before = read_analysis(part)
    if part is not None and before.has_baseline:
        raise part.error(
            "metrics", "before the switch the stable version has no runs of the same time",
            "use compare, or max instead of baseline and margin",
        )  # fmt: skip
    return before


def _read_watch(part: Part | None) -> tuple[Analysis, float]:
    """What must hold after the switch, and for how many seconds it is watched."""
    if part is None:
        return Analysis(), 0.0
    return read_analysis(part, beside=("for",)), part.duration("for")


def _read_steps(part: Part, usual: Analysis) -> tuple[Step, ...]:
    steps = [_read_step(item, usual) for item in part.parts("steps")]
    if not steps:
        steps = [Step(weight, analysis=usual) for weight in _USUAL]
    if len(steps) > _MOST_STEPS:
        raise part.error("steps", f"it has more than {_MOST_STEPS} steps", "take larger ones")
    weights = [step.weight for step in steps]
    if any(one >= other for one, other in pairwise(weights)):
        raise part.error("steps", "the weights must grow", "write them like 10, 50, 100")
    return tuple(steps if weights[-1] == 100 else [*steps, Step(100)])


def _read_step(part: Part, usual: Analysis) -> Step:
    part.only(("weight", "pause", "analysis"))
    if "weight" not in part.value:
        raise part.error("weight", "it is missing", "give the candidate's share in percent")
    own = part.part("analysis")
    human = part.value.get("pause") == HUMAN
    return Step(
        part.whole("weight", 0, 1, 100),
        None if human else part.duration("pause"),
        usual if own is None else read_analysis(own),
    )


def strategy_of(text: str) -> Object:
    """The words of `--strategy`: a type, or a JSON object; `UsageError` for neither."""
    from registry_tool.core.files import parse_json

    if text.lstrip().startswith("{"):
        try:
            value = parse_json(text, location="--strategy")
        except RegistryError as error:
            hint = 'write a JSON object: {"type": "canary", "steps": [{"weight": 10}]}'
            raise UsageError(error.reason, location=error.location, hint=hint) from None
        return dict(as_part(value, "--strategy").value)
    if text not in {kind.value for kind in Kind}:
        raise UsageError(
            f"there is no strategy {text[:40]!r}",
            location="--strategy",
            hint=f"use {', '.join(kind.value for kind in Kind)}, or a JSON object",
        )
    return {"type": text}
