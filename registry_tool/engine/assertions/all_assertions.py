"""Every assertion, registered by hand; names are promptfoo's (https://www.promptfoo.dev/docs), plus `approx`.

An assertion looks at the output that its `output` names, else at the only output, else at all outputs as one
object. A name with `not-` in front holds where the other does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from registry_tool.core.values import Frozen, Value
from registry_tool.engine.assertions import equality, text
from registry_tool.engine.assertions.base import Assertion, AssertionFormError, Outcome

ALL_ASSERTIONS: tuple[Assertion, ...] = (
    equality.EQUALS,
    equality.APPROX,
    equality.LATENCY,
    text.CONTAINS,
    text.ICONTAINS,
    text.STARTS_WITH,
    text.IS_JSON,
    text.LEVENSHTEIN,
)
_BY_TYPE = {assertion.type: assertion for assertion in ALL_ASSERTIONS}
_NOT = "not-"


def is_known(type_: str) -> bool:
    """True for a name that `failure` can check."""
    return type_.removeprefix(_NOT) in _BY_TYPE


def failure(assertion: Frozen, outputs: Mapping[str, Value], seconds: float) -> str | None:
    """Why an assertion does not hold for a run's outputs, None where it does."""
    type_ = str(assertion.get("type", ""))
    if not is_known(type_):
        raise AssertionFormError(
            f"there is no assertion {type_!r}",
            way_out=f"known: {', '.join(sorted(_BY_TYPE))}, each also with not- in front",
        )
    outcome = Outcome(_looked_at(assertion, outputs), seconds)
    reason = _BY_TYPE[type_.removeprefix(_NOT)].check(outcome, assertion)
    if type_.startswith(_NOT):
        return None if reason else f"{type_} does not hold"
    return f"{type_}: {reason}" if reason else None


def _looked_at(assertion: Frozen, outputs: Mapping[str, Value]) -> Value:
    name = assertion.get("output")
    if name is None:
        return next(iter(outputs.values())) if len(outputs) == 1 else cast(Value, dict(outputs))
    if name not in outputs:
        raise AssertionFormError(
            f"there is no output {name!r}", way_out=f"it has {', '.join(outputs)}"
        )
    return outputs[str(name)]
