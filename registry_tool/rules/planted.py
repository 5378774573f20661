"""How tests went with instructions planted into what comes from outside: a report, and no judgement."""

from __future__ import annotations

from typing import cast

from registry_tool.core.records import Record
from registry_tool.core.values import Object, Value


class CanaryOutcome(Record, frozen=True):
    """What planted orders reached with one kind of model, over all tests.

    `reached` are pairs of a source and a place, in words; `ran` and `skipped` are edges that ran, or didn't, for
    them; `changed` are outputs that became others and hold no order; `failures` say why some runs show less.
    """

    model: str
    reached: tuple[tuple[str, str], ...] = ()
    ran: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "model": self.model,
            "reached": [list[Value](pair) for pair in self.reached],
            **{key: list[Value](getattr(self, key)) for key in _LISTS},
        }


_LISTS = ("ran", "skipped", "changed", "failures")


class CanaryReport(Record, frozen=True):
    """Where orders were planted, in words; in how many tests of how many; what came of it, by kind of model.

    `untold` says why nothing could be shown; empty where something was.
    """

    sources: tuple[str, ...] = ()
    cases: int = 0
    outcomes: tuple[CanaryOutcome, ...] = ()
    untold: str = ""
    of: int = 0

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "sources": list[Value](self.sources),
            "tests": self.cases,
            "of": self.of,
            "outcomes": [outcome.to_value() for outcome in self.outcomes],
            "untold": self.untold,
        }


def canary_report_from(value: Object) -> CanaryReport:
    """From `to_value`."""
    return CanaryReport(
        tuple(cast(list[str], value["sources"])),
        cast(int, value["tests"]),
        tuple(_outcome(item) for item in cast(list[Object], value["outcomes"])),
        str(value["untold"]),
        cast(int, value["of"]),
    )


def _outcome(value: Object) -> CanaryOutcome:
    lists = {key: tuple(cast(list[str], value[key])) for key in _LISTS}
    pairs = cast(list[list[str]], value["reached"])
    return CanaryOutcome(str(value["model"]), tuple((one[0], one[1]) for one in pairs), **lists)
