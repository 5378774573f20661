"""What an assertion is: a name, and a function from what a run gave to a verdict.

Most look at one value: `plain` makes an assertion of a function from the value to the reason why it does not hold.
Those that need the run itself, the sandbox, the embedder or a judge take an `AssertionContext` and may be async.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Frozen, Value
from registry_tool.engine.edges.base import Services
from registry_tool.manifest.template import as_text


class AssertionFormError(RegistryError):
    """An assertion that is written wrongly; not a failed one."""


class Outcome(StrEnum):
    """How an assertion, a run or a case went. Only PASSED is a pass."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"  # it could not be judged, or the runs don't tell
    ERROR = "error"  # the workflow failed, an answer was missing, or the test is written wrongly


@dataclass(frozen=True, slots=True)
class EdgeSpan:
    """One edge's work in a run: `<type>.<edge id>`, how long it took in seconds, and why it failed."""

    name: str
    seconds: float = 0.0
    error: str = ""


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One answer of a model in a run."""

    edge: str
    finish_reason: str


@dataclass(frozen=True, slots=True)
class RunSeen:
    """What a test sees of one run. `seconds` is wall time; `cost` is None where no prices are known.

    `started` are the edges that ran, `by_hand` those whose answers stand in the test; `stand_ins` are models that
    answered for others, as (answered, asked).
    """

    outputs: Mapping[str, Value]
    inputs: Frozen = field(default_factory=dict)
    seconds: float = 0.0
    cost: float | None = None
    spans: tuple[EdgeSpan, ...] = ()
    calls: tuple[ModelCall, ...] = ()
    started: frozenset[str] = frozenset()
    by_hand: tuple[str, ...] = ()
    stand_ins: tuple[tuple[str, str], ...] = ()
    services: Services = field(default_factory=Services)


@dataclass(frozen=True, slots=True)
class AssertionContext:
    """What an assertion looks at: a value of a run, and the run."""

    value: Value
    run: RunSeen

    @property
    def text(self) -> str:
        """The value as it reads inside text."""
        return as_text(self.value)


@dataclass(frozen=True, slots=True)
class AssertionResult:
    """Whether an assertion holds (None: it could not be judged), how well from 0 to 1, and why not."""

    holds: bool | None
    score: float
    reason: str = ""


Check = Callable[[AssertionContext, Frozen], AssertionResult | Awaitable[AssertionResult]]


@dataclass(frozen=True, slots=True)
class Assertion:
    """A registered assertion. `AssertionFormError` from `check` means that it is written wrongly."""

    type: str
    check: Check


def holds(score: float = 1.0) -> AssertionResult:
    """It holds."""
    return AssertionResult(True, score)


def fails(reason: str, score: float = 0.0) -> AssertionResult:
    """It does not hold."""
    return AssertionResult(False, score, reason)


def unjudged(reason: str) -> AssertionResult:
    """It could not be judged."""
    return AssertionResult(None, 0.0, reason)


def plain(type_: str, check: Callable[[Value, Frozen], str | None]) -> Assertion:
    """An assertion on one value: `check` gives the reason why it does not hold, or None."""

    def judged(look: AssertionContext, form: Frozen) -> AssertionResult:
        reason = check(look.value, form)
        return holds() if reason is None else fails(reason)

    return Assertion(type_, judged)


def scored(type_: str, score: Callable[[str, Frozen], float], usual: float) -> Assertion:
    """An assertion that holds from a `threshold` on, `usual` where it names none; scores are from 0 to 1."""

    def judged(look: AssertionContext, form: Frozen) -> AssertionResult:
        return at_least(score(look.text, form), form, usual)

    return Assertion(type_, judged)


def at_least(score: float, form: Frozen, usual: float) -> AssertionResult:
    """Holds where the score reaches the assertion's `threshold`."""
    least = number(form, "threshold", usual)
    if score >= least - 1e-9:  # a cosine of 1 may come out one digit below
        return holds(score)
    return fails(f"the score is {score:.3f}, less than {least:g}", score)


def wanted(form: Frozen) -> Value:
    """The assertion's `value`; `AssertionFormError` where it has none."""
    if "value" not in form:
        raise AssertionFormError(f"the assertion {form.get('type')} needs a value")
    return form["value"]


def wanted_texts(form: Frozen) -> list[str]:
    """The assertion's `value`, one text or a list of them; `AssertionFormError` for an empty list."""
    value = wanted(form)
    texts = [as_text(item) for item in value] if isinstance(value, list) else [as_text(value)]
    if not texts:
        raise AssertionFormError(f"the assertion {form.get('type')} needs at least one value")
    return texts


def number(form: Frozen, key: str, usual: float | None = None) -> float:
    """A number of the assertion; `AssertionFormError` where it is not a number and there is no default."""
    value = form.get(key, usual)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise AssertionFormError(f"the assertion {form.get('type')} needs a number as {key}")
    return float(value)


def options(form: Frozen, *known: str) -> Frozen:
    """The assertion's `value` as an object of named options ({} where it has none)."""
    value = form.get("value")
    if value is None:
        return {}
    if not isinstance(value, dict) or set(value) - set(known):
        raise AssertionFormError(
            f"the value of {form.get('type')} is an object", hint=f"keys: {', '.join(known)}"
        )
    return value


def short(text: str) -> str:
    """A text as a message can show it."""
    return text if len(text) <= 80 else text[:77] + "…"
