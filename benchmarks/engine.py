"""Overhead per edge of no-op steps, beside LangGraph and Dask; and the start of `puppy-cli run`.

Shapes: a chain, a fan-out, and diamonds (one splits into two, two join into one, again and again), of 10, 100 and
1,000 steps. Planning (ours), compiling (LangGraph) and building the graph (Dask) are not counted: a workflow is
planned once and run often.
"""

from __future__ import annotations

import asyncio
import operator
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypedDict

import dask.threaded
from langgraph.graph import END, START, StateGraph
from timing import best, sized

from registry_tool.engine.run import RunSettings, run
from registry_tool.manifest.model import Block, Edge, Metadata, Workflow

SIZES = sized((10, 100, 1000), (10,))
COPY = {"modify_type": "copy"}
Shape = list[tuple[int, ...]]
"""For each step, the steps that it reads; none: the graph's root."""


def chain(steps: int) -> Shape:
    """Each step reads the one before."""
    return [(n - 1,) if n else () for n in range(steps)]


def fan_out(steps: int) -> Shape:
    """Every step reads the root."""
    return [() for _ in range(steps)]


def diamonds(steps: int) -> Shape:
    """Top, left and right, bottom, which is the next one's top."""
    shape: Shape = []
    for n in range(steps):
        top = n - n % 3 - 1
        reads = (top,) if n % 3 < 2 else (n - 2, n - 1)
        shape.append(tuple(step for step in reads if step >= 0))
    return shape


def ours(shape: Shape) -> Callable[[], object]:
    """The shape as a workflow: a block and a `modify` edge a step."""
    blocks = [Block("root", "text", value="x", has_value=True)]
    edges: list[Edge] = []
    for n, reads in enumerate(shape):
        blocks.append(Block(f"b{n}", "text"))
        sources = tuple(f"b{step}" for step in reads) or ("root",)
        edges.append(Edge(f"e{n}", "modify", sources, (f"b{n}",), COPY))
    workflow = Workflow(Metadata("bench", "1.0.0"), tuple(blocks), tuple(edges))
    return lambda: asyncio.run(run(workflow, {}, RunSettings("bench")))


class State(TypedDict):
    """What LangGraph's steps pass on."""

    done: Annotated[int, operator.add]


def langgraph(shape: Shape) -> Callable[[], object]:
    """The shape as a compiled state graph."""
    graph: Any = StateGraph(State)
    read = {step for reads in shape for step in reads}
    for n, reads in enumerate(shape):
        graph.add_node(f"s{n}", lambda _: {"done": 1})
        graph.add_edge([f"s{step}" for step in reads] if len(reads) > 1 else _one(reads), f"s{n}")
        if n not in read:
            graph.add_edge(f"s{n}", END)
    app = graph.compile()
    return lambda: app.invoke({"done": 0}, {"recursion_limit": len(shape) + 10})


def _one(reads: tuple[int, ...]) -> str:
    return f"s{reads[0]}" if reads else START


def _first(*values: object) -> object:
    return values[0]


def dask_graph(shape: Shape) -> Callable[[], object]:
    """The shape as a Dask graph on its threaded scheduler."""
    graph: dict[str, Any] = {"root": 1}
    for n, reads in enumerate(shape):
        graph[f"s{n}"] = (_first, *([f"s{step}" for step in reads] or ["root"]))
    wanted = [f"s{n}" for n in range(len(shape))]
    return lambda: dask.threaded.get(graph, wanted)


def start_up() -> tuple[float, float]:
    """Seconds of a core for `puppy-cli run` on two blocks and one edge, and for a Python that does nothing."""
    manifest = Path(__file__).with_name("two-blocks.yaml")
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        (project / "workflow-resource.yaml").write_bytes(manifest.read_bytes())
        command = [
            str(Path(sys.executable).with_name("puppy-cli")),
            *("run", str(project), "--input", "text=you"),
        ]
        return core_seconds(command), core_seconds([sys.executable, "-c", "pass"])


def core_seconds(command: list[str]) -> float:
    """The least of ten runs: a busy machine disturbs it less than the clock on the wall."""
    costs = []
    for _ in range(sized(10, 1)):
        before = os.times()
        subprocess.run(command, check=True, capture_output=True)
        after = os.times()
        used = after.children_user + after.children_system
        costs.append(used - before.children_user - before.children_system)
    return min(costs)


def main() -> None:
    """Print microseconds per edge and the ratios."""
    for make in (chain, fan_out, diamonds):
        for steps in SIZES:
            shape = make(steps)
            us, lang, das = (best(peer(shape)) for peer in (ours, langgraph, dask_graph))
            print(
                f"{make.__name__:<8} {steps:>5} steps: {us / steps * 1e6:6.1f} µs an edge; "
                f"LangGraph {lang / steps * 1e6:7.1f} ({lang / us:5.1f} ×), "
                f"Dask {das / steps * 1e6:6.1f} ({das / us:4.1f} ×)"
            )
    ours_, python = start_up()
    print(
        f"puppy-cli run, two blocks, no model: {ours_ * 1000:.0f} ms of a core (budget 300 ms), "
        f"{ours_ / python:.0f} × an empty Python"
    )


if __name__ == "__main__":
    main()
