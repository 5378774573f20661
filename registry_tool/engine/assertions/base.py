"""What an assertion is: a name, and a function from a value to the reason why it does not hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Frozen, Value


class AssertionFormError(RegistryError):
    """An assertion that is written wrongly; not a failed one."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an assertion looks at. `seconds` is the run's wall time."""

    value: Value
    seconds: float


@dataclass(frozen=True, slots=True)
class Assertion:
    """`check` gives None where the assertion holds, else the reason in a few words."""

    type: str
    check: Callable[[Outcome, Frozen], str | None]


def wanted(assertion: Frozen) -> Value:
    """The assertion's `value`; `AssertionFormError` where it has none."""
    if "value" not in assertion:
        raise AssertionFormError(f"the assertion {assertion.get('type')} needs a value")
    return assertion["value"]
