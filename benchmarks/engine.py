"""Overhead per edge on a chain and on a fan-out of no-op steps, beside LangGraph."""

from __future__ import annotations

import asyncio
import operator
from itertools import pairwise
from typing import Annotated, Any, TypedDict

from langgraph.graph import END, START, StateGraph
from timing import best

from registry_tool.engine.run import RunSettings, run
from registry_tool.manifest.model import Block, Edge, Metadata, Workflow

STEPS = 500
COPY = {"modify_type": "copy"}


def chain() -> Workflow:
    """b0 → b1 → … → b500."""
    blocks = (
        Block("b0", "text", value="x", has_value=True),
        *(Block(f"b{n}", "text") for n in range(1, STEPS + 1)),
    )
    edges = tuple(Edge(f"e{n}", "modify", (f"b{n}",), (f"b{n + 1}",), COPY) for n in range(STEPS))
    return Workflow(Metadata("chain", "1.0.0"), blocks, edges)


def fan_out() -> Workflow:
    """b0 → each of b1 … b500."""
    blocks = chain().blocks
    edges = tuple(Edge(f"e{n}", "modify", ("b0",), (f"b{n + 1}",), COPY) for n in range(STEPS))
    return Workflow(Metadata("fan-out", "1.0.0"), blocks, edges)


def ours(workflow: Workflow) -> float:
    """Seconds of one run, planning included."""
    return best(lambda: asyncio.run(run(workflow, {}, RunSettings("bench"))))


class State(TypedDict):
    """What LangGraph's steps pass on."""

    done: Annotated[int, operator.add]


def _step(_: State) -> State:
    return {"done": 1}


def theirs(edges: list[tuple[str, str]]) -> float:
    """Seconds of one run of the same graph in LangGraph; building it is not counted."""
    graph: Any = StateGraph(State)
    for n in range(STEPS):
        graph.add_node(f"s{n}", _step)
    for source, target in edges:
        graph.add_edge(source, target)
    app = graph.compile()
    return best(lambda: app.invoke({"done": 0}, {"recursion_limit": STEPS + 10}))


def main() -> None:
    """Print microseconds per edge and the ratios."""
    names = [f"s{n}" for n in range(STEPS)]
    line = [(START, names[0]), *pairwise(names), (names[-1], END)]
    star = [*((START, name) for name in names), *((name, END) for name in names)]
    for shape, workflow, edges in (("chain", chain(), line), ("fan-out", fan_out(), star)):
        us, them = ours(workflow), theirs(edges)
        print(
            f"{shape:<8} {STEPS} steps: {us / STEPS * 1e6:7.1f} µs an edge, "
            f"LangGraph {them / STEPS * 1e6:8.1f} µs, ratio {them / us:6.1f}"
        )


if __name__ == "__main__":
    main()
