"""Assertions on the run itself: latency, cost, finish-reason, and on its edges as the spans of a trace."""

from __future__ import annotations

import math
from fnmatch import fnmatchcase

from registry_tool.core.values import Frozen
from registry_tool.engine.assertions.base import (
    Assertion,
    AssertionContext,
    AssertionFormError,
    AssertionResult,
    EdgeSpan,
    fails,
    holds,
    number,
    options,
    unjudged,
    wanted,
)


def _latency(look: AssertionContext, form: Frozen) -> AssertionResult:
    most, found = number(form, "threshold"), look.run.seconds * 1000
    return holds() if found <= most else fails(f"the run took {found:.0f} ms, more than {most:g}")


def _cost(look: AssertionContext, form: Frozen) -> AssertionResult:
    most, found = number(form, "threshold"), look.run.cost
    if found is None:
        return unjudged("what the run cost is not known: no prices are set for its models")
    return holds() if found <= most else fails(f"the run cost {found:g}, more than {most:g}")


def _finish_reason(look: AssertionContext, form: Frozen) -> AssertionResult:
    expected, edge = str(wanted(form)), form.get("edge")
    calls = [call for call in look.run.calls if edge in (None, call.edge)]
    if not calls:
        return fails(f"no model was asked{f' by the edge {edge}' if edge else ''}")
    other = next((call for call in calls if call.finish_reason != expected), None)
    if other is None:
        return holds()
    return fails(f"an answer to the edge {other.edge} ended by {other.finish_reason!r}")


def _span_count(look: AssertionContext, form: Frozen) -> AssertionResult:
    chosen = options(form, "pattern", "min", "max")
    found = len(_spans(look, chosen))
    least, most = number(chosen, "min", 0), number(chosen, "max", math.inf)
    if least <= found <= most:
        return holds()
    return fails(f"{found} edges match, {'fewer' if found < least else 'more'} than wanted")


def _span_duration(look: AssertionContext, form: Frozen) -> AssertionResult:
    chosen = options(form, "pattern", "max", "percentile")
    most, share = number(chosen, "max"), number(chosen, "percentile", 100)
    if not 0 <= share <= 100:
        raise AssertionFormError("percentile is a number from 0 to 100")
    spans = sorted(_spans(look, chosen), key=lambda span: span.seconds)
    if not spans:
        return fails("no edge matches")
    at = spans[max(math.ceil(share / 100 * len(spans)) - 1, 0)]
    if at.seconds * 1000 <= most:
        return holds()
    return fails(f"the edge {at.name} took {at.seconds * 1000:.0f} ms, more than {most:g}")


def _error_spans(look: AssertionContext, form: Frozen) -> AssertionResult:
    value = form.get("value", 0)
    bounds: Frozen = {"max_count": value} if isinstance(value, int | float) else value_options(form)
    spans = _spans(look, bounds)
    failed = [span for span in spans if span.error]
    share = 100 * len(failed) / len(spans) if spans else 0.0
    usual = math.inf if "max_percentage" in bounds else 0
    too_many = len(failed) > number(bounds, "max_count", usual)
    if too_many or share > number(bounds, "max_percentage", 100):
        return fails(f"{len(failed)} of {len(spans)} attempts of edges failed: {failed[0].error}")
    return holds()


def value_options(form: Frozen) -> Frozen:
    """The bounds of trace-error-spans."""
    return options(form, "pattern", "max_count", "max_percentage")


def _spans(look: AssertionContext, chosen: Frozen) -> list[EdgeSpan]:
    """The edges whose `<type>.<id>` matches a pattern of `*` and `?`, in upper or lower case."""
    pattern = str(chosen.get("pattern", "*")).lower().replace("[", "[[]")
    if pattern.count("*") > 8:
        raise AssertionFormError("a pattern has at most eight *")
    return [span for span in look.run.spans if fnmatchcase(span.name.lower(), pattern)]


LATENCY = Assertion("latency", _latency)
COST = Assertion("cost", _cost)
FINISH_REASON = Assertion("finish-reason", _finish_reason)
TRACE_SPAN_COUNT = Assertion("trace-span-count", _span_count)
TRACE_SPAN_DURATION = Assertion("trace-span-duration", _span_duration)
TRACE_ERROR_SPANS = Assertion("trace-error-spans", _error_spans)
