"""What planted instructions reached and changed, in lines for people; names in them are strangers' text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry_tool.rules.planted import CanaryOutcome, CanaryReport

_MOST: Final = 12
"""Items of one line."""

_NOTHING: Final = ("they reach nothing and change nothing", "nothing else")
"""Of the first kind of model, and of one that is told beside another."""


def canary_lines(report: CanaryReport) -> Iterator[str]:
    """A line on where they were planted, then one a finding by kind of model: what the one before lacks."""
    if report.untold:
        yield f"Planted instructions: nothing is shown, since {report.untold}"
        return
    some = f"{report.cases} of " if report.cases < report.of else ""
    count = max(report.cases, report.of)
    tests = f"{some}{count} test{'' if count == 1 else 's'}"
    yield f"Instructions planted in {_listed(report.sources)} ({tests}):"
    before = CanaryOutcome("")
    for outcome in report.outcomes:
        lines = list(_lines(outcome, before))
        yield from (f"{outcome.model}: {line}" for line in lines or [_NOTHING[bool(before.model)]])
        before = outcome


def _lines(found: CanaryOutcome, before: CanaryOutcome) -> Iterator[str]:
    by_place: dict[str, list[str]] = {}
    for source, place in found.reached:
        if (source, place) not in before.reached:
            by_place.setdefault(place, []).append(source)
    for place, sources in by_place.items():
        yield f"{place} gets those from {_listed(tuple(sources))}"
    for names, words in (
        (set(found.ran) - set(before.ran), "edges run that did not"),
        (set(found.skipped) - set(before.skipped), "edges no longer run"),
        (set(found.changed) - set(before.changed), "outputs become others"),
    ):
        if names:
            yield f"{words}: {_listed(tuple(sorted(names)))}"
    yield from (reason for reason in found.failures if reason not in before.failures)


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more
