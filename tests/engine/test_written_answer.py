from __future__ import annotations

import pytest

from registry_tool.engine.edges.base import EdgeError
from registry_tool.engine.plan import plan
from registry_tool.engine.written_answer import written_answer
from registry_tool.manifest.model import Block, Edge, Metadata, Workflow

LABEL = {"enum": ["good", "bad"]}
FLOW = Workflow(
    Metadata("a", "1.0.0"),
    (Block("in", "text"), Block("out", "structured", schema=LABEL)),
    (Edge("ask", "llm", ("in",), ("out",), {"prompt": "{{in}}"}),),
)
FRAME = plan(FLOW).frames["ask"]


def test_it_is_the_targets_value() -> None:
    assert written_answer(FRAME, "good") == {"out": "good"}


@pytest.mark.parametrize("value", ["fine", 1, None])
def test_what_the_edge_could_not_give_is_an_error(value: object) -> None:
    with pytest.raises(EdgeError, match="written by hand"):
        written_answer(FRAME, value)  # type: ignore[arg-type]
