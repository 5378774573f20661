"""Judging a run: each assertion on its part of the outputs, and their weighted score (as promptfoo counts it).

A score is the mean of the assertions' scores by weight. Without a `threshold` all have to hold (those of weight 0
are only measured); with one, the score has to reach it and single failures don't count.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine.assertions.all_assertions import BY_TYPE
from registry_tool.engine.assertions.base import (
    AssertionContext,
    AssertionFormError,
    AssertionResult,
    Outcome,
    RunSeen,
    fails,
    number,
)
from registry_tool.engine.assertions.json_text import parsed_or_text
from registry_tool.engine.failures import UNRECORDED, kind_of
from registry_tool.manifest import assertions as names
from registry_tool.manifest.json_path import select


@dataclass(frozen=True, slots=True)
class Judgement:
    """How one assertion went. `score` is from 0 to 1; `parts` are those of a set.

    `unrecorded` says that its judge, a model, has no recorded answer.
    """

    type: str
    outcome: Outcome
    score: float
    reason: str = ""
    weight: float = 1.0
    metric: str = ""
    about: str = ""
    parts: tuple[Judgement, ...] = ()
    unrecorded: bool = False


@dataclass(frozen=True, slots=True)
class CombinedJudgement:
    """What several assertions come to. `score` counts those that could not be judged as 0."""

    outcome: Outcome
    score: float
    reasons: tuple[str, ...] = field(default=())


async def judge(form: Frozen, run: RunSeen, depth: int = 0) -> Judgement:
    """One assertion on a run. What is written wrongly, or lacks a recorded answer, is an ERROR."""
    type_ = str(form.get("type", ""))
    parts: tuple[Judgement, ...] = ()
    weight, unrecorded = 1.0, False
    try:
        weight = _weight(form)
        if names.base_name(type_) == names.SET:
            parts = await _parts(form, run, depth)
            verdict = _of_set(form, parts)
        else:
            verdict = await _verdict(type_, form, run)
        outcome, score, reason = _outcome_of(type_, verdict)
    except RegistryError as error:
        outcome, score, reason = Outcome.ERROR, 0.0, f"{type_ or 'an assertion'}: {error}"
        unrecorded = kind_of(error) == UNRECORDED
    metric, about = str(form.get("metric", "")), _about(form)
    return Judgement(type_, outcome, score, reason, weight, metric, about, parts, unrecorded)


async def _verdict(type_: str, form: Frozen, run: RunSeen) -> AssertionResult:
    name = names.base_name(type_)
    if name not in BY_TYPE:
        raise AssertionFormError(f"there is no assertion {type_!r}", hint=names.hint(type_))
    try:
        look = AssertionContext(judged_value(form, run), run)
    except LookupError as missing:
        # Nothing to look at is a failure of `not-` assertions, too.
        return AssertionResult(name != type_, float(name != type_), str(missing.args[0]))
    verdict = BY_TYPE[name].check(look, form)
    return await verdict if inspect.isawaitable(verdict) else verdict


def _outcome_of(type_: str, verdict: AssertionResult) -> tuple[Outcome, float, str]:
    """Outcome, score and reason, turned round for `not-`."""
    turned = type_.startswith(names.NOT)
    if verdict.holds is None:
        return Outcome.INCONCLUSIVE, 0.0, f"{type_} could not be judged: {verdict.reason}"
    score = 1 - verdict.score if turned else verdict.score
    if verdict.holds != turned:
        return Outcome.PASSED, score, ""
    return Outcome.FAILED, score, f"{type_}: {verdict.reason or 'what must not hold does'}"


def judged_value(form: Frozen, run: RunSeen) -> Value:
    """The output that `output` names, else the only one, else all as an object; of it the part at `path`.

    `LookupError` says what is not there. A text below which a path goes is read as JSON.
    """
    name = form.get("output")
    if name is not None:
        if name not in run.outputs:
            raise LookupError(
                f"there is no output {name!r}; the run has {', '.join(run.outputs) or 'none'}"
            )
        value = run.outputs[str(name)]
    elif len(run.outputs) == 1:
        value = next(iter(run.outputs.values()))
    else:
        value = cast(Value, dict(run.outputs))
    path = form.get("path")
    if path is None:
        return value
    try:
        return select(parsed_or_text(value), str(path))
    except KeyError:
        raise LookupError(f"there is nothing at {path}") from None
    except ValueError as error:
        raise AssertionFormError(str(error)) from None


async def _parts(form: Frozen, run: RunSeen, depth: int) -> tuple[Judgement, ...]:
    inner = form.get("assert")
    if not isinstance(inner, list) or not all(isinstance(item, dict) for item in inner):
        raise AssertionFormError("an assert-set needs a list as assert")
    if depth >= names.DEEPEST:
        raise AssertionFormError(f"assert-sets are at most {names.DEEPEST} deep")
    return tuple([await judge(cast(Object, item), run, depth + 1) for item in inner])


def _of_set(form: Frozen, parts: Sequence[Judgement]) -> AssertionResult:
    threshold = number(form, "threshold") if "threshold" in form else None
    total = summed(parts, threshold)
    if total.outcome is Outcome.ERROR:
        raise AssertionFormError("; ".join(total.reasons))
    if total.outcome is Outcome.INCONCLUSIVE:
        return AssertionResult(None, total.score, "; ".join(total.reasons))
    if total.outcome is Outcome.PASSED:
        return AssertionResult(True, total.score)
    return fails("; ".join(total.reasons), total.score)


def summed(judgements: Iterable[Judgement], threshold: float | None) -> CombinedJudgement:
    """What judgements come to.

    With a threshold, those that could not be judged count once as 0 and once as 1: only where both agree is the
    outcome known.
    """
    found = tuple(judgements)
    counted = [item for item in found if item.weight]
    total = sum(item.weight for item in counted)
    least = sum(item.score * item.weight for item in counted) / total if total else float(not found)
    unknown = sum(item.weight for item in counted if item.outcome is Outcome.INCONCLUSIVE)
    reasons = tuple(item.reason for item in counted if item.reason)
    outcomes = {item.outcome for item in counted}
    if any(item.outcome is Outcome.ERROR for item in found):
        errors = tuple(item.reason for item in found if item.outcome is Outcome.ERROR)
        return CombinedJudgement(Outcome.ERROR, least, tuple(dict.fromkeys((*errors, *reasons))))
    if threshold is not None:
        return _by_threshold(least, least + (unknown / total if total else 0.0), threshold, reasons)
    for outcome in (Outcome.FAILED, Outcome.INCONCLUSIVE):
        if outcome in outcomes:
            return CombinedJudgement(outcome, least, reasons)
    return CombinedJudgement(Outcome.PASSED, least)


def _by_threshold(
    least: float, most: float, threshold: float, reasons: tuple[str, ...]
) -> CombinedJudgement:
    if least >= threshold - 1e-9:
        return CombinedJudgement(Outcome.PASSED, least)
    if most < threshold - 1e-9:
        reason = f"the score is {least:.3f}, less than {threshold:g}"
        return CombinedJudgement(Outcome.FAILED, least, (reason, *reasons))
    return CombinedJudgement(Outcome.INCONCLUSIVE, least, reasons)


def metrics(judgements: Iterable[Judgement]) -> dict[str, float]:
    """The mean score of each named metric, by weight; assertions inside sets count, too."""
    sums: dict[str, tuple[float, float]] = {}
    for item in flat(judgements):
        if item.metric and item.outcome in {Outcome.PASSED, Outcome.FAILED}:
            weight = item.weight or 1.0  # one that is only measured still has a score
            score, total = sums.get(item.metric, (0.0, 0.0))
            sums[item.metric] = (score + item.score * weight, total + weight)
    return {name: score / total for name, (score, total) in sorted(sums.items())}


def flat(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Judgements, each followed by those of its set."""
    return [one for item in judgements for one in (item, *flat(item.parts))]


def _weight(form: Frozen) -> float:
    weight = number(form, "weight", 1.0)
    if weight < 0:
        raise AssertionFormError("a weight is not negative")
    return weight


def _about(form: Frozen) -> str:
    """Where an assertion looks, for a report."""
    return "".join(
        f" {form[key]}" for key in ("output", "path") if form.get(key) is not None
    ).strip()
