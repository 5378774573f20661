"""What a run would do, estimated from its plan alone: how often each edge, which model, how many tokens.

Counts are ranges: a branch may not be taken, a loop may end early, a list's length is often unknown.
Tokens are estimates: a quarter of a token for each ASCII character, one for each other (OpenAI's rule of thumb is
four characters a token for English; CJK is near one). An upper bound is given only where the manifest sets one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine.edges.all_edges import config_of
from registry_tool.engine.edges.asking.images import MOST_IMAGES
from registry_tool.engine.edges.asking.settings import model_settings
from registry_tool.engine.edges.base import EdgeCall, Services
from registry_tool.engine.edges.loop import LoopConfig
from registry_tool.engine.edges.map import MapConfig
from registry_tool.engine.plan import EdgeStep, LoopStep, PreparedEdge, RunPlan, Step, plan
from registry_tool.engine.providers.models.prompt_image import MOST_TOKENS
from registry_tool.manifest.destinations import (
    EMBEDDED,
    asks_model,
    embeds,
    parts,
)
from registry_tool.manifest.model import Edge, Environment, Workflow
from registry_tool.manifest.scope import TEMPLATED, Referent
from registry_tool.manifest.template import as_text, placeholders, split


@dataclass(frozen=True, slots=True)
class CallCount:
    """At least and at most; `most` is None where nothing bounds it."""

    least: int = 1
    most: int | None = 1

    def __add__(self, other: CallCount) -> CallCount:
        both = self.most is not None and other.most is not None
        return CallCount(self.least + other.least, self.most + other.most if both else None)  # type: ignore[operator]

    def __mul__(self, other: CallCount) -> CallCount:
        if 0 in (self.most, other.most):
            return CallCount(0, 0)
        both = self.most is not None and other.most is not None
        return CallCount(self.least * other.least, self.most * other.most if both else None)  # type: ignore[operator]

    def to_value(self) -> Object:
        """As JSON."""
        return {"least": self.least, "most": self.most}


@dataclass(frozen=True, slots=True)
class EdgeForecast:
    """One edge. `stage` counts waves from 1. Without a model, `model` is empty and the tokens are zero.

    `prompt` and `answer` are tokens of one call, `calls` how often the edge runs. `embeds` says that the
    model, one of a server, gives vectors and no words.
    """

    stage: int
    edge: Edge
    calls: CallCount
    model: str = ""
    base_url: str = ""
    prompt: CallCount = CallCount(0, 0)
    answer: CallCount = CallCount(0, 0)
    embeds: bool = False


def forecast(
    plan: RunPlan, environment: Environment, given: Mapping[str, Value]
) -> list[EdgeForecast]:
    """Every edge in order of its stage. `given` holds the inputs that are known already."""
    stages = {name: n for n, wave in enumerate(plan.stages, 1) for name in wave}
    how_often = dict(_counted(plan, plan.steps, CallCount(), _known(plan, given)))
    found = [
        _edge(plan, frame, stages[name], how_often[name], environment, given)
        for name, frame in plan.frames.items()
    ]
    return sorted(found, key=lambda item: item.stage)


def _counted(
    plan: RunPlan, steps: tuple[Step, ...], times: CallCount, known: Mapping[str, Value]
) -> Iterator[tuple[str, CallCount]]:
    doubtful = _doubtful(plan)
    for step in steps:
        if isinstance(step, LoopStep):
            inner = times * CallCount(1, cast(LoopConfig, config_of(step.loop)).max_iterations)
            yield step.loop.id, inner
            yield from _counted(plan, step.body, inner, known)
        elif isinstance(step, EdgeStep):
            frame = plan.frames[step.edge.id]
            taken = CallCount(0, 1) if _all_in(doubtful, frame.produced) else CallCount()
            yield step.edge.id, times * taken * _items(frame, known)


def _doubtful(plan: RunPlan) -> set[str]:
    """Blocks that may be skipped: what a branch or an edge that may fail writes, and what hangs on such blocks."""
    found: set[str] = set()
    for edge in plan.graph.order:
        passed_over = edge.on_error is not None and not edge.on_error.has_value
        if edge.type == "branch" or passed_over or _all_in(found, plan.frames[edge.id].produced):
            found.update(edge.targets)
    return found


def _all_in(doubtful: set[str], blocks: Sequence[str]) -> bool:
    return bool(blocks) and all(block in doubtful for block in blocks)


def _items(frame: PreparedEdge, known: Mapping[str, Value]) -> CallCount:
    names = list(frame.looped)
    if isinstance(config := config_of(frame.edge), MapConfig):
        names.append(config.over or frame.edge.sources[0])
    total = CallCount()
    for name in names:
        value = known.get(name)
        count = len(value) if isinstance(value, list | dict) else None
        total *= CallCount(count, count) if count is not None else CallCount(0, None)
    return total


def _known(plan: RunPlan, given: Mapping[str, Value]) -> dict[str, Value]:
    """Values by block id that are known before the run."""
    found = {block.id: block.value for block in plan.workflow.blocks if block.has_value}
    for port in plan.workflow.interface.inputs:
        block = plan.binding.inputs.get(port.name)
        if block is not None and (port.name in given or port.has_default):
            found[block] = given.get(port.name, port.default)
    return {name: value for name, value in found.items() if name not in plan.graph.producers}


def _edge(  # noqa: PLR0913, PLR0917 - an edge, when and how often, and what is known
    plan: RunPlan,
    frame: PreparedEdge,
    stage: int,
    calls: CallCount,
    environment: Environment,
    given: Mapping[str, Value],
) -> EdgeForecast:
    edge = frame.edge
    if isinstance(config := config_of(edge), MapConfig):
        inner = config.edge
        edge = Edge(edge.id, inner.type, edge.sources, edge.targets, inner.config)
    if not any(asks_model(*part) for part in parts(edge)):
        return _vectors(
            plan, frame, edge, EdgeForecast(stage, frame.edge, calls), environment, given
        )
    call = EdgeCall(edge, {}, {}, frame.sources, frame.targets)
    settings = model_settings(call, Services(overrides=environment.overrides), config_of(edge))
    return EdgeForecast(
        stage,
        frame.edge,
        calls,
        settings.model,
        settings.base_url,
        _prompt(plan, frame, edge, environment, given),
        CallCount(1, settings.max_tokens),
    )


def _vectors(  # noqa: PLR0913, PLR0917 - as above
    plan: RunPlan,
    frame: PreparedEdge,
    edge: Edge,
    quiet: EdgeForecast,
    environment: Environment,
    given: Mapping[str, Value],
) -> EdgeForecast:
    """The forecast of an edge that asks for no words: it may ask a server for vectors of all that it reads."""
    model = environment.overrides.get("embedding_model")
    if model in {None, "", EMBEDDED} or not any(embeds(*part) for part in parts(edge)):
        return quiet
    known, size = _known(plan, given), CallCount(0, 0)
    for block in frame.sources:
        referent = Referent("block", block.id)
        size += _size(plan, referent, known, given, environment.variables)
    return replace(quiet, model=str(model), prompt=size, embeds=True)


def _prompt(
    plan: RunPlan,
    frame: PreparedEdge,
    edge: Edge,
    environment: Environment,
    given: Mapping[str, Value],
) -> CallCount:
    known = _known(plan, given)
    variables = environment.variables
    total = CallCount(0, 0)
    texts = list(_texts(edge))
    if edge.config.get("images"):
        total += CallCount(0, MOST_IMAGES * MOST_TOKENS)
    for text in texts:
        bare = text
        for placeholder in placeholders(text):
            name = split(placeholder.text, frame.names)
            referent = frame.names[name[0]] if name else Referent("item", "")
            total += _size(plan, referent, known, given, variables)
            bare = bare.replace(f"{{{{{placeholder.text}}}}}", "", 1)
        total += _exactly(bare)
    if not texts:
        for block in frame.sources:
            if block.type != "llm":
                total += _size(plan, Referent("block", block.id), known, given, variables)
    return total


def _texts(edge: Edge) -> Iterator[str]:
    """Every text of the configuration that becomes part of the question."""
    keys = [key for key in TEMPLATED.get(edge.type, ()) if key in edge.config and key != "images"]
    waiting = [edge.config[key] for key in keys]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str) and value:
            yield value
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += [item for key, item in value.items() if key != "role"]


def _size(
    plan: RunPlan,
    referent: Referent,
    known: Mapping[str, Value],
    given: Mapping[str, Value],
    variables: Frozen,
) -> CallCount:
    workflow = plan.workflow
    schema: Frozen = {}
    if referent.kind == "variable":
        return _exactly(as_text(variables.get(referent.name, "")))
    if referent.kind == "block":
        if referent.name in known:
            return _exactly(as_text(known[referent.name]))
        schema = cast(Frozen, plan.schemas.get(referent.name, {}))
    elif referent.kind == "input":
        port = next(port for port in workflow.interface.inputs if port.name == referent.name)
        if port.name in given or port.has_default:
            return _exactly(as_text(given.get(port.name, port.default)))
        schema = port.schema
    longest = schema.get("maxLength")
    return CallCount(0, longest if isinstance(longest, int) else None)


def _exactly(text: str) -> CallCount:
    tokens = estimated_tokens(text)
    return CallCount(tokens, tokens)


def estimated_tokens(text: str) -> int:
    """About how many tokens a text is."""
    ascii_ = sum(character.isascii() for character in text)
    return math.ceil(ascii_ / 4) + len(text) - ascii_


def questions_of(workflow: Workflow, environment: Environment) -> Iterator[tuple[str, str, bool]]:
    """(model, base URL, whether it gives vectors) of every question of a workflow's own to a model's server."""
    for item in forecast(plan(workflow), environment, {}):
        if item.model:
            yield item.model, item.base_url, item.embeds
