"""What a run would do: the whole of it as data, and for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final, cast

from registry_tool.core.values import Object, Value
from registry_tool.engine.estimate import CallCount, EdgeForecast
from registry_tool.manifest.egress import Flow
from registry_tool.manifest.flow.toxic import ToxicFlow
from registry_tool.report.text import inert


@dataclass(frozen=True, slots=True)
class ExplainedEdge:
    """One edge of the workflow or, below its name, of one that it calls; `sends_to` are destinations in words."""

    workflow: str
    forecast: EdgeForecast
    sends_to: tuple[str, ...]

    def to_value(self) -> Object:
        """As JSON."""
        found = self.forecast
        value: Object = {
            "workflow": self.workflow,
            "stage": found.stage,
            "edge": found.edge.id,
            "type": found.edge.type,
            "source": list[Value](found.edge.sources),
            "target": list[Value](found.edge.targets),
            "calls": found.calls.to_value(),
            "sends_to": list[Value](self.sends_to),
        }
        if found.edge.when:
            value["when"] = list[Value](found.edge.when)
        if found.edge.on_error is not None:
            value["on_error"] = found.edge.on_error.word
        if found.model:
            value["model"] = found.model
            if found.base_url:
                value["address"] = found.base_url
            value["prompt_tokens"] = found.prompt.to_value()
            value["answer_tokens"] = found.answer.to_value()
        return value


@dataclass(frozen=True, slots=True)
class ModelCost:
    """What the calls to one model would cost: tokens, and dollars where a price is known (else None).

    `most_usd` is None, too, where nothing bounds the tokens. `address` is empty for the provider's usual one.
    """

    model: str
    calls: CallCount
    tokens: CallCount
    least_usd: float | None
    most_usd: float | None
    address: str = ""

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "model": self.model,
            **({"address": self.address} if self.address else {}),
            "calls": self.calls.to_value(),
            "tokens": self.tokens.to_value(),
            "least_usd": self.least_usd,
            "most_usd": self.most_usd,
        }


@dataclass(frozen=True)
class Explanation:
    """Everything that is known before a run."""

    reference: str
    digest: str
    environment: str
    provider: str
    timeout: str
    steps: tuple[ExplainedEdge, ...]
    costs: tuple[ModelCost, ...]
    flows: tuple[Flow, ...]
    callees: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    toxic: tuple[ToxicFlow, ...] = ()
    isolating: tuple[str, ...] = ()

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "workflow": self.reference,
            "digest": self.digest,
            "environment": self.environment,
            "provider": self.provider,
            "timeout": self.timeout,
            "steps": [step.to_value() for step in self.steps],
            "costs": [cost.to_value() for cost in self.costs],
            "egress": [cast(Value, asdict(flow)) for flow in self.flows],
            "toxic_flows": [flow.to_value() for flow in self.toxic],
            "isolating": list[Value](self.isolating),
            "calls": list[Value](self.callees),
            "warnings": list[Value](self.warnings),
        }


def explanation_text(found: Explanation) -> str:
    """Steps by stage, models with their cost, and where which data goes; every foreign word is made inert."""
    return "\n".join(map(inert, _lines(found)))


def _lines(found: Explanation) -> Iterator[str]:
    where = f" in {found.environment}" if found.environment else ""
    by = f", answered by {found.provider}" if found.provider else ""
    yield f"{found.reference}{where}{by}"
    yield f"  {found.digest}"
    if found.timeout:
        yield f"  stopped after {found.timeout}"
    for reference in (found.reference, *found.callees):
        yield ""
        yield f"Steps of {reference}:"
        yield from _steps([step for step in found.steps if step.workflow == reference])
    yield ""
    yield "Models:"
    for cost in found.costs:
        yield f"  {cost_words(cost)}"
    if not found.costs:
        yield "  none is asked"
    yield ""
    yield "Where your data goes:"
    for flow in found.flows:
        mark, by = " (personal)" if flow.personal else "", f", by {flow.by}" if flow.by else ""
        yield f"  {flow.input}{mark} → {flow.destination}{by}"
    if not found.flows:
        yield "  nowhere: everything stays on this machine"
    if found.toxic:
        yield ""
        yield "Where untrusted text and private data go together:"
    for toxic in found.toxic:
        yield f"  {'a declared recipient' if toxic.settled else 'NOT DECLARED'}: {toxic.words}"
    if found.isolating:
        yield ""
        yield f"Untrusted text stops at (closed schemas): {', '.join(found.isolating)}"


def _steps(steps: list[ExplainedEdge]) -> Iterator[str]:
    for step in steps:
        edge = step.forecast.edge
        line = (
            f"  {step.forecast.stage}. {edge.id} ({edge.type}): {', '.join(edge.sources)} → "
            f"{', '.join(edge.targets)}, {times(step.forecast.calls)}"
        )
        model = at(step.forecast.model, step.forecast.base_url)
        yield line + (f", asks {model}" if model else "")
        if edge.when:
            yield f"     only where {' or '.join(edge.when)} was taken (when)"
        if edge.on_error is not None:
            yield f"     where it fails, {_IF_IT_FAILS[edge.on_error.word]} (on_error)"
    if not steps:
        yield "  none"


_IF_IT_FAILS: Final = {
    "skip": "the run goes on, and what hangs on its targets alone is skipped",
    "value": "its targets get a value that the manifest says",
}


def cost_words(cost: ModelCost) -> str:
    """`model: how often, about how many tokens, dollars`."""
    return (
        f"{at(cost.model, cost.address)}: {times(cost.calls)}, about {amount(cost.tokens, 'tokens')}, "
        f"{dollars(cost.least_usd, cost.most_usd)}"
    )


def at(model: str, address: str) -> str:
    """A model with the address at which it is asked; alone where that is the provider's usual one."""
    return f"{model} at {address}" if model and address else model


def times(calls: CallCount) -> str:
    """How often in words: `once`, `at most once`, `1 to 10 times` …"""
    if calls.most is None:
        return "once an item"
    if calls.least == calls.most:
        return {0: "never", 1: "once"}.get(calls.most, f"{calls.most} times")
    if (calls.least, calls.most) == (0, 1):
        return "at most once"
    return f"{calls.least} to {calls.most} times"


def amount(span: CallCount, word: str) -> str:
    """`12 tokens`, `12 to 40 tokens`, `12 tokens or more`."""
    if span.most is None:
        return f"{span.least} {word} or more"
    if span.least == span.most:
        return f"{span.least} {word}"
    return f"{span.least} to {span.most} {word}"


def dollars(least: float | None, most: float | None) -> str:
    """A range of dollars; says where there is no price or no upper bound."""
    if least is None:
        return "no price is known"
    if most is None:
        return f"from ${least:.6f}; no upper bound (set max_tokens, and maxLength on inputs)"
    if least == most:
        return f"${least:.6f}" if least else "free"
    return f"${least:.6f} to ${most:.6f}"
