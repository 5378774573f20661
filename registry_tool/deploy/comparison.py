"""How often two versions agree on equal inputs."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from registry_tool.core.files import same, unsafe_path
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.deploy.analysis import Verdict
from registry_tool.deploy.settings import Part

TESTS = "tests"
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Compare:
    """`inputs` is `tests` (the candidate's test inputs) or the path of a JSONL file in the registry.

    `agreement` is the share of pairs that must agree; numbers may differ by `tolerance`.
    """

    inputs: str = TESTS
    agreement: float = 1.0
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """What both versions made of one input; None where a version failed."""

    name: str
    stable: Frozen | None
    candidate: Frozen | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many pairs could be compared, how many agreed, and the first that did not."""

    verdict: Verdict
    compared: int
    agreed: int
    differing: tuple[str, ...] = ()

    def to_value(self) -> Object:
        """As an event's detail; names of inputs only, never their content."""
        return {
            "verdict": self.verdict.value,
            "compared": self.compared,
            "agreed": self.agreed,
            "differing": list[Value](self.differing[:_SHOWN]),
        }


def read_compare(part: Part | None) -> Compare | None:
    """The comparison in the settings, None where there is none."""
    if part is None:
        return None
    part.only(("inputs", "agreement", "tolerance"))
    inputs = part.text("inputs", TESTS)
    if inputs != TESTS and (unsafe_path(inputs) or PurePosixPath(inputs).suffix != ".jsonl"):
        raise part.error(
            "inputs", "it is neither `tests` nor a path of a .jsonl file in the registry",
            "write it like registry/samples/questions.jsonl",
        )  # fmt: skip
    agreement = part.number("agreement", 1.0, 0.0, 1.0)
    return Compare(
        inputs,
        1.0 if agreement is None else agreement,
        part.number("tolerance", 0.0, 0.0) or 0.0,
    )


def judge_pairs(compare: Compare, pairs: Iterable[ComparedRun]) -> Agreement:
    """The verdict. A pair counts where the stable version answered; where none did, nothing is known."""
    usable = [pair for pair in pairs if pair.stable is not None]
    differing = tuple(pair.name for pair in usable if not _agrees(pair, compare.tolerance))
    agreed = len(usable) - len(differing)
    if not usable:
        return Agreement(Verdict.INCONCLUSIVE, 0, 0)
    kept = agreed >= compare.agreement * len(usable)
    return Agreement(Verdict.SUCCESSFUL if kept else Verdict.FAILED, len(usable), agreed, differing)


def _agrees(pair: ComparedRun, tolerance: float) -> bool:
    if pair.candidate is None or pair.stable is None:
        return False
    return agree(dict(pair.stable), dict(pair.candidate), tolerance)


def agree(one: Value, other: Value, tolerance: float) -> bool:
    """Equal, numbers within `tolerance` anywhere inside."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            agree(item, other[key], tolerance) for key, item in one.items()
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(
            agree(left, right, tolerance) for left, right in zip(one, other, strict=True)
        )
    if _is_number(one) and _is_number(other):
        return math.isclose(_number(one), _number(other), rel_tol=0.0, abs_tol=tolerance)
    return same(one, other)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: Value) -> float:
    assert isinstance(value, int | float)  # noqa: S101 - asked just before
    return float(value)
