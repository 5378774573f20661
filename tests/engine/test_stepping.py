"""A run step by step: one edge after the other, also those that could go together."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from registry_tool.engine.run import RunSettings, run
from registry_tool.manifest.model import Block, Edge, Interface, Metadata, Port, Workflow

SIDE_BY_SIDE = Workflow(
    Metadata("a", "1.0.0"),
    (Block("in", "text"), Block("one", "text"), Block("two", "text")),
    tuple(
        Edge(
            f"to-{name}", "modify", ("in",), (name,), {"modify_type": "edit_text", "content": name}
        )
        for name in ("one", "two")
    ),
    Interface((Port("in", "string", required=True),)),
)


class Noted:
    """A stepper that waits a turn, in which another edge could push in."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, str, Mapping[str, str]]] = []

    async def before(self, edge: Edge, values: Mapping[str, str]) -> None:
        self.steps.append(("before", edge.id, values))
        await asyncio.sleep(0)

    async def after(self, edge: Edge, values: Mapping[str, str]) -> None:
        await asyncio.sleep(0)
        self.steps.append(("after", edge.id, values))


def test_edges_go_one_after_the_other() -> None:
    noted = Noted()
    result = asyncio.run(run(SIDE_BY_SIDE, {"in": "x"}, RunSettings("exec-1", stepper=noted)))
    assert result.status == "success"
    assert noted.steps == [
        ("before", "to-one", {"in": "x"}),
        ("after", "to-one", {"one": "one"}),
        ("before", "to-two", {"in": "x"}),
        ("after", "to-two", {"two": "two"}),
    ]
